import Persistence
import ServiceKit
public import Telemetry

/// What the service does to its database, as spans and metrics name it.
enum UserOperations {
    static let selectUsers = DatabaseOperation("SELECT", "users")
    static let insertUser = DatabaseOperation("INSERT", "users")
    static let updateUsers = DatabaseOperation("UPDATE", "users")
    static let selectTokens = DatabaseOperation("SELECT", "refresh_tokens")
    static let insertToken = DatabaseOperation("INSERT", "refresh_tokens")
    static let updateTokens = DatabaseOperation("UPDATE", "refresh_tokens")
    static let deleteTokens = DatabaseOperation("DELETE", "refresh_tokens")
    static let selectSigningKeys = DatabaseOperation("SELECT", "signing_keys")
    static let insertSigningKey = DatabaseOperation("INSERT", "signing_keys")
    static let deleteSigningKeys = DatabaseOperation("DELETE", "signing_keys")

    static let all = [
        selectUsers, insertUser, updateUsers, selectTokens, insertToken, updateTokens, deleteTokens, selectSigningKeys,
        insertSigningKey, deleteSigningKeys,
    ]
}

extension UserService {
    public static var catalogue: TelemetryCatalogue {
        .platform + .database(UserOperations.all)
            + TelemetryCatalogue(
                attributes: [
                    Attribute.actorID, Attribute.sessionFamily, Attribute.role, Attribute.formerRole, Attribute.keyID,
                    Attribute.sessionsEnded,
                ],
                spans: ["register", "login", "refresh", "logout"].map {
                    TelemetryCatalogue.request("POST /api/v1/auth/\($0)", adds: [Attribute.userID])
                },
                logEvents: Self.logEvents)
    }

    private static var logEvents: [LogEventDescriptor] {
        let user: any DeclaredAttribute = Attribute.userID
        return [
            LogEventDescriptor("user registered", .info, "An account was made.", [user]),
            LogEventDescriptor("user logged in", .info, "A session began.", [user]),
            LogEventDescriptor("user logged out", .info, "A session was ended by its user.", [user]),
            LogEventDescriptor(
                "user logged out everywhere", .info, "All sessions of a user were ended by the user.",
                [user, Attribute.sessionsEnded]),
            LogEventDescriptor(
                "profile changed", .info, "An account has other names or another address.", [user, Attribute.actorID]),
            LogEventDescriptor(
                "role changed", .info, "An admin changed what somebody may do.",
                [user, Attribute.actorID, Attribute.role, Attribute.formerRole]),
            LogEventDescriptor(
                "refresh token used twice, session ended", .warning,
                "A token was stolen, or a client is broken; nobody can refresh with that login any more.",
                [user, Attribute.sessionFamily]),
            LogEventDescriptor(
                "password hash not renewed", .warning, "A hash of former cost stays until the next login.", [user]),
            LogEventDescriptor("signing key created", .info, "Tokens are signed with a new key.", [Attribute.keyID]),
            LogEventDescriptor(
                "signing key retired", .info, "A key is no longer published.", [Attribute.keyID]),
            LogEventDescriptor(
                "signing keys not refreshed", .error, "Keys grow old until it works.", [Attribute.errorMessage]),
            LogEventDescriptor(
                "expired sessions not removed", .error, "They stay until the next try.", [Attribute.errorMessage]),
        ]
    }
}
