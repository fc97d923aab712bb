/// Source: OpenTelemetry semantic conventions, "User" and "Enduser".
extension Attribute {
    /// `user.id`: a random id that says nothing about the person.
    public static func userID(_ id: String) -> Attribute { .init("user.id", id) }
    /// `user.email`: personal, so encoders redact it.
    public static func userEmail(_ address: String) -> Attribute {
        .init("user.email", address, sensitivity: .personal)
    }
    /// `user.roles`
    public static func userRoles(_ roles: [String]) -> Attribute { .init("user.roles", .strings(roles)) }
    /// `http.request.header.x-request-id`, as the log lines name it.
    public static func requestID(_ id: String) -> Attribute { .init("request.id", id) }
}
