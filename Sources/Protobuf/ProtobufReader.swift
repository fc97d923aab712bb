/// Reads the fields of one message out of memory that it does not own.
///
/// Lent to `ProtobufMessage.decode(from:)` and no longer: it must not be kept, because the bytes behind it are gone once
/// the outermost message is decoded. It never reads past them, whatever they are.
public struct ProtobufReader {
    /// The next byte.
    @usableFromInline var cursor: UnsafeRawPointer
    /// Behind the last byte of the innermost message.
    @usableFromInline var end: UnsafeRawPointer
    /// The number and wire type of the field that `nextField` stopped at.
    @usableFromInline var number: Int = 0
    @usableFromInline var wireType: ProtobufWireType = .varint
    /// Bytes that may still be taken, and messages that may still be entered.
    @usableFromInline var memoryLeft: Int
    @usableFromInline var depthLeft: Int

    private let start: UnsafeRawPointer
    private let limits: ProtobufLimits

    init(start: UnsafeRawPointer, count: Int, limits: ProtobufLimits) {
        self.cursor = start
        self.end = start + count
        self.start = start
        self.limits = limits
        self.memoryLeft = limits.memoryBytesMax
        self.depthLeft = limits.depthMax
    }

    /// Bytes read, from the start of the outermost message.
    public var offset: Int { self.cursor - self.start }

    /// An error at the current byte.
    @usableFromInline
    func error(_ reason: ProtobufError.Reason) -> ProtobufError {
        ProtobufError(offset: self.offset, reason: reason)
    }

    @usableFromInline var tooLarge: ProtobufError { self.error(.tooLarge(bytesMax: self.limits.memoryBytesMax)) }
    @usableFromInline var tooDeep: ProtobufError { self.error(.tooDeep(depthMax: self.limits.depthMax)) }

    /// A message that stops before its end did so at what it took for the end of a group.
    @usableFromInline
    func requireEnd() throws(ProtobufError) {
        guard self.cursor == self.end else { throw self.error(.unmatchedGroupEnd) }
    }
}

// MARK: - Fields

extension ProtobufReader {
    /// Steps to the next field.
    ///
    /// - Returns: its number, to be followed by one `read` or `skip`; nil at the end of the message.
    @inlinable
    public mutating func nextField() throws(ProtobufError) -> Int? {
        if self.cursor == self.end { return nil }
        let first = self.cursor.load(as: UInt8.self)
        // Numbers up to 15 take one byte; 0x07 and below would be the field 0.
        if first > 0x07, first < 0x80, let wireType = ProtobufWireType(rawValue: first & 0x07), wireType != .groupEnd {
            self.cursor += 1
            self.number = Int(first >> 3)
            self.wireType = wireType
            return self.number
        }
        return try self.nextLongField()
    }

    @usableFromInline
    mutating func nextLongField() throws(ProtobufError) -> Int {
        try self.readTag()
        if self.wireType == .groupEnd { throw self.error(.unmatchedGroupEnd) }
        return self.number
    }

    private mutating func readTag() throws(ProtobufError) {
        let tag = try self.varint()
        guard (8...UInt64(UInt32.max)).contains(tag) else { throw self.error(.invalidFieldNumber) }
        guard let wireType = ProtobufWireType(rawValue: UInt8(tag & 0x07)) else { throw self.error(.invalidWireType) }
        self.number = Int(tag >> 3)
        self.wireType = wireType
    }

    /// Passes over the payload of a field that is not known, or not of the expected wire type.
    public mutating func skip() throws(ProtobufError) {
        switch self.wireType {
        case .varint: _ = try self.varint()
        case .fixed64: try self.advance(8)
        case .fixed32: try self.advance(4)
        case .delimited: try self.advance(self.length())
        case .groupStart: try self.skipGroup(self.number)
        case .groupEnd: throw self.error(.unmatchedGroupEnd)
        }
    }

    private mutating func skipGroup(_ number: Int) throws(ProtobufError) {
        guard self.depthLeft > 0 else { throw self.tooDeep }
        self.depthLeft -= 1
        while true {
            try self.readTag()
            if self.wireType == .groupEnd { break }
            try self.skip()
        }
        guard self.number == number else { throw self.error(.unmatchedGroupEnd) }
        self.depthLeft += 1
    }

    private mutating func advance(_ count: Int) throws(ProtobufError) {
        guard count <= self.end - self.cursor else { throw self.error(.truncated) }
        self.cursor += count
    }
}

// MARK: - Payloads

extension ProtobufReader {
    /// A number of one to ten bytes; bits past the 64th are dropped, as every runtime does.
    @inlinable
    mutating func varint() throws(ProtobufError) -> UInt64 {
        guard self.cursor < self.end else { throw self.error(.truncated) }
        let first = self.cursor.load(as: UInt8.self)
        if first < 0x80 {
            self.cursor += 1
            return UInt64(first)
        }
        return try self.longVarint()
    }

    @usableFromInline
    mutating func longVarint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 70 {
            guard self.cursor < self.end else { throw self.error(.truncated) }
            let byte = self.cursor.load(as: UInt8.self)
            self.cursor += 1
            value |= shift < 64 ? UInt64(byte & 0x7F) << shift : 0
            if byte < 0x80 { return value }
            shift += 7
        }
        throw self.error(.malformedVarint)
    }

    /// A length, known to fit into what is left.
    @inlinable
    mutating func length() throws(ProtobufError) -> Int {
        let length = try self.varint()
        guard length <= UInt64(self.end - self.cursor) else { throw self.error(.truncated) }
        return Int(length)
    }

    /// Four or eight bytes, little-endian.
    @inlinable
    mutating func fixed<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type) throws(ProtobufError) -> Word {
        guard MemoryLayout<Word>.size <= self.end - self.cursor else { throw self.error(.truncated) }
        let word = Word(littleEndian: self.cursor.loadUnaligned(as: Word.self))
        self.cursor += MemoryLayout<Word>.size
        return word
    }

    /// The bytes of a delimited payload, which lie in the memory that is read.
    @inlinable
    mutating func delimited() throws(ProtobufError) -> UnsafeRawBufferPointer {
        let length = try self.length()
        let payload = UnsafeRawBufferPointer(start: self.cursor, count: length)
        self.cursor += length
        return payload
    }

    /// Text, which must be UTF-8.
    @usableFromInline
    mutating func string() throws(ProtobufError) -> String {
        let payload = try self.delimited()
        guard let string = String(validating: payload.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw self.error(.invalidUTF8)
        }
        return string
    }

    /// Runs `body` as if the delimited payload that follows were all there is, one level deeper.
    @inlinable
    mutating func nested(
        _ body: (inout ProtobufReader) throws(ProtobufError) -> Void
    ) throws(ProtobufError) {
        let length = try self.length()
        guard self.depthLeft > 0 else { throw self.tooDeep }
        let outerEnd = self.end
        self.end = self.cursor + length
        self.depthLeft -= 1
        try body(&self)
        try self.requireEnd()
        self.depthLeft += 1
        self.end = outerEnd
    }

    /// Counts what an element takes in memory, before it is made.
    @inlinable
    mutating func take<Element>(_: Element.Type) throws(ProtobufError) {
        self.memoryLeft -= MemoryLayout<Element>.stride
        guard self.memoryLeft >= 0 else { throw self.tooLarge }
    }
}
