/// Strings in three kinds of quotes, escaped as Go escapes them.
extension Lexer {
    mutating func string(quote: UInt8) throws(PromQLError) -> String {
        let start = self.place
        self.place += 1
        let isRaw = quote == UInt8(ascii: "`")
        var bytes: [UInt8] = []
        while let byte = self.peek(), byte != quote {
            if byte == 0x0A, !isRaw { break }
            self.place += 1
            if byte == UInt8(ascii: "\\"), !isRaw {
                try self.escape(quote: quote, into: &bytes)
            } else {
                bytes.append(byte)
            }
        }
        guard self.peek() == quote else { throw self.error("a string is not closed", at: start) }
        self.place += 1
        guard let value = String(validating: bytes, as: UTF8.self) else {
            throw self.error("a string's bytes are no text", at: start)
        }
        return value
    }

    /// What follows a backslash.
    private mutating func escape(quote: UInt8, into bytes: inout [UInt8]) throws(PromQLError) {
        let start = self.place - 1
        guard let byte = self.peek() else { throw self.error("a string is not closed", at: start) }
        self.place += 1
        switch byte {
        case quote, UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "x"): bytes.append(UInt8(truncatingIfNeeded: try self.digits(2, radix: 16, from: start)))
        case UInt8(ascii: "u"): try self.scalar(digits: 4, from: start, into: &bytes)
        case UInt8(ascii: "U"): try self.scalar(digits: 8, from: start, into: &bytes)
        case 0x30...0x37:
            self.place -= 1
            let value = try self.digits(3, radix: 8, from: start)
            guard let octet = UInt8(exactly: value) else { throw self.error("an escape beyond a byte", at: start) }
            bytes.append(octet)
        default:
            guard let control = Self.controls[byte] else {
                throw self.error("unknown escape \"\\\(Unicode.Scalar(byte))\"", at: start)
            }
            bytes.append(control)
        }
    }

    private mutating func scalar(digits count: Int, from start: Int, into bytes: inout [UInt8]) throws(PromQLError) {
        guard let scalar = Unicode.Scalar(try self.digits(count, radix: 16, from: start)) else {
            throw self.error("an escape that is no character", at: start)
        }
        bytes.append(contentsOf: String(Character(scalar)).utf8)
    }

    private mutating func digits(_ count: Int, radix: Int, from start: Int) throws(PromQLError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let byte = self.peek(), let digit = UInt32(String(Unicode.Scalar(byte)), radix: radix) else {
                throw self.error("an escape of too few digits", at: start)
            }
            value = value << (radix == 16 ? 4 : 3) | digit
            self.place += 1
        }
        return value
    }

    private static let controls: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
    ]
}
