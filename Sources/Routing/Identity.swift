/// What a caller may do.
public enum Role: String, Sendable, CaseIterable {
    case customer
    case admin
}

/// Who calls, as the verified access token says.
public struct Identity: Sendable, Hashable {
    /// Lower-case UUID.
    public let userID: String
    public let roles: Set<Role>
    /// The bearer token itself, for passing on to services behind this one. Never logged.
    public let token: String

    public init(userID: String, roles: Set<Role>, token: String) {
        self.userID = userID
        self.roles = roles
        self.token = token
    }

    public var isAdmin: Bool { self.roles.contains(.admin) }
}

/// Who may call a route.
public enum Access: Sendable, Hashable {
    case anyone
    /// Any user with a valid access token.
    case authenticated
    /// Users with the role `admin`.
    case admin
}
