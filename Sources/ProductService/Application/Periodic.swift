import Telemetry

/// Work that is done again and again until its task is cancelled.
struct Periodic<C: Clock>: Sendable where C.Duration == Duration {
    let clock: C
    /// Between the end of one turn and the beginning of the next.
    let interval: Duration
    let log: Logger

    /// Runs `body` at once and then after every interval. A turn that fails is logged, and the next one comes all the
    /// same.
    func run(_ name: StaticString, _ body: @Sendable () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await body()
            } catch is CancellationError {
                return
            } catch {
                self.log.warning(
                    "background work failed",
                    [.workName("\(name)"), .errorMessage("\(error)")])
            }
            // Sleeping throws for cancellation alone, which the loop asks about.
            try? await self.clock.sleep(for: self.interval)
        }
    }
}
