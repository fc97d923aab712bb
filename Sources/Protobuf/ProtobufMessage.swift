/// A message of a contract: a value that knows its own wire format.
///
/// Written by `protoc-gen-vitrine`; by hand only where a test needs an odd one. Fields that a message does not know are
/// skipped and not kept: every process of the shop is built from the same contracts, and a proxy that must pass on what
/// it cannot read passes on bytes.
///
/// - SeeAlso: Protocol Buffers, "Encoding"
public protocol ProtobufMessage: Sendable, Hashable {
    /// The full name, such as `vitrine.product.v1.Product`.
    static var protoName: String { get }

    /// A message with every field at its default: what no bytes at all decode to.
    init()

    /// Takes the fields of the message that `reader` stands in, over what is there already: the last of a single field
    /// wins, sub-messages merge, repeated fields grow.
    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError)

    /// Writes the fields that are not at their defaults, by ascending number, maps by ascending key: the same value
    /// always gives the same bytes.
    func encode(to writer: inout ProtobufWriter)
}

extension ProtobufMessage {
    /// The message that `bytes` encode.
    ///
    /// - Throws: `ProtobufError` for bytes that are no message of this kind, or that go past a limit.
    public init(
        decoding bytes: UnsafeRawBufferPointer, limits: ProtobufLimits = ProtobufLimits()
    ) throws(ProtobufError) {
        self.init()
        // No bytes at all: a message of defaults, and no address to read from.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        var reader = ProtobufReader(start: start, count: bytes.count, limits: limits)
        try self.decode(from: &reader)
        try reader.requireEnd()
    }

    /// The message that `bytes` encode.
    public init(decoding bytes: [UInt8], limits: ProtobufLimits = ProtobufLimits()) throws(ProtobufError) {
        self = try bytes.span.withUnsafeBytes { buffer throws(ProtobufError) in
            try Self(decoding: buffer, limits: limits)
        }
    }

    /// The message that `bytes` encode.
    public init(decoding bytes: ArraySlice<UInt8>, limits: ProtobufLimits = ProtobufLimits()) throws(ProtobufError) {
        self = try bytes.span.withUnsafeBytes { buffer throws(ProtobufError) in
            try Self(decoding: buffer, limits: limits)
        }
    }

    /// The message in the wire format.
    public var bytes: [UInt8] {
        var writer = ProtobufWriter()
        self.encode(to: &writer)
        return writer.bytes
    }
}
