/// The value of an attribute or the body of a log record.
///
/// Source: opentelemetry-proto, common.proto, `AnyValue`.
public indirect enum ReceivedValue: Sendable, Hashable {
    case empty
    case string(String)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case bytes([UInt8])
    case array([ReceivedValue])
    case map([ReceivedAttribute])
}

/// A key and its value, in the order in which they came.
public struct ReceivedAttribute: Sendable, Hashable {
    public let key: String
    public let value: ReceivedValue

    public init(_ key: String, _ value: ReceivedValue) {
        self.key = key
        self.value = value
    }
}

extension [ReceivedAttribute] {
    /// The first of that key.
    public subscript(_ key: String) -> ReceivedValue? { self.first { $0.key == key }?.value }
}
