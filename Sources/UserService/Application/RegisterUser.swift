import HTTPCore
import Routing
import Security
import Telemetry

/// Opens an account.
struct RegisterUser: Sendable {
    struct Command: Sendable {
        let email: EmailAddress
        let password: Password
        let name: PersonName
        /// After it nobody waits for the answer.
        let deadline: Deadline
    }

    let users: any UserRepository
    let vault: PasswordVault
    let telemetry: Telemetry
    let instruments: UserInstruments
    let now: @Sendable () -> Int

    /// - Throws: `EmailTaken`, `SignInOverload`, or what the store throws.
    func callAsFunction(_ command: Command) async throws -> User {
        // Asked before the expensive part; the store decides in the end.
        guard try await self.users.account(email: command.email) == nil else { throw EmailTaken() }
        let hash = try await self.vault.hash(command.password, by: command.deadline)
        let now = self.now()
        let user = User(
            id: UUIDv7().description, email: command.email, name: command.name, role: .customer, createdAt: now,
            updatedAt: now)
        guard try await self.users.insert(user, passwordHash: hash) else { throw EmailTaken() }
        self.instruments.registered.add()
        self.telemetry.log.info("user registered", [.userID(user.id)])
        return user
    }
}

/// An account has the address already.
struct EmailTaken: UserRefusal {
    var problem: Problem {
        Problem(
            .conflict, code: "email-taken", title: "E-mail address taken",
            detail: "An account with this e-mail address exists.")
    }
}
