import HTTPCore
import NetworkIO
import Routing
import Security

/// Hashes and compares passwords on threads of their own: bcrypt takes a quarter of a second on purpose, and no event
/// loop waits for it.
struct PasswordVault: Sendable {
    private let hasher: PasswordHasher
    private let blocking: BlockingExecutor
    private let cost: Int
    /// What a password is compared with when there is no account, so that the answer takes as long as if there were
    /// one.
    private let decoy: String

    init(cost: Int, blocking: BlockingExecutor) {
        self.hasher = PasswordHasher(cost: cost)
        self.blocking = blocking
        self.cost = cost
        self.decoy = Self.decoy(cost: cost)
    }

    /// - Throws: `SignInOverload` when too many wait, or its turn comes after the deadline.
    func hash(_ password: Password, by deadline: Deadline) async throws -> String {
        try await self.run(by: deadline) { try self.hasher.hash(password.text) }
    }

    /// Compares, and when the password is right calls `then` on the same thread.
    ///
    /// - Parameter account: nil for one that does not exist; takes as long and never matches.
    /// - Returns: nil when the password is wrong.
    /// - Throws: `SignInOverload` when too many wait, or its turn comes after the deadline; or what `then` throws.
    func verify<T: Sendable>(
        _ password: String, of account: Account?, by deadline: Deadline, then: @escaping @Sendable (User) throws -> T
    ) async throws -> T? {
        // Bytes bcrypt would not read: no stored hash can match, whoever's it is.
        guard Password.isComparable(password) else { return nil }
        return try await self.run(by: deadline) {
            guard self.matches(password, account), let account else { return nil }
            return try then(account.user)
        }
    }

    /// Compares on the calling thread. Never true without an account, and never faster.
    func matches(_ password: String, _ account: Account?) -> Bool {
        let isRight = self.hasher.verify(password, account?.passwordHash ?? self.decoy)
        return isRight && account != nil
    }

    /// Whether a hash was made at another cost than is set now.
    func isOutdated(_ hash: String) -> Bool { !hash.hasPrefix("$2b$\(Self.digits(self.cost))$") }

    private func run<T: Sendable>(by deadline: Deadline, _ body: @escaping @Sendable () throws -> T) async throws -> T {
        do {
            return try await self.blocking.run {
                // Nobody waits for this any more; whoever stands behind it does.
                guard !deadline.isPast else { throw SignInOverload() }
                return try body()
            }
        } catch is BlockingExecutorError {
            throw SignInOverload()
        }
    }

    /// A hash in the right form that no password is known for: nothing has to be computed for it at start.
    private static func decoy(cost: Int) -> String {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let letters = Random.bytes(53).map { alphabet[Int($0 & 63)] }
        // The 22nd letter of the salt holds two bits only; the others of that place are no valid salt.
        var text = letters
        text[21] = UInt8(ascii: "O")
        return "$2b$\(self.digits(cost))$" + String(decoding: text, as: UTF8.self)
    }

    private static func digits(_ cost: Int) -> String { cost < 10 ? "0\(cost)" : String(cost) }
}

/// Too many passwords wait to be hashed or compared, or tokens to be signed.
struct SignInOverload: UserRefusal {
    var problem: Problem {
        .unavailable("Too many people are signing in; try again in a moment.", code: "overloaded")
    }
}
