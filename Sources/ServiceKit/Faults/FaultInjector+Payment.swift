import Faults
public import HTTPCore
import Telemetry

/// What a payment provider that a fault was set for does with a call.
public enum PaymentTrouble: Sendable, Hashable {
    /// Refuses the charge.
    case decline
    /// Does what it is asked to, and its answer is lost.
    case answerLost
    /// Does not hear of it.
    case unavailable
}

extension FaultInjector {
    /// Lets a call of the payment provider meet the faults of point `payment`.
    ///
    /// - Parameters:
    ///   - name: of its span: `charge payment`, `find payment`, `refund payment`.
    ///   - isCharge: whether it is a charge, which alone can be declined or succeed unheard.
    /// - Throws: `CancellationError`.
    public func beforePayment(_ name: String, isCharge: Bool, deadline: Deadline) async throws -> PaymentTrouble? {
        let context = TelemetryContext.current
        let kinds: Set<FaultKind> = isCharge ? Set(FaultKind.allCases) : [.latency, .paymentUnavailable]
        let injections = self.registry.inject(
            at: .payment, FaultCall(name, baggage: context.baggage), kinds: kinds, span: context.span)
        guard !injections.isEmpty else { return nil }
        try await self.delay(injections, until: deadline)
        for injection in injections {
            switch injection.effect {
            case .paymentDecline: return .decline
            case .paymentTimeoutAfterSuccess: return .answerLost
            case .paymentUnavailable: return .unavailable
            default: break
            }
        }
        return nil
    }
}
