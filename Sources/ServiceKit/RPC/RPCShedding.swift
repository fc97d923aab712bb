import HTTPCore
import CSystem
import RPC
import Resilience
import Telemetry

/// Takes calls in unless there are too many in flight; what changes something, and so belongs to a checkout, goes first.
struct RPCShedding: RPCServerInterceptor {
    let shedder: LoadShedder

    func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws {
        // Probes and reflection are no load, and a watch never ends.
        guard !TelemetryContext.current.isSuppressed else { return try await proceed() }
        let priority: LoadPriority = context.method.idempotency == .noSideEffects ? .normal : .critical
        guard let permit = self.shedder.admit(priority, now: vitrine_monotonic_nanoseconds()) else {
            throw RPCError(
                .resourceExhausted, "There are too many calls in progress.", details: [.retryInfo(.seconds(1))])
        }
        do {
            try await proceed()
            self.shedder.finish(permit, .completed, now: vitrine_monotonic_nanoseconds())
        } catch {
            self.shedder.finish(
                permit, context.deadline.isPast ? .dropped : .ignored, now: vitrine_monotonic_nanoseconds())
            throw error
        }
    }
}
