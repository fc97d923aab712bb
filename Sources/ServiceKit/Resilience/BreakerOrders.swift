import Resilience
import Synchronization

/// Carries out what operators want of breakers, and ends it after its time, whoever asked for it.
final class BreakerOrders: Sendable {
    private let registry: BreakerRegistry
    private let sleep: @Sendable (Duration) async throws -> Void
    /// The ends of the orders that have one, by breaker.
    private let ends = Mutex<[String: Task<Void, Never>]>([:])

    /// - Parameter sleep: ends at once when cancelled, with an error.
    init(
        _ registry: BreakerRegistry,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.registry = registry
        self.sleep = sleep
    }

    /// - Parameter duration: after which the breaker is reset; nil for an order that stands until the next.
    func give(_ order: BreakerRegistry.Order, to name: String, for duration: Duration?) {
        _ = self.registry.apply(order, to: name)
        let end =
            order == .reset
            ? nil
            : duration.map { duration in
                Task { [registry = self.registry, sleep = self.sleep] in
                    // Cancelled by the order that takes its place.
                    do { try await sleep(duration) } catch { return }
                    _ = registry.apply(.reset, to: name)
                }
            }
        let before = self.ends.withLock { ends in
            defer { ends[name] = end }
            return ends[name]
        }
        before?.cancel()
    }
}
