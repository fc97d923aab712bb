import Telemetry

/// The ids of OTLP: bytes in Protobuf, hexadecimal of either case in JSON.
///
/// What is none, of another length or all zero becomes the invalid id.
/// Source: OTLP specification 1.x, "JSON Protobuf Encoding"; trace.proto.
enum OTLPIdentifier {
    /// 16 bytes.
    static func trace(_ bytes: UnsafeRawBufferPointer) -> TraceID {
        guard bytes.count == 16 else { return .invalid }
        let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        return TraceID(high: high, low: low)
    }

    /// 8 bytes.
    static func span(_ bytes: UnsafeRawBufferPointer) -> SpanID {
        guard bytes.count == 8 else { return .invalid }
        return SpanID(rawValue: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
    }

    static func trace(_ text: String) -> TraceID {
        TraceID(hex: text) ?? TraceID(hex: text.lowercased()) ?? .invalid
    }

    static func span(_ text: String) -> SpanID {
        SpanID(hex: text) ?? SpanID(hex: text.lowercased()) ?? .invalid
    }

    /// Whether a parent's id says that there is no parent. All zero is not what the specification has for it, and is what
    /// some senders send.
    static func isNone(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.isEmpty || bytes.count == 8 && bytes.allSatisfy { $0 == 0 }
    }

    static func isNone(_ text: String) -> Bool { text.isEmpty || text == "0000000000000000" }
}
