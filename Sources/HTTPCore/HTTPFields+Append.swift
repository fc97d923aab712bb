extension HTTPFields {
    /// Appends a line. Control characters in `value` become spaces (tabs stay), so that a field cannot be split in two,
    /// and white space around it is dropped, as every receiver would.
    public mutating func append(_ name: HTTPFieldName, _ value: String) {
        var value = value
        value.withUTF8 { self.append(name, utf8: $0) }
    }

    /// Appends a line; see `append(_:_:)`.
    public mutating func append(_ name: HTTPFieldName, utf8 value: UnsafeBufferPointer<UInt8>) {
        self.appendLine(name, value.trimmingWhitespace())
    }

    /// Appends a line with a literal value, which must be free of control characters.
    public mutating func append(_ name: HTTPFieldName, literal value: StaticString) {
        self.append(name, utf8: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Appends a line with a number, such as `content-length`, without making a `String` of it.
    public mutating func append(_ name: HTTPFieldName, decimal value: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            var rest = value.magnitude
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
                rest /= 10
            } while rest > 0
            if value < 0 {
                start -= 1
                digits[start] = 0x2D
            }
            self.appendLine(name, UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends a line whose name is known to be a lower-case token and whose value is known to be valid and trimmed:
    /// what a decoder made sure of.
    public mutating func append(
        nameBytes name: UnsafeBufferPointer<UInt8>, valueBytes value: UnsafeBufferPointer<UInt8>
    ) {
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

    /// Puts the line together on the stack and appends it once, which is cheaper than four appends.
    private mutating func appendLine(_ name: HTTPFieldName, _ value: UnsafeBufferPointer<UInt8>) {
        let nameCount = name.rawValue.utf8.count
        let line = Line(start: self.bytes.count, nameCount: nameCount, valueCount: value.count, known: name.known)
        let capacity = nameCount + value.count + 4
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { text in
            let start = text.baseAddress!
            if let known = KnownFieldNameTable.shared.text(of: name.known) {
                start.update(from: known, count: nameCount)
            } else {
                var name = name.rawValue
                name.withUTF8 { start.update(from: $0.baseAddress!, count: nameCount) }
            }
            start[nameCount] = 0x3A
            start[nameCount + 1] = 0x20
            if let bytes = value.baseAddress {
                Self.copyRepaired(bytes, count: value.count, to: start + nameCount + 2)
            }
            start[capacity - 2] = 0x0D
            start[capacity - 1] = 0x0A
            self.bytes.append(contentsOf: UnsafeBufferPointer(text))
        }
        self.lines.append(line)
    }

    private static func copyRepaired(
        _ value: UnsafePointer<UInt8>, count: Int, to target: UnsafeMutablePointer<UInt8>
    ) {
        target.update(from: value, count: count)
        guard fieldValuePrefix(value, count: count) < count else { return }
        for index in 0..<count where target[index] < 0x20 && target[index] != 0x09 || target[index] == 0x7F {
            target[index] = 0x20
        }
    }
}
