import Faults
import HTTPCore
public import Persistence
public import Telemetry

/// The faults of point `database`. Operations that make no spans, such as those of readiness checks and of upkeep, meet
/// none.
extension FaultInjector: DatabaseDisturbance {
    public var isActive: Bool { self.isActive(at: .database) }

    public func precede(_ operation: String, on namespace: String, span: ActiveSpan) async throws {
        let context = TelemetryContext.current
        guard !context.isSuppressed else { return }
        let injections = self.registry.inject(
            at: .database, FaultCall(operation, baggage: context.baggage), span: span)
        guard !injections.isEmpty else { return }
        try await self.delay(injections, until: .distantFuture)
        for injection in injections {
            if case .error = injection.effect { throw PersistenceError.unavailable(namespace: namespace) }
        }
    }
}
