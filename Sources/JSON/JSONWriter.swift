/// Writes JSON by appending to a byte buffer; commas come by themselves.
///
/// Nothing is built before it is written: no tree, no dictionary, no intermediate string. A value is one reservation in
/// the buffer and one pass over its bytes. Calls must nest as the document does (`beginObject`, then `key` and a value
/// in turn, then `endObject`); this is not checked, because a wrong order is a fault of the code and shows in its first
/// test.
///
/// - SeeAlso: RFC 8259
public struct JSONWriter: Sendable {
    /// What has been written. Take it when the document is complete.
    public var bytes: [UInt8]

    /// Whether the next key or element follows a sibling.
    @usableFromInline var needsComma = false

    /// An empty writer.
    ///
    /// - Parameter capacity: bytes reserved at once; the buffer grows past it by doubling.
    public init(capacity: Int = 512) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// A writer on the memory of `buffer`, whose content is dropped.
    public init(reusing buffer: consuming [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        self.bytes = buffer
    }

    /// A writer that continues after the content of `buffer`, as the first value there.
    public init(appendingTo buffer: consuming [UInt8]) {
        self.bytes = buffer
    }

    /// Drops what has been written and keeps the memory.
    public mutating func reset() {
        self.bytes.removeAll(keepingCapacity: true)
        self.needsComma = false
    }

    /// Ends a line of newline-delimited JSON: the next value begins a document of its own.
    public mutating func endLine() {
        self.bytes.append(0x0A)
        self.needsComma = false
    }
}

// MARK: - Structure

extension JSONWriter {
    /// Opens an object: `{`.
    @inlinable
    public mutating func beginObject() {
        self.open(UInt8(ascii: "{"))
    }

    /// Closes the innermost object: `}`.
    @inlinable
    public mutating func endObject() {
        self.close(UInt8(ascii: "}"))
    }

    /// Opens an array: `[`.
    @inlinable
    public mutating func beginArray() {
        self.open(UInt8(ascii: "["))
    }

    /// Closes the innermost array: `]`.
    @inlinable
    public mutating func endArray() {
        self.close(UInt8(ascii: "]"))
    }

    @usableFromInline
    mutating func open(_ bracket: UInt8) {
        let comma = self.needsComma
        self.append(reserving: 2) { tail in
            let start = tail.putComma(comma)
            start[0] = bracket
            return start + 1
        }
        self.needsComma = false
    }

    @usableFromInline
    mutating func close(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }
}

// MARK: - Keys

extension JSONWriter {
    /// Writes the name of the next member.
    ///
    /// - Parameter name: written as it is, so it must be free of quotes, backslashes and control characters.
    public mutating func key(_ name: StaticString) {
        let comma = self.needsComma
        let count = name.utf8CodeUnitCount
        self.append(reserving: count + JSONWriter.keyOverhead) { tail in
            tail.putComma(comma).putKey(name.utf8Start, count)
        }
        self.needsComma = false
    }

    /// Writes the name of the next member, escaped as a string is: for names that come with the data.
    public mutating func key(escaping name: String) {
        self.value(name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    /// Bytes around a key: a comma, two quotes, a colon.
    static let keyOverhead = 4
}

// MARK: - The one way to the buffer

extension JSONWriter {
    /// Reserves `count` bytes behind the content and keeps those up to where `write` says it ended.
    ///
    /// One check for uniqueness and room per value rather than per byte is what the speed of the writer comes from.
    @inline(__always)
    mutating func append(
        reserving count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        self.bytes.append(addingCapacity: count) { span in
            span.withUnsafeMutableBufferPointer { buffer, written in
                guard let start = buffer.baseAddress else { return }
                written = write(start) - start
            }
        }
    }
}
