import Telemetry

/// What the order service does between requests: unfinished orders, the audit, old keys.
struct OrderUpkeep: Sendable {
    let orders: any OrderRepository
    let resume: ResumeOrders
    let audit: MoneyAudit
    let instruments: OrderInstruments
    let log: Logger
    let sweepInterval: Duration
    let keyLifetime: Duration
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    /// How often counts and books are looked at.
    private static let lookInterval = Duration.seconds(5)
    /// How often old keys are looked for.
    private static let pruneInterval = Duration.seconds(600)
    /// Keys of one transaction.
    private static let pruneMax = 1_000

    /// Works until cancelled: once at the start, then at intervals.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await Self.every(self.sweepInterval) { await self.resume.sweep() } }
            group.addTask { await Self.every(Self.lookInterval) { await self.look() } }
            group.addTask { await Self.every(Self.pruneInterval) { await self.prune() } }
        }
    }

    private static func every(_ interval: Duration, _ work: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            await work()
            // Cancellation ends the wait early, and the loop sees it.
            try? await Task.sleep(for: interval)
        }
    }

    /// Brings the gauges up to date.
    func look() async {
        await self.quietly("books cannot be looked at") {
            let backlog = try await self.orders.sagaBacklog()
            for step in Saga.Step.allCases { self.instruments.unfinished(backlog[step], at: step, now: self.now()) }
            try await self.audit.look()
        }
    }

    /// Forgets keys past their lifetime.
    func prune() async {
        await self.quietly("old idempotency keys cannot be removed") {
            let oldest = self.now() - self.keyLifetime.microseconds
            while try await self.orders.removeKeys(usedBefore: oldest, limit: Self.pruneMax) == Self.pruneMax {}
        }
    }

    /// Work of no request, which is worth no trace.
    private func quietly(_ failure: StaticString, _ work: () async throws -> Void) async {
        do {
            try await TelemetryContext.$current.withValue(TelemetryContext(isSuppressed: true)) { try await work() }
        } catch is CancellationError {
            return
        } catch {
            self.log.warning(failure, [.cause(error)])
        }
    }
}
