/// Writes the fields of a message by appending to one buffer.
///
/// A sub-message is written in place behind a byte for its length, and moved up in the rare case that the length turns
/// out to need more: no second buffer, and no pass over the message only to measure it.
public struct ProtobufWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8]

    /// An empty writer.
    ///
    /// - Parameter capacity: bytes reserved at once; the buffer grows past it by doubling.
    public init(capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// A writer that continues after the content of `buffer`, such as the prefix of a gRPC message.
    public init(appendingTo buffer: consuming [UInt8]) {
        self.bytes = buffer
    }
}

// MARK: - Payloads

extension ProtobufWriter {
    /// The number of a field, and how its payload is delimited.
    @inlinable
    mutating func tag(_ field: Int, _ wireType: ProtobufWireType) {
        self.varint(UInt64(field) << 3 | UInt64(wireType.rawValue))
    }

    @usableFromInline
    mutating func varint(_ value: UInt64) {
        if value < 0x80 { return self.bytes.append(UInt8(truncatingIfNeeded: value)) }
        self.bytes.append(addingCapacity: 10) { span in
            var rest = value
            while rest >= 0x80 {
                span.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            span.append(UInt8(truncatingIfNeeded: rest))
        }
    }

    /// Little-endian.
    @usableFromInline
    mutating func fixed32(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    /// Little-endian.
    @usableFromInline
    mutating func fixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    /// A length and the UTF-8 of `string`.
    @usableFromInline
    mutating func string(_ string: String) {
        string.utf8.span.withUnsafeBufferPointer { self.delimited(UnsafeRawBufferPointer($0)) }
    }

    /// A length and `payload`.
    @usableFromInline
    mutating func delimited(_ payload: UnsafeRawBufferPointer) {
        self.varint(UInt64(payload.count))
        self.bytes.append(contentsOf: payload)
    }

    /// A length and what `body` writes.
    @inlinable
    mutating func nested(_ body: (inout ProtobufWriter) -> Void) {
        let mark = self.beginNested()
        body(&self)
        self.endNested(mark)
    }

    /// Leaves a byte for the length.
    ///
    /// - Returns: where that is.
    @usableFromInline
    mutating func beginNested() -> Int {
        self.bytes.append(0)
        return self.bytes.count - 1
    }

    @usableFromInline
    mutating func endNested(_ mark: Int) {
        let length = self.bytes.count - mark - 1
        if length < 0x80 {
            self.bytes[mark] = UInt8(truncatingIfNeeded: length)
        } else {
            self.moveUp(length, behind: mark)
        }
    }

    /// Makes room for a length of several bytes at `mark`, and writes it there.
    private mutating func moveUp(_ length: Int, behind mark: Int) {
        let lengthBytes = (Int.bitWidth - length.leadingZeroBitCount + 6) / 7
        self.bytes.append(addingCapacity: lengthBytes - 1) { span in
            span.append(repeating: 0, count: lengthBytes - 1)
        }
        self.bytes.withUnsafeMutableBytes { buffer in
            let payload = UnsafeRawBufferPointer(rebasing: buffer[mark + 1..<mark + 1 + length])
            UnsafeMutableRawBufferPointer(rebasing: buffer[(mark + lengthBytes)...]).copyMemory(from: payload)
            var rest = length
            for index in mark..<mark + lengthBytes {
                buffer[index] = UInt8(truncatingIfNeeded: rest & 0x7F) | (index == mark + lengthBytes - 1 ? 0 : 0x80)
                rest >>= 7
            }
        }
    }
}
