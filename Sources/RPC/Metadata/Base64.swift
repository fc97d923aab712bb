/// Base64 with the standard alphabet, as binary metadata travels (RFC 4648 section 4): written without padding, read
/// with or without.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        let alphabet = Self.alphabet.utf8Start
        var offset = 0
        while offset + 3 <= bytes.count {
            let word = UInt32(bytes[offset]) << 16 | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2])
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(word >> shift & 63)]) }
            offset += 3
        }
        switch bytes.count - offset {
        case 1:
            let word = UInt32(bytes[offset]) << 4
            text.append(alphabet[Int(word >> 6)])
            text.append(alphabet[Int(word & 63)])
        case 2:
            let word = (UInt32(bytes[offset]) << 8 | UInt32(bytes[offset + 1])) << 2
            text.append(alphabet[Int(word >> 12)])
            text.append(alphabet[Int(word >> 6 & 63)])
            text.append(alphabet[Int(word & 63)])
        default: break
        }
        return text
    }

    /// Nil for a character outside the alphabet, a length that cannot be, padding that is wrong, and bits that say
    /// nothing and are not zero.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var count = text.count
        while count > 0, text.count - count < 2, text[count - 1] == 0x3D { count -= 1 }
        guard count == text.count || text.count % 4 == 0, count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 / 4)
        var word: UInt32 = 0
        var bits = 0
        for index in 0..<count {
            guard let value = self.value(text[index]) else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        return word & (1 << UInt32(bits) - 1) == 0 ? bytes : nil
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
