import Telemetry

/// What has to be done from time to time: keys rotated, expired sessions forgotten.
struct Upkeep: Sendable {
    static let period = Duration.seconds(60)
    /// Rows deleted in one transaction, so that no sign-in waits long behind it.
    static let pruneRowsMax = 500
    /// Transactions in one round.
    static let prunesMax = 20

    let keeper: SigningKeyKeeper
    let sessions: any SessionRepository
    let telemetry: Telemetry
    let now: @Sendable () -> Int

    /// Rounds until cancelled.
    func run() async {
        while !Task.isCancelled {
            // Sleeping first: the service has just done the first round itself. It throws only when cancelled.
            do { try await Task.sleep(for: Self.period) } catch { return }
            await self.round()
        }
    }

    /// One round. A failure is logged and left to the next one.
    func round() async {
        do {
            try await self.keeper.refresh(now: self.now())
        } catch {
            self.telemetry.log.error("signing keys not refreshed", [.cause(error)])
        }
        do {
            try await self.prune()
        } catch {
            self.telemetry.log.error("expired sessions not removed", [.cause(error)])
        }
    }

    private func prune() async throws {
        let now = self.now()
        for _ in 0..<Self.prunesMax {
            let removed = try await self.sessions.prune(now: now, limit: Self.pruneRowsMax)
            if removed == 0 { return }
        }
    }
}
