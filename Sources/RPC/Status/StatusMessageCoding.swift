/// The percent-encoding of `grpc-message`.
///
/// Source: gRPC, `doc/PROTOCOL-HTTP2.md`, "Responses": everything outside of space to tilde, and the percent sign, is
/// encoded; what cannot be decoded stays as it came, and never is an error.
enum StatusMessageCoding {
    /// The most bytes of a message that are sent: it is for people, and header sections are bounded.
    static let byteCountMax = 1_024

    /// Whether all of `text` stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != 0x25 }

    static func encode(_ text: String) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let mark = encoded.count
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                if self.isPlain(byte) {
                    encoded.append(byte)
                } else {
                    encoded.append(0x25)
                    encoded.append(self.digit(byte >> 4))
                    encoded.append(self.digit(byte & 15))
                }
            }
            // Cut between characters, not within one.
            if encoded.count > self.byteCountMax {
                encoded.removeSubrange(mark...)
                break
            }
        }
        return encoded
    }

    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> String {
        guard text.contains(0x25) else { return String(decoding: text, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var offset = 0
        while offset < text.count {
            if text[offset] == 0x25, offset + 2 < text.count, let high = self.value(text[offset + 1]),
                let low = self.value(text[offset + 2])
            {
                decoded.append(high << 4 | low)
                offset += 3
            } else {
                decoded.append(text[offset])
                offset += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x37 }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
