import CSystem
import HTTPCore
import Routing
import Security
package import Telemetry

/// Verifies access tokens, each once: a token that was good is known by its digest until it expires.
final class TokenAuthenticator: Authenticator, Sendable {
    /// Where the keys come from: this process, or the user service.
    enum Keys: Sendable {
        case local(@Sendable () -> JWKSet)
        case remote(UpstreamClient)
    }
    private enum Source: Sendable {
        case local(@Sendable () -> JWKSet)
        case directory(KeyDirectory)
    }
    private let source: Source
    private let verifier = TokenVerifier(issuer: "vitrine", audience: "vitrine-api")
    private let cache = TokenCache<Identity>()
    private let outcomes: Counter<TokenOutcome>

    /// - Parameter monotonic: nanoseconds, by which keys grow old.
    init(
        keys: Keys, telemetry: Telemetry,
        monotonic: @escaping @Sendable () -> UInt64 = { vitrine_monotonic_nanoseconds() }
    ) {
        switch keys {
        case .local(let keys): self.source = .local(keys)
        case .remote(let client): self.source = .directory(KeyDirectory(client: client, now: monotonic))
        }
        self.outcomes = telemetry.metrics.counter(SecurityMetrics.tokens)
    }

    func identify(_ fields: HTTPFields) async throws -> Identity {
        guard fields.valueCount(of: .authorization) == 1 else { throw self.malformed() }
        let now = Int(vitrine_coarse_realtime_seconds())
        let known = fields.withValue(.authorization) { value in
            Self.token(in: value).flatMap { self.cache.value(for: $0, now: now) }
        }
        if let identity = known ?? nil {
            self.outcomes.add(1, .cached)
            return identity
        }
        guard let token = fields.withValue(.authorization, { Self.token(in: $0).map(Array.init) }) ?? nil else {
            throw self.malformed()
        }
        let claims = try await self.verify(token, now: now)
        let identity = Identity(
            userID: claims.subject, roles: Set(claims.roles.compactMap { Role(rawValue: $0) }),
            token: String(decoding: token, as: UTF8.self))
        token.withUnsafeBufferPointer { _ = self.cache.insert(identity, for: $0, claims: claims, now: now) }
        self.outcomes.add(1, .verified)
        return identity
    }

    private func malformed() -> Problem {
        self.outcomes.add(1, .malformed)
        return .unauthorized("The authorization field is not 'Bearer' and a token.", error: "invalid_request")
    }

    private func verify(_ token: [UInt8], now: Int) async throws -> AccessTokenClaims {
        do {
            return try self.verifier.verify(token, keys: try await self.keys(), now: now)
        } catch TokenError.unknownKey {
            // A key may have been added since: look again, though not for every forged token.
            guard case .directory(let directory) = self.source else { throw self.refusal(.unknownKey) }
            let keys = try await directory.keysAfterMiss()
            do throws(TokenError) {
                return try self.verifier.verify(token, keys: keys, now: now)
            } catch {
                throw self.refusal(error)
            }
        } catch let error as TokenError {
            throw self.refusal(error)
        }
    }

    private func keys() async throws -> JWKSet {
        switch self.source {
        case .local(let keys): return keys()
        case .directory(let directory): return try await directory.keys()
        }
    }

    private func refusal(_ error: TokenError) -> Problem {
        self.outcomes.add(1, .refused)
        return .unauthorized("The access token is not valid: \(error).", error: "invalid_token")
    }

    /// The token behind the scheme, which is case-insensitive (RFC 9110, section 11.1).
    private static func token(in value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        guard value.count > 7, value[6] == 0x20 else { return nil }
        for (byte, expected) in zip(value, "bearer".utf8) where byte | 0x20 != expected { return nil }
        return UnsafeBufferPointer(rebasing: value[7...])
    }
}

/// What became of the tokens that callers sent.
package enum TokenOutcome: String, MetricLabel {
    case cached, verified, refused, malformed
    package static var labelName: String { "outcome" }
}

package enum SecurityMetrics {
    package static let tokens = CounterDescriptor<TokenOutcome>(
        "shop.access_tokens", unit: .count("token"), help: "Access tokens presented, by what became of them.")
}
