/// A `.proto` file as protoc has parsed it: what server reflection answers with.
public struct ProtobufFile: Sendable {
    /// The path by which other files import it, such as `vitrine/product/v1/product_service.proto`.
    public let name: String
    /// The files that it imports, in its own order.
    public let dependencies: [ProtobufFile]
    /// In base64, so that it is one literal: an array of thousands of numbers takes the compiler long.
    private let encoded: StaticString

    public init(name: String, dependencies: [ProtobufFile] = [], base64: StaticString) {
        self.name = name
        self.dependencies = dependencies
        self.encoded = base64
    }

    /// The serialized `google.protobuf.FileDescriptorProto`, without comments. Decoded at each call.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.encoded.utf8CodeUnitCount / 4 * 3)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for character in UnsafeBufferPointer(start: self.encoded.utf8Start, count: self.encoded.utf8CodeUnitCount) {
            guard let digit = Self.digit(character) else { break }
            bits = bits << 6 | digit
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bytes
    }

    /// Nil for the padding.
    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
