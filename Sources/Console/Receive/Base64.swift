/// Base64 with either alphabet, padded or not, as the JSON of Protobuf has it (RFC 4648, sections 4 and 5).
enum Base64 {
    private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// - Returns: nil for text with anything but digits and, at its end, up to two `=`; also where a digit is left over.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3 + 2)
        var word: UInt32 = 0
        var (digits, padding) = (0, 0)
        for character in text.utf8 {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let digit = self.digit(character) else { return nil }
            word = word << 6 | digit
            digits += 1
            // The first of four digits ends no byte, each other one does.
            let bitsLeft = UInt32(8 - 2 * (digits % 4)) % 8
            if digits % 4 != 1 { bytes.append(UInt8(truncatingIfNeeded: word >> bitsLeft)) }
        }
        return padding <= 2 && digits % 4 != 1 ? bytes : nil
    }

    /// With the alphabet of section 4, padded.
    static func encode(_ bytes: [UInt8]) -> String {
        let length = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: length) { output in
            for place in 0..<length {
                let start = place / 4 * 3
                let isPadding = place % 4 > bytes.count - start
                let word = (0..<3).reduce(UInt32(0)) { word, offset in
                    word << 8 | (start + offset < bytes.count ? UInt32(bytes[start + offset]) : 0)
                }
                let digit = Int(word >> UInt32(18 - 6 * (place % 4)) & 63)
                output[place] = isPadding ? UInt8(ascii: "=") : self.digits.utf8Start[digit]
            }
            return length
        }
    }

    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
