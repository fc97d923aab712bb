import Routing

/// Where accounts are kept.
protocol UserRepository: Sendable {
    func user(id: String) async throws -> User?
    func account(email: EmailAddress) async throws -> Account?

    /// - Returns: false, with nothing changed, when an account has the address already.
    func insert(_ user: User, passwordHash: String) async throws -> Bool

    /// Changes a profile in one transaction.
    ///
    /// - Parameter change: called once at most, with the user as stored; id, role and creation time stay whatever it
    ///   does.
    func update(id: String, _ change: @escaping @Sendable (inout User) -> Void) async throws -> ProfileOutcome

    /// Gives a user a role in one transaction, if `actor` is an admin still and at least one admin remains.
    func setRole(id: String, to role: Role, actor: String, now: Int) async throws -> RoleOutcome

    /// Replaces a hash that still is `old`, so that a password changed meanwhile stays as it is.
    func replaceHash(id: String, _ old: String, with new: String) async throws

    /// Users, newest first.
    func page(_ query: UserQuery) async throws -> UserPage
}

enum ProfileOutcome: Sendable {
    case updated(User)
    case notFound
    case emailTaken
}

enum RoleOutcome: Sendable {
    case changed(User, from: Role)
    /// The user has the role already.
    case unchanged(User)
    case notFound
    case lastAdmin
    /// Who asks is no admin any more, whatever their token says.
    case actorIsNoAdmin
}

/// Which users to list.
struct UserQuery: Sendable {
    /// From 1; counts only without `before`.
    var page: Int
    var limit: Int
    /// Part of an e-mail address or name, compared without regard to the case of ASCII letters; nil for all.
    var text: String?
    /// The id that the ones asked for are older than.
    var before: String?
}

struct UserPage: Sendable {
    let users: [User]
    /// How many there are on all pages.
    let total: Int
    let hasMore: Bool
}

/// Where refresh tokens are kept, as digests. The tokens that descend from one login are a family; only its newest is
/// good.
protocol SessionRepository: Sendable {
    /// Begins a family and ends the user's oldest ones, so that no more than `liveMax` are left.
    /// - Returns: how many were ended.
    func begin(_ session: NewSession, liveMax: Int, now: Int) async throws -> Int

    /// Who a token was given to and whether it is good now; nil for one that is not known.
    func grant(_ digest: RefreshTokenDigest, now: Int) async throws -> RefreshGrant?

    /// Spends a token for its successor, or finds in the same transaction why not. A spent token ends its family.
    func rotate(
        _ digest: RefreshTokenDigest, to successor: RefreshTokenDigest, expiresAt: Int, now: Int
    ) async throws -> RotationOutcome

    /// Ends the family of a token if it is the user's.
    /// - Returns: whether there was one.
    func end(_ digest: RefreshTokenDigest, userID: String) async throws -> Bool

    /// Ends all families of a user.
    /// - Returns: how many there were.
    func endAll(userID: String) async throws -> Int

    /// Forgets what has expired, `limit` rows of a kind at most.
    /// - Returns: how many rows went.
    func prune(now: Int, limit: Int) async throws -> Int
}

/// The beginning of a family.
struct NewSession: Sendable {
    let familyID: String
    let userID: String
    let digest: RefreshTokenDigest
    let expiresAt: Int
}

struct RefreshGrant: Sendable {
    let user: User
    let isGood: Bool
}

enum RotationOutcome: Sendable, Hashable {
    case rotated
    case unknown
    case expired
    /// The token was spent before, which only a thief or a confused client does; the family has been ended.
    case reused(userID: String, familyID: String)
}

/// Where the keys are kept that sign access tokens.
protocol SigningKeyRepository: Sendable {
    /// All keys, oldest first.
    func all() async throws -> [StoredSigningKey]

    /// Adds a key if the newest one still is `newest`.
    /// - Returns: false when another process was faster.
    func insert(_ key: StoredSigningKey, after newest: String?) async throws -> Bool

    func remove(ids: [String]) async throws
}

struct StoredSigningKey: Sendable, Hashable {
    /// RFC 7638 thumbprint.
    let id: String
    /// PKCS #8.
    let pem: String
    let createdAt: Int
    /// From when on it signs, in microseconds since the epoch; it is published before.
    let signsFrom: Int
}

extension StoredSigningKey: CustomStringConvertible, CustomReflectable {
    var description: String { "signing key \(self.id)" }
    var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}
