import Telemetry

/// Forgets carts that nobody has touched for long, so that storage has a bound.
struct CartUpkeep: Sendable {
    let carts: any CartRepository
    let lifetime: Duration
    let expired: CounterSeries
    let log: Logger
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    private static let interval = Duration.seconds(3_600)
    /// Carts of one transaction, so that others need not wait long for the writer.
    static let batchMax = 500

    /// Looks once an hour, and returns when cancelled.
    func run() async {
        while !Task.isCancelled {
            await self.sweep()
            // Cancellation ends the wait early, and the loop sees it.
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Removes every cart past its lifetime.
    func sweep() async {
        let oldest = self.now() - Int(self.lifetime / .microseconds(1))
        do {
            var removed = 0
            repeat {
                removed = try await self.carts.removeCarts(untouchedSince: oldest, limit: Self.batchMax)
                self.expired.add(removed)
            } while removed == Self.batchMax && !Task.isCancelled
        } catch is CancellationError {
            return
        } catch {
            self.log.warning("old carts cannot be removed", [.cause(error)])
        }
    }
}
