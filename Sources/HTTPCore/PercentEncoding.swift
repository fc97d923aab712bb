/// Percent-encoding of URI components (RFC 3986 section 2.1) and of form data.
public enum PercentEncoding {
    /// What stands for itself when encoding.
    public enum Kept: Sendable {
        /// Letters, digits, `-`, `.`, `_` and `~`: safe in every component.
        case unreserved
        /// Besides, what a path may hold, slashes included.
        case path
    }

    /// Decodes `%XX`; with `plusIsSpace`, as forms are written, `+` too.
    ///
    /// - Returns: nil when a percent sign lacks its two hexadecimal digits, and when the outcome is not UTF-8.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        let decoded = text.utf8.withContiguousStorageIfAvailable { Self.decode($0, plusIsSpace: plusIsSpace) }
        if let decoded { return decoded }
        var copy = String(text)
        return copy.withUTF8 { Self.decode($0, plusIsSpace: plusIsSpace) }
    }

    /// Decodes bytes; see `decode(_:plusIsSpace:)`.
    public static func decode(_ text: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool = false) -> String? {
        var bits: UInt8 = 0
        var isPlain = true
        for byte in text {
            bits |= byte
            if byte == 0x25 || plusIsSpace && byte == 0x2B { isPlain = false }
        }
        if isPlain {
            return bits < 0x80 ? String(decoding: text, as: UTF8.self) : String(validating: text, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte == 0x25 {
                guard offset + 2 < text.count, let high = hexadecimalValue(text[offset + 1]),
                    let low = hexadecimalValue(text[offset + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                offset += 3
            } else {
                decoded.append(plusIsSpace && byte == 0x2B ? 0x20 : byte)
                offset += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// Encodes the UTF-8 of `text`, with capital digits.
    public static func encode(_ text: String, keeping kept: Kept = .unreserved) -> String {
        var encoded: [UInt8] = []
        Self.append(text, keeping: kept, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Appends what `encode(_:keeping:)` returns.
    public static func append(_ text: String, keeping kept: Kept = .unreserved, to output: inout [UInt8]) {
        for byte in text.utf8 {
            let meaning = ByteTable.targetClass[byte]
            if meaning == ByteTable.unreserved || kept == .path && meaning == ByteTable.plain {
                output.append(byte)
            } else {
                output.append(percentEncoded: byte)
            }
        }
    }
}

extension [UInt8] {
    mutating func append(percentEncoded byte: UInt8) {
        self.append(0x25)
        self.append(hexadecimalDigit(byte >> 4))
        self.append(hexadecimalDigit(byte & 15))
    }
}

/// The digit of a number below 16, capital.
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value + 0x30 : value + 0x37
}
