/// The fields of a header or trailer section: an ordered multimap, copied on write.
///
/// All lines stand in one byte buffer as they go to the wire (`name: value CRLF`, names in lower case), so that writing
/// a head is one copy; one array says where each name and value is. Values are bytes and become a `String` when asked
/// for, with what is not UTF-8 replaced by U+FFFD.
public struct HTTPFields: Sendable {
    /// Where one line is. Lines touch each other: each begins where the one before it ends.
    @usableFromInline
    struct Line: Sendable {
        @usableFromInline var start: UInt32
        @usableFromInline var valueCount: UInt32
        @usableFromInline var nameCount: UInt16
        @usableFromInline var known: KnownFieldName

        @inlinable
        init(start: Int, nameCount: Int, valueCount: Int, known: KnownFieldName) {
            self.start = UInt32(start)
            self.nameCount = UInt16(nameCount)
            self.valueCount = UInt32(valueCount)
            self.known = known
        }

        @inlinable var nameStart: Int { Int(self.start) }
        @inlinable var valueStart: Int { Int(self.start) + Int(self.nameCount) + 2 }
        @inlinable var end: Int { self.valueStart + Int(self.valueCount) + 2 }
    }

    @usableFromInline var bytes: [UInt8]
    @usableFromInline var lines: [Line]

    /// No fields, and nothing allocated.
    @inlinable
    public init() {
        self.bytes = []
        self.lines = []
    }

    @inlinable
    init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }

    /// Makes room for `fields` more lines of `bytes` in all, counting 4 for the colon, the space and the line end of
    /// each.
    public mutating func reserve(fields: Int, bytes: Int) {
        self.lines.reserveCapacity(self.lines.count + fields)
        self.bytes.reserveCapacity(self.bytes.count + bytes)
    }

    /// The number of lines; a name that occurs twice counts twice.
    @inlinable public var count: Int { self.lines.count }
    @inlinable public var isEmpty: Bool { self.lines.isEmpty }

    /// The number of bytes `serialize(into:)` appends.
    @inlinable public var serializedCount: Int { self.bytes.count }

    /// Appends every line as it goes to the wire, without the empty line that ends a section.
    @inlinable
    public func serialize(into output: inout [UInt8]) {
        output.append(contentsOf: self.bytes)
    }
}

extension HTTPFields: Equatable {
    /// Whether both hold the same lines in the same order.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool { left.bytes == right.bytes }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (HTTPFieldName, String)...) {
        self.init()
        for (name, value) in elements { self.append(name, value) }
    }
}

extension HTTPFields: CustomStringConvertible {
    /// The lines for a person to read, values of credentials included: do not log it.
    public var description: String { String(decoding: self.bytes, as: UTF8.self) }
}
