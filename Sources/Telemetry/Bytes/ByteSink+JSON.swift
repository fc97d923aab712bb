extension ByteSink {
    /// A quoted and escaped JSON string (RFC 8259, section 7). Swift strings are valid UTF-8, so only quote, backslash
    /// and control characters need care; text without them is looked at eight bytes at a time and copied whole.
    @inline(__always)
    mutating func append(jsonString text: String) {
        Self.withBytes(of: text) { self.append(jsonBytes: $0) }
    }

    /// The same, cut after `lengthMax` characters (OpenTelemetry specification, "Attribute limits").
    @inline(__always)
    mutating func append(jsonString text: String, lengthMax: Int) {
        // Bytes are no fewer than characters, and counting them is cheap.
        if text.utf8.count <= lengthMax {
            self.append(jsonString: text)
        } else {
            self.append(jsonString: String(text.prefix(lengthMax)))
        }
    }

    mutating func append(jsonBytes bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return self.append("\"\"" as StaticString) }
        self.reserve(bytes.count + 2)
        let end = self.base + self.count
        end[0] = 0x22
        let clean = Self.copyClean(start, bytes.count, to: end + 1)
        self.advance(1 + clean)
        if clean == bytes.count {
            self.base[self.count] = 0x22
            return self.advance(1)
        }
        for index in clean..<bytes.count { self.append(jsonByte: start[index]) }
        self.append(0x22)
    }

    /// Copies until the first byte that needs an escape; the number of bytes copied.
    @inline(__always)
    private static func copyClean(
        _ source: UnsafePointer<UInt8>, _ length: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var index = 0
        while index &+ 8 <= length {
            let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
            if Self.needsEscape(word) { break }
            UnsafeMutableRawPointer(target + index).storeBytes(of: word, as: UInt64.self)
            index &+= 8
        }
        while index < length {
            let byte = source[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5c { break }
            target[index] = byte
            index &+= 1
        }
        return index
    }

    /// Whether any of 8 bytes is below 0x20, a quote or a backslash (the "has zero byte" trick, three times).
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5c)
        let control = (word &- ones &* 0x20) & ~word
        return (control | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)) & tops != 0
    }

    private mutating func append(jsonByte byte: UInt8) {
        switch byte {
        case 0x22: self.append("\\\"" as StaticString)
        case 0x5c: self.append("\\\\" as StaticString)
        case 0x0a: self.append("\\n" as StaticString)
        case 0x0d: self.append("\\r" as StaticString)
        case 0x09: self.append("\\t" as StaticString)
        case 0..<0x20:
            self.append("\\u00" as StaticString)
            self.append(Hexadecimal.character(byte >> 4))
            self.append(Hexadecimal.character(byte & 0xf))
        default: self.append(byte)
        }
    }
}
