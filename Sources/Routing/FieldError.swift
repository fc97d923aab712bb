/// One field of a payload or one query parameter that cannot be accepted, and why.
public struct FieldError: Sendable, Hashable {
    /// The field's path, such as `items[0].quantity`.
    public let field: String
    /// A sentence fragment that says what is expected, such as `must be between 1 and 999`.
    public let message: String

    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}
