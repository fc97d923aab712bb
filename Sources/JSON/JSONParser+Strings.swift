extension JSONParser {
    /// Takes a string, from its opening quote to its closing one.
    mutating func string() throws(JSONParseError) -> String {
        self.position += 1
        let start = self.position
        try self.skipClean()
        if self.bytes[self.position] == UInt8(ascii: "\"") {
            let text = try self.text(start..<self.position)
            self.position += 1
            return text
        }
        return try self.unescapedString(from: start)
    }

    /// The slow path: gathers the runs between escapes.
    private mutating func unescapedString(from start: Int) throws(JSONParseError) -> String {
        var content: [UInt8] = []
        var runStart = start
        while true {
            content.append(contentsOf: try self.validated(runStart..<self.position))
            let byte = self.bytes[self.position]
            self.position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            try self.escape(into: &content)
            runStart = self.position
            try self.skipClean()
        }
    }

    /// Moves to the next quote or backslash; there is one, or this throws.
    private mutating func skipClean() throws(JSONParseError) {
        let rest = UnsafeBufferPointer(rebasing: self.bytes[self.position...])
        self.position += EscapeScan.cleanPrefix(rest)
        guard self.position < self.bytes.count else { throw self.fault(.unexpectedEnd) }
        let byte = self.bytes[self.position]
        guard byte >= 0x20 else { throw self.fault(.controlCharacter(byte)) }
    }

    private func text(_ range: Range<Int>) throws(JSONParseError) -> String {
        // Checked here rather than by `String(validating:as:)`, which is generic and spends a third of a parse on
        // looking up metadata.
        String(decoding: try self.validated(range), as: UTF8.self)
    }

    private func validated(_ range: Range<Int>) throws(JSONParseError) -> UnsafeBufferPointer<UInt8> {
        let run = UnsafeBufferPointer(rebasing: self.bytes[range])
        let valid = UTF8Scan.validPrefix(run)
        guard valid == run.count else { throw self.fault(.invalidUTF8, at: range.lowerBound + valid) }
        return run
    }
}

// MARK: - Escapes

extension JSONParser {
    /// Takes what follows a backslash.
    private mutating func escape(into content: inout [UInt8]) throws(JSONParseError) {
        guard self.position < self.bytes.count else { throw self.fault(.unexpectedEnd) }
        let byte = self.bytes[self.position]
        self.position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            content.append(contentsOf: UTF8.encode(try self.scalar()) ?? UTF8.encodedReplacementCharacter)
        default: throw self.fault(.malformedEscape, at: self.position - 1)
        }
    }

    /// Takes four hexadecimal digits, and with a leading surrogate the escape of its trailing one.
    private mutating func scalar() throws(JSONParseError) -> Unicode.Scalar {
        let start = self.position - 2
        let first = try self.codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00 else { throw self.fault(.loneSurrogate, at: start) }
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard self.position < self.bytes.count else { throw self.fault(.unexpectedEnd) }
            guard self.bytes[self.position] == expected else { throw self.fault(.loneSurrogate, at: start) }
            self.position += 1
        }
        let second = try self.codeUnit()
        guard (0xDC00...0xDFFF).contains(second) else { throw self.fault(.loneSurrogate, at: start) }
        let joined = 0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(joined) else { throw self.fault(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func codeUnit() throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard self.position < self.bytes.count else { throw self.fault(.unexpectedEnd) }
            guard let digit = hexDigit(self.bytes[self.position]) else { throw self.fault(.malformedEscape) }
            unit = unit << 4 | UInt16(digit)
            self.position += 1
        }
        return unit
    }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
