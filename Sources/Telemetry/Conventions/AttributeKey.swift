/// The one declaration of an attribute. Calling it with a value makes the attribute: `.httpRoute("/api/v1/orders")`.
///
/// Declare one as a *computed* static property with literals, `@inlinable` where it is public, and list it in the
/// catalogue of its module. The optimiser then folds a call into the stores of its literals and the value: no
/// allocation, no reference counting, no lazy initialiser.
public struct AttributeKey<Value: AttributeRepresentable>: Sendable, DeclaredAttribute {
    public let key: String
    public let stability: SignalStability
    public let sensitivity: Sensitivity
    public let brief: String

    /// - Parameters:
    ///   - key: A literal: lower case, dots between its parts.
    ///   - brief: What it says, in one sentence.
    @inlinable
    public init(
        _ key: String, _ stability: SignalStability, _ brief: String, sensitivity: Sensitivity = .none
    ) {
        self.key = key
        self.stability = stability
        self.sensitivity = sensitivity
        self.brief = brief
    }

    /// An attribute of this key.
    @inlinable
    @inline(__always)
    public func callAsFunction(_ value: Value) -> Attribute {
        Attribute(self.key, value.attributeValue, sensitivity: self.sensitivity)
    }

    public var descriptor: AttributeDescriptor {
        AttributeDescriptor(
            key: self.key, type: Value.attributeType, stability: self.stability, sensitivity: self.sensitivity,
            brief: self.brief)
    }
}

/// A key of whatever type of value: what lists of attributes are made of.
public protocol DeclaredAttribute: Sendable {
    var descriptor: AttributeDescriptor { get }
}

extension AttributeDescriptor: DeclaredAttribute {
    public var descriptor: AttributeDescriptor { self }
}
