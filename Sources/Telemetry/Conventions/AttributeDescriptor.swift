/// What is known about an attribute before it has a value: the single source of documents and lint.
public struct AttributeDescriptor: Sendable, Hashable {
    /// `http.route`
    public let key: String
    public let type: AttributeType
    public let stability: SignalStability
    public let sensitivity: Sensitivity
    /// What it says, in one sentence.
    public let brief: String
}

/// The type of an attribute's values.
public enum AttributeType: String, Sendable, Hashable {
    case string
    case int
    case double
    case bool = "boolean"
    case strings = "string[]"
}

/// How much a name may still change.
public enum SignalStability: String, Sendable, Hashable {
    /// Of the semantic conventions, and kept by them.
    case stable
    /// Of the semantic conventions where they may still change it, or a metric of ours.
    case development
    /// An attribute of this platform, which begins with `shop.`.
    case ours
}

/// A Swift type that attributes take.
public protocol AttributeRepresentable: Sendable {
    static var attributeType: AttributeType { get }
    var attributeValue: AttributeValue { get }
}

/// An enum of names takes no more than its conformance.
extension AttributeRepresentable where Self: RawRepresentable, RawValue == String {
    @inlinable
    public static var attributeType: AttributeType { .string }
    @inlinable
    public var attributeValue: AttributeValue { .string(self.rawValue) }
}

extension String: AttributeRepresentable {
    @inlinable
    public static var attributeType: AttributeType { .string }
    @inlinable
    public var attributeValue: AttributeValue { .string(self) }
}

extension Int: AttributeRepresentable {
    @inlinable
    public static var attributeType: AttributeType { .int }
    @inlinable
    public var attributeValue: AttributeValue { .int(self) }
}

extension Double: AttributeRepresentable {
    @inlinable
    public static var attributeType: AttributeType { .double }
    @inlinable
    public var attributeValue: AttributeValue { .double(self) }
}

extension Bool: AttributeRepresentable {
    @inlinable
    public static var attributeType: AttributeType { .bool }
    @inlinable
    public var attributeValue: AttributeValue { .bool(self) }
}

extension [String]: AttributeRepresentable {
    @inlinable
    public static var attributeType: AttributeType { .strings }
    @inlinable
    public var attributeValue: AttributeValue { .strings(self) }
}
