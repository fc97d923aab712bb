import Routing
import Telemetry

/// Gives a user a role. Access tokens handed out before keep the former one until they expire.
struct ChangeRole: Sendable {
    let users: any UserRepository
    let telemetry: Telemetry
    let now: @Sendable () -> Int

    /// - Throws: `UserNotFound`, `RoleRefusal`, or what the store throws.
    func callAsFunction(_ id: String, to role: Role, actor: String) async throws -> User {
        switch try await self.users.setRole(id: id, to: role, actor: actor, now: self.now()) {
        case .notFound: throw UserNotFound()
        case .lastAdmin: throw RoleRefusal.lastAdmin
        case .actorIsNoAdmin: throw RoleRefusal.actorIsNoAdmin
        case .unchanged(let user): return user
        case .changed(let user, let former):
            self.telemetry.log.info(
                "role changed",
                [.userID(id), .actorID(actor), .role(role.rawValue), .formerRole(former.rawValue)])
            return user
        }
    }
}

enum RoleRefusal: UserRefusal, Hashable {
    case lastAdmin
    /// The token says admin, the account does not any more.
    case actorIsNoAdmin

    var problem: Problem {
        switch self {
        case .lastAdmin: .conflict("last-admin", "This is the last admin; give somebody else the role first.")
        case .actorIsNoAdmin: .forbidden("This needs the role admin.")
        }
    }
}
