/// How the payload of a field is delimited: the low three bits of its tag.
///
/// - SeeAlso: Protocol Buffers, "Encoding", "Message Structure"
public enum ProtobufWireType: UInt8, Sendable, Hashable {
    /// A number of one to ten bytes, seven bits in each.
    case varint = 0
    /// Eight bytes, little-endian.
    case fixed64 = 1
    /// A length, and that many bytes.
    case delimited = 2
    /// Fields up to `groupEnd` of the same number. Only skipped: proto3 has none.
    case groupStart = 3
    case groupEnd = 4
    /// Four bytes, little-endian.
    case fixed32 = 5
}
