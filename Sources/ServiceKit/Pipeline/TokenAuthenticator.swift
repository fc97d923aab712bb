import CSystem
import HTTPCore
import Routing
import Security
import Telemetry

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
    private let cache = VerifiedTokenCache()
    private let outcomes: Counter<TokenOutcome>

    init(keys: Keys, telemetry: Telemetry) {
        switch keys {
        case .local(let keys): self.source = .local(keys)
        case .remote(let client): self.source = .directory(KeyDirectory(client: client))
        }
        self.outcomes = telemetry.metrics.counter(SecurityMetrics.tokens)
    }

    func identify(_ fields: HTTPFields) async throws -> Identity {
        guard fields.valueCount(of: .authorization) == 1, let token = Self.bearerToken(fields) else {
            self.outcomes.add(1, .malformed)
            throw Problem.unauthorized("The authorization field is not 'Bearer' and a token.", error: "invalid_request")
        }
        let now = Int(vitrine_coarse_realtime_seconds())
        if let claims = self.cache.claims(for: token, now: now) {
            self.outcomes.add(1, .cached)
            return Self.identity(claims, token)
        }
        let claims = try await self.verify(token, now: now)
        self.cache.insert(claims, for: token, now: now)
        self.outcomes.add(1, .verified)
        return Self.identity(claims, token)
    }

    private func verify(_ token: String, now: Int) async throws -> AccessTokenClaims {
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

    private static func identity(_ claims: AccessTokenClaims, _ token: String) -> Identity {
        Identity(userID: claims.subject, roles: Set(claims.roles.compactMap { Role(rawValue: $0) }), token: token)
    }

    /// The token behind the scheme, which is case-insensitive (RFC 9110, section 11.1).
    private static func bearerToken(_ fields: HTTPFields) -> String? {
        fields.withValue(.authorization) { bytes -> String? in
            guard bytes.count > 7, bytes[6] == 0x20 else { return nil }
            for (byte, expected) in zip(bytes, "bearer".utf8) where byte | 0x20 != expected { return nil }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[7...]), as: UTF8.self)
        } ?? nil
    }
}

/// What became of the tokens that callers sent.
enum TokenOutcome: String, MetricLabel {
    case cached, verified, refused, malformed
    static var labelName: String { "outcome" }
}

enum SecurityMetrics {
    static let tokens = CounterDescriptor<TokenOutcome>(
        "vitrine.access_tokens", unit: .count("token"), help: "Access tokens presented, by what became of them.")
}
