/// Source: OpenTelemetry semantic conventions, "User".
extension Attribute {
    @inlinable
    public static var userID: AttributeKey<String> {
        .init("user.id", .development, "The user, by a random id that says nothing about the person.")
    }
    @inlinable
    public static var userEmail: AttributeKey<String> {
        .init("user.email", .development, "The address of a person.", sensitivity: .personal)
    }
    @inlinable
    public static var userRoles: AttributeKey<[String]> { .init("user.roles", .development, "What the user may do.") }

    /// All of this file.
    static var user: [any DeclaredAttribute] {
        [
            userID, userEmail, userRoles,
        ]
    }
}
