import Telemetry

/// Ends sessions. Access tokens that were handed out live until they expire.
struct LogOut: Sendable {
    let sessions: any SessionRepository
    let telemetry: Telemetry

    /// Ends the session a refresh token belongs to, or every session of the user without one.
    ///
    /// A token that is unknown or another user's ends nothing and is no error (RFC 7009, section 2.2).
    func callAsFunction(userID: String, refreshToken: String?) async throws {
        guard let refreshToken else {
            let ended = try await self.sessions.endAll(userID: userID)
            self.telemetry.log.info("user logged out everywhere", [.userID(userID), .sessionsEnded(ended)])
            return
        }
        if try await self.sessions.end(RefreshTokenDigest(of: refreshToken), userID: userID) {
            self.telemetry.log.info("user logged out", [.userID(userID)])
        }
    }
}
