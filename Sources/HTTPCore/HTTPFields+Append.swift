extension HTTPFields {
    /// Appends a line. Control characters in `value` become spaces (tabs stay), so that a field cannot be split in two,
    /// and white space around it is dropped, as every receiver would.
    public mutating func append(_ name: HTTPFieldName, _ value: String) {
        var value = value
        value.withUTF8 { self.append(name, utf8: $0) }
    }

    /// Appends a line; see `append(_:_:)`.
    public mutating func append(_ name: HTTPFieldName, utf8 value: UnsafeBufferPointer<UInt8>) {
        let value = value.trimmingWhitespace()
        let start = self.bytes.count
        self.bytes.append(contentsOf: name.rawValue.utf8)
        self.bytes.append(": ")
        self.appendRepaired(value)
        self.bytes.append("\r\n")
        self.lines.append(
            Line(start: start, nameCount: name.rawValue.utf8.count, valueCount: value.count, known: name.known))
    }

    /// Appends a line with a literal value, which must be free of control characters.
    public mutating func append(_ name: HTTPFieldName, literal value: StaticString) {
        self.append(name, utf8: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Appends a line with a number, such as `content-length`, without making a `String` of it.
    public mutating func append(_ name: HTTPFieldName, decimal value: Int) {
        let start = self.bytes.count
        self.bytes.append(contentsOf: name.rawValue.utf8)
        self.bytes.append(": ")
        let valueStart = self.bytes.count
        self.bytes.append(decimal: value)
        let valueCount = self.bytes.count - valueStart
        self.bytes.append("\r\n")
        self.lines.append(
            Line(start: start, nameCount: name.rawValue.utf8.count, valueCount: valueCount, known: name.known))
    }

    /// Appends a line whose name is known to be a lower-case token and whose value is known to be valid and trimmed:
    /// what a decoder made sure of.
    public mutating func append(nameBytes name: UnsafeBufferPointer<UInt8>, valueBytes value: UnsafeBufferPointer<UInt8>) {
        precondition(!name.isEmpty, "A field has a name")
        let start = self.bytes.count
        self.bytes.append(contentsOf: name)
        self.bytes.append(": ")
        self.bytes.append(contentsOf: value)
        self.bytes.append("\r\n")
        let known = KnownFieldNameTable.shared.code(of: name)
        self.lines.append(Line(start: start, nameCount: name.count, valueCount: value.count, known: known))
    }

    /// Appends every line of `other`.
    public mutating func append(contentsOf other: HTTPFields) {
        let offset = self.bytes.count
        self.bytes.append(contentsOf: other.bytes)
        self.lines.reserveCapacity(self.lines.count + other.lines.count)
        for line in other.lines {
            var moved = line
            moved.start += UInt32(offset)
            self.lines.append(moved)
        }
    }

    /// Removes every line of `name`.
    public mutating func remove(_ name: HTTPFieldName) {
        guard self.firstLine(of: name) != nil else { return }
        var kept = HTTPFields()
        kept.reserve(fields: self.lines.count, bytes: self.bytes.count)
        for line in self.lines where !self.matches(line, name) {
            var moved = line
            moved.start = UInt32(kept.bytes.count)
            kept.bytes.append(contentsOf: self.bytes[line.nameStart..<line.end])
            kept.lines.append(moved)
        }
        self = kept
    }

    private mutating func appendRepaired(_ value: UnsafeBufferPointer<UInt8>) {
        guard let start = value.baseAddress else { return }
        if fieldValuePrefix(start, count: value.count) == value.count {
            self.bytes.append(contentsOf: value)
        } else {
            for byte in value { self.bytes.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte) }
        }
    }
}
