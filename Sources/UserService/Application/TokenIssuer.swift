import NetworkIO
import Routing
import Security

/// Signs access tokens.
struct TokenIssuer: Sendable {
    static let issuer = "vitrine"
    static let audience = "vitrine-api"

    let ring: SigningKeyRing
    let blocking: BlockingExecutor
    /// In seconds.
    let lifetimeSeconds: Int

    /// Signs on the calling thread, about half a millisecond.
    /// - Parameter now: microseconds since the epoch.
    func sign(for user: User, now: Int) throws -> String {
        guard let key = self.ring.signer(now: now) else { throw NoSigningKey() }
        let issuedAt = now / 1_000_000
        return try key.sign(
            AccessTokenClaims(
                subject: user.id, roles: user.roles.map(\.rawValue), issuedAt: issuedAt,
                expiresAt: issuedAt + self.lifetimeSeconds, tokenID: UUIDv7().description, issuer: Self.issuer,
                audience: Self.audience))
    }

    /// Signs on a blocking thread.
    /// - Throws: `SignInOverload` when too many wait.
    func issue(for user: User, now: Int) async throws -> String {
        do {
            return try await self.blocking.run { try self.sign(for: user, now: now) }
        } catch is BlockingExecutorError {
            throw SignInOverload()
        }
    }
}

/// The service has not loaded its keys; it is not ready either.
struct NoSigningKey: Error, CustomStringConvertible {
    var description: String { "there is no signing key yet" }
}
