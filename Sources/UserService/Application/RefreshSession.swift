import Routing
import Telemetry

/// Exchanges a refresh token for new tokens.
///
/// A token is good once. Its second use ends every token that descends from the same login, because one of the two
/// users is a thief and nobody can tell which (RFC 9700, section 4.14.2). Two requests with the same token at the same
/// moment are no exception: one is answered, the other ends the family, and the user signs in again.
struct RefreshSession: Sendable {
    let sessions: any SessionRepository
    let issuer: TokenIssuer
    let policy: SessionPolicy
    let telemetry: Telemetry
    let instruments: UserInstruments
    let now: @Sendable () -> Int

    /// - Parameter token: as sent.
    /// - Throws: `RefreshRefusal`, `SignInOverload`, or what the store throws.
    func callAsFunction(_ token: String) async throws -> Session {
        do {
            let session = try await self.exchange(RefreshTokenDigest(of: token))
            self.instruments.refreshes.add(1, .success)
            return session
        } catch let refusal as RefreshRefusal {
            self.instruments.refreshes.add(1, refusal.outcome)
            throw refusal
        } catch {
            self.instruments.refreshes.add(1, .failed)
            throw error
        }
    }

    private func exchange(_ digest: RefreshTokenDigest) async throws -> Session {
        let now = self.now()
        guard let grant = try await self.sessions.grant(digest, now: now) else { throw RefreshRefusal.unknown }
        // Signed before the token is spent: if signing fails, the caller still holds a good token.
        let accessToken = grant.isGood ? try await self.issuer.issue(for: grant.user, now: now) : ""
        let successor = RefreshToken.random()
        let outcome = try await self.sessions.rotate(
            digest, to: successor.digest, expiresAt: now + self.policy.refreshLifetime, now: now)
        if let refusal = self.refusal(outcome) { throw refusal }
        return Session(
            user: grant.user, accessToken: accessToken, expiresIn: self.issuer.lifetimeSeconds, refreshToken: successor)
    }

    private func refusal(_ outcome: RotationOutcome) -> RefreshRefusal? {
        switch outcome {
        case .rotated: return nil
        case .unknown: return .unknown
        case .expired: return .expired
        case .reused(let userID, let familyID):
            self.telemetry.log.warning(
                "refresh token used twice, session ended", [.userID(userID), .sessionFamily(familyID)])
            return .reused
        }
    }
}

/// Why a refresh token is not exchanged. The caller learns only that it is not good.
enum RefreshRefusal: UserRefusal, Hashable {
    case unknown
    case expired
    case reused

    var outcome: UserMetrics.RefreshOutcome {
        switch self {
        case .unknown: .unknown
        case .expired: .expired
        case .reused: .reused
        }
    }

    var description: String { "refresh token refused: \(self.outcome.rawValue)" }

    var problem: Problem { .unauthorized("The refresh token is not valid; sign in again.", error: "invalid_token") }
}
