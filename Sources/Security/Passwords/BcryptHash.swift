/// The parts of a bcrypt hash: `$2b$`, two digits of cost, `$`, 22 letters of salt and 31 of digest.
struct BcryptHash {
    let cost: Int

    /// `nil` unless `text` has exactly this form and a cost that is affordable: a stored hash of cost 31 would keep a
    /// thread busy for weeks.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, bytes.starts(with: "$2b$".utf8), bytes[6] == UInt8(ascii: "$") else { return nil }
        let tens = bytes[4] &- UInt8(ascii: "0")
        let ones = bytes[5] &- UInt8(ascii: "0")
        guard tens < 10, ones < 10, bytes[7...].allSatisfy(Self.isLetter) else { return nil }
        self.cost = Int(tens) * 10 + Int(ones)
        guard PasswordHasher.costRange.contains(self.cost) else { return nil }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
