extension HTTPFields {
    /// The first value of `name`. Setting replaces all values by one, at the end; setting nil removes them.
    public subscript(_ name: HTTPFieldName) -> String? {
        get { self.withValue(name) { String(decoding: $0, as: UTF8.self) } }
        set {
            self.remove(name)
            if let newValue { self.append(name, newValue) }
        }
    }

    /// All values of `name`, one for each line, in order.
    public func values(of name: HTTPFieldName) -> [String] {
        var values: [String] = []
        self.forEachValue(of: name) { values.append(String(decoding: $0, as: UTF8.self)) }
        return values
    }

    /// All values of `name` as one list with `, ` between them (RFC 9110 section 5.3); nil when there is none. Not for
    /// `Set-Cookie`, whose values hold commas.
    public func combined(_ name: HTTPFieldName) -> String? {
        let values = self.values(of: name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    @inlinable
    public func contains(_ name: HTTPFieldName) -> Bool {
        self.firstLine(of: name) != nil
    }

    /// Hands the bytes of the first value to `body`, without a copy; nil when there is no such field. The pointer is
    /// valid during the call only.
    @inlinable
    public func withValue<R>(
        _ name: HTTPFieldName, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R? {
        guard let line = self.firstLine(of: name) else { return nil }
        return try self.bytes.withUnsafeBufferPointer { bytes in
            try body(UnsafeBufferPointer(start: bytes.baseAddress! + line.valueStart, count: Int(line.valueCount)))
        }
    }

    /// Hands the bytes of every value of `name` to `body`, in order.
    @inlinable
    public func forEachValue(
        of name: HTTPFieldName, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        try self.bytes.withUnsafeBufferPointer { bytes in
            for line in self.lines where self.matches(line, name) {
                try body(UnsafeBufferPointer(start: bytes.baseAddress! + line.valueStart, count: Int(line.valueCount)))
            }
        }
    }

    /// Hands every name, in lower case, and its value to `body`, in order. Pointers are valid during the call only.
    @inlinable
    public func forEach(
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        try self.bytes.withUnsafeBufferPointer { bytes in
            for line in self.lines {
                let start = bytes.baseAddress! + line.nameStart
                try body(
                    UnsafeBufferPointer(start: start, count: Int(line.nameCount)),
                    UnsafeBufferPointer(start: start + Int(line.nameCount) + 2, count: Int(line.valueCount)))
            }
        }
    }

    /// Whether the first value of `name` is `text`, which is lower case; capitals in the value are taken as small
    /// letters.
    @inlinable
    public func valueEquals(_ name: HTTPFieldName, ignoringCase text: StaticString) -> Bool {
        self.withValue(name) { $0.equals(ignoringCase: text) } ?? false
    }

    /// Whether `token`, which is lower case, is a member of the comma-separated list that all values of `name` make; as
    /// in `Connection: keep-alive, Upgrade`. Parameters after `;` belong to the member.
    @inlinable
    public func listContains(_ name: HTTPFieldName, ignoringCase token: StaticString) -> Bool {
        var found = false
        self.forEachValue(of: name) { value in
            value.forEachListMember { member in
                found = found || member.equals(ignoringCase: token)
                return !found
            }
        }
        return found
    }

    @inlinable
    func firstLine(of name: HTTPFieldName) -> Line? {
        if name.known != .none {
            for line in self.lines where line.known == name.known { return line }
            return nil
        }
        for line in self.lines where self.matches(line, name) { return line }
        return nil
    }

    /// Lines of well-known names always carry their code, so an equal code decides, and 0 asks for the text.
    @inlinable
    func matches(_ line: Line, _ name: HTTPFieldName) -> Bool {
        guard line.known == name.known else { return false }
        guard line.known == .none else { return true }
        return self.nameEquals(line, name.rawValue)
    }

    @usableFromInline
    func nameEquals(_ line: Line, _ text: String) -> Bool {
        guard text.utf8.count == Int(line.nameCount) else { return false }
        return self.bytes[line.nameStart..<line.nameStart + Int(line.nameCount)].elementsEqual(text.utf8)
    }
}
