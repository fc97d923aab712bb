/// One key and value that describe a span, an event or a log line.
///
/// Keys are literals that live as long as the process: an attribute costs no allocation of its own. Which there are is
/// declared once, as `AttributeKey`s; calling one makes an attribute.
public struct Attribute: Sendable, Hashable {
    public let key: String
    public let value: AttributeValue
    public let sensitivity: Sensitivity

    @inlinable
    public init(_ key: String, _ value: AttributeValue, sensitivity: Sensitivity = .none) {
        self.key = key
        self.value = value
        self.sensitivity = sensitivity
    }

    @inlinable
    public init(_ key: String, _ value: String, sensitivity: Sensitivity = .none) {
        self.init(key, .string(value), sensitivity: sensitivity)
    }

    @inlinable
    public init(_ key: String, _ value: Int, sensitivity: Sensitivity = .none) {
        self.init(key, .int(value), sensitivity: sensitivity)
    }

    @inlinable
    public init(_ key: String, _ value: Double, sensitivity: Sensitivity = .none) {
        self.init(key, .double(value), sensitivity: sensitivity)
    }

    @inlinable
    public init(_ key: String, _ value: Bool, sensitivity: Sensitivity = .none) {
        self.init(key, .bool(value), sensitivity: sensitivity)
    }
}

/// The types an attribute may have (OpenTelemetry specification, "Attribute"; of the arrays, strings only).
public enum AttributeValue: Sendable, Hashable {
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case strings([String])
}

/// Whether encoders may write a value.
public enum Sensitivity: Sendable, Hashable {
    case none
    /// About a person: every encoder writes `[redacted]` instead.
    case personal
}
