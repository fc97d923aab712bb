/// Gives texts numbers, so that what is said a thousand times is kept once. Bounded: a text beyond the bound has none.
struct Interner: Sendable {
    private var numbers: [String: UInt32] = [:]
    private var texts: [String] = [""]
    private var bytes = 0
    private let countMax: Int
    private let bytesMax: Int

    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// What all texts take, roughly.
    var bytesUsed: Int { self.bytes + self.texts.count * 64 }

    /// - Parameter extra: so many more may be there for this one, of half a kilobyte each.
    /// - Returns: nil where there is no room.
    mutating func number(_ text: String, beyondBound extra: Int = 0) -> UInt32? {
        if let known = self.numbers[text] { return known }
        guard self.texts.count <= self.countMax + extra, self.bytes + text.utf8.count <= self.bytesMax + extra * 512
        else { return nil }
        let number = UInt32(self.texts.count)
        self.texts.append(text)
        self.numbers[text] = number
        self.bytes += text.utf8.count
        return number
    }

    /// The number a text has already.
    func known(_ text: String) -> UInt32? { self.numbers[text] }

    /// By number.
    var all: [String] { self.texts }

    func text(_ number: UInt32) -> String { self.texts[Int(number)] }
}
