import HTTPCore
import NetworkIO
import Persistence
public import Routing
import Security
public import ServiceKit
import Telemetry

/// Creates accounts that are to be there from the start.
///
/// Running it again changes nothing. An account that exists already keeps its password and its role, whoever made it:
/// were it raised to admin, a stranger could register the address first and wait.
public struct UserSeed: Sendable {
    /// An account to create.
    public struct Account: Sendable {
        public let email: String
        public let password: String
        public let role: Role
        public let firstName: String?
        public let lastName: String?

        /// - Parameters:
        ///   - email: checked as a registration's would be.
        ///   - password: 8 to 72 bytes.
        public init(email: String, password: String, role: Role, firstName: String? = nil, lastName: String? = nil) {
            self.email = email
            self.password = password
            self.role = role
            self.firstName = firstName
            self.lastName = lastName
        }
    }

    /// What a run did, in the order of the accounts.
    public struct Summary: Sendable, Hashable {
        public let created: Int
        public let existing: Int
    }

    /// The lab's admin and customer. Their passwords are published: for nothing but a lab.
    public static let lab: [Account] = [
        Account(
            email: "admin@vitrine.dev", password: "admin-password", role: .admin, firstName: "Ada", lastName: "Admin"),
        Account(
            email: "demo@vitrine.dev", password: "demo-password", role: .customer, firstName: "Dana",
            lastName: "Demo"),
    ]

    private let accounts: [Account]

    public init(_ accounts: [Account]) { self.accounts = accounts }

    /// Creates what is missing. A service may be running on the same files.
    ///
    /// - Throws: `UserSeedError` for an account that could not be registered either, `ConfigurationError`, or what the
    ///   store throws.
    public func run(_ platform: ServicePlatform) async throws -> Summary {
        let config = UserConfig(platform.config)
        try platform.config.validate()
        let database = try UserStore.open(platform)
        do {
            let summary = try await self.create(
                in: SQLUserRepository(database: database),
                PasswordVault(cost: config.bcryptCost, blocking: platform.blocking))
            await database.close()
            return summary
        } catch {
            await database.close()
            throw error
        }
    }

    private func create(in users: SQLUserRepository, _ vault: PasswordVault) async throws -> Summary {
        var created = 0
        for account in self.accounts where try await Self.create(account, in: users, vault) { created += 1 }
        return Summary(created: created, existing: self.accounts.count - created)
    }

    /// - Returns: false when the account is there already.
    private static func create(
        _ account: Account, in users: SQLUserRepository, _ vault: PasswordVault
    ) async throws -> Bool {
        guard let email = EmailAddress(account.email) else { throw UserSeedError.email(account.email) }
        let password: Password
        do {
            password = try Password(account.password)
        } catch {
            throw UserSeedError.password(account.email, error.message)
        }
        guard try await users.account(email: email) == nil else { return false }
        let now = WallClock.microseconds()
        let user = User(
            id: UUIDv7().description, email: email,
            name: PersonName(whole: nil, first: account.firstName, last: account.lastName), role: account.role,
            createdAt: now, updatedAt: now)
        return try await users.insert(user, passwordHash: vault.hash(password, by: .distantFuture))
    }
}

/// Why an account cannot be seeded.
public enum UserSeedError: Error, Sendable, CustomStringConvertible {
    case email(String)
    case password(String, String)

    public var description: String {
        switch self {
        case .email(let email): "cannot seed '\(email)': it is not an e-mail address"
        case .password(let email, let reason): "cannot seed \(email): the password \(reason)"
        }
    }
}
