extension JSONParser {
    /// Takes a number (RFC 8259 §6) and keeps its text.
    mutating func number() throws(JSONParseError) -> JSONNumber {
        let start = self.position
        self.skip(UInt8(ascii: "-"))
        if !self.skip(UInt8(ascii: "0")) { try self.digits() }
        if self.skip(UInt8(ascii: ".")) { try self.digits() }
        if self.skip(UInt8(ascii: "e")) || self.skip(UInt8(ascii: "E")) {
            if !self.skip(UInt8(ascii: "+")) { self.skip(UInt8(ascii: "-")) }
            try self.digits()
        }
        // A digit can only follow here after a leading zero.
        if let byte = self.current, isDigit(byte) { throw self.fault(.malformedNumber) }
        guard self.position - start <= self.limits.numberBytesMax else {
            throw self.fault(.numberTooLong(bytesMax: self.limits.numberBytesMax), at: start)
        }
        return JSONNumber(
            validated: String(decoding: UnsafeBufferPointer(rebasing: self.bytes[start..<self.position]), as: UTF8.self)
        )
    }

    private var current: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard self.current == byte else { return false }
        self.position += 1
        return true
    }

    /// Takes one digit or more.
    private mutating func digits() throws(JSONParseError) {
        guard let first = self.current else { throw self.fault(.unexpectedEnd) }
        guard isDigit(first) else { throw self.fault(.malformedNumber) }
        while let byte = self.current, isDigit(byte) { self.position += 1 }
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}
