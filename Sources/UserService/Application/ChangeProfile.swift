import Routing
import Telemetry

/// Changes what a user says about themselves.
struct ChangeProfile: Sendable {
    /// A part of a name: left as it is, or set, or cleared.
    enum Field: Sendable, Hashable {
        case keep
        case set(String?)

        func applied(to value: String?) -> String? {
            switch self {
            case .keep: value
            case .set(let new): new
            }
        }
    }

    struct Command: Sendable, Hashable {
        var email: EmailAddress?
        var whole = Field.keep
        var first = Field.keep
        var last = Field.keep
    }

    let users: any UserRepository
    let telemetry: Telemetry
    let now: @Sendable () -> Int

    /// - Parameter actor: who asks: the user, or an admin.
    /// - Throws: `UserNotFound`, `EmailTaken`, or what the store throws.
    func callAsFunction(_ id: String, _ command: Command, actor: String) async throws -> User {
        let now = self.now()
        let outcome = try await self.users.update(id: id) { user in
            if let email = command.email { user.email = email }
            user.name.whole = command.whole.applied(to: user.name.whole)
            user.name.first = command.first.applied(to: user.name.first)
            user.name.last = command.last.applied(to: user.name.last)
            user.updatedAt = now
        }
        switch outcome {
        case .notFound: throw UserNotFound()
        case .emailTaken: throw EmailTaken()
        case .updated(let user):
            self.telemetry.log.info("profile changed", [.userID(id), .actorID(actor)])
            return user
        }
    }
}
