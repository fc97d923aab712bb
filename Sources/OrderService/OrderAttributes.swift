import OrderDomain
import Telemetry

/// What spans and log lines of the order service say. An address is personal and no attribute at all.
extension Attribute {
    /// `shop.order.id`
    static func orderID(_ id: OrderID) -> Attribute { Attribute("shop.order.id", id.description) }
    /// `shop.order.status`
    static func orderStatus(_ status: OrderStatus) -> Attribute { Attribute("shop.order.status", status.rawValue) }
    /// `shop.order.outcome`: what came of the try to place it.
    static func outcome(_ outcome: OrderMetrics.Outcome) -> Attribute {
        Attribute("shop.order.outcome", outcome.rawValue)
    }
    /// `shop.order.line_count`
    static func lineCount(_ count: Int) -> Attribute { Attribute("shop.order.line_count", count) }
    /// `shop.order.amount_minor_units`
    static func amount(_ amount: Money) -> Attribute { Attribute("shop.order.amount_minor_units", amount.minorUnits) }
    /// `shop.order.cancel_reason`
    static func cancelReason(_ reason: CancelReason) -> Attribute {
        Attribute("shop.order.cancel_reason", reason.rawValue)
    }
    /// `shop.payment.method`
    static func paymentMethod(_ method: PaymentMethod) -> Attribute {
        Attribute("shop.payment.method", method.rawValue)
    }
    /// `shop.payment.decline_reason`
    static func declineReason(_ reason: DeclineReason) -> Attribute {
        Attribute("shop.payment.decline_reason", reason.rawValue)
    }
    /// `shop.saga.step`
    static func sagaStep(_ step: Saga.Step) -> Attribute { Attribute("shop.saga.step", step.rawValue) }
    /// `error.message`: why another service did not do its step.
    static func failure(_ failure: StepFailure) -> Attribute { Attribute("error.message", failure.cause) }
    /// `error.message`: infrastructure errors, which name nobody.
    static func cause(_ error: any Error) -> Attribute { Attribute("error.message", "\(error)") }
    /// `shop.invariant.violations`
    static func violations(_ count: Int) -> Attribute { Attribute("shop.invariant.violations", count) }

    /// `shop.payment.outcome`
    static func paymentOutcome(_ outcome: ChargeOutcome) -> Attribute {
        switch outcome {
        case .captured: Attribute("shop.payment.outcome", "captured")
        case .declined: Attribute("shop.payment.outcome", "declined")
        case .unknown: Attribute("shop.payment.outcome", "unknown")
        }
    }

    /// `shop.payment.outcome`
    static func paymentFinding(_ finding: PaymentFinding) -> Attribute {
        switch finding {
        case .captured: Attribute("shop.payment.outcome", "captured")
        case .declined: Attribute("shop.payment.outcome", "declined")
        case .none: Attribute("shop.payment.outcome", "none")
        case .unknown: Attribute("shop.payment.outcome", "unknown")
        }
    }

    /// `shop.payment.outcome`
    static func refundOutcome(_ outcome: RefundOutcome) -> Attribute {
        switch outcome {
        case .refunded: Attribute("shop.payment.outcome", "refunded")
        case .nothingCaptured: Attribute("shop.payment.outcome", "voided")
        case .unknown: Attribute("shop.payment.outcome", "unknown")
        }
    }
}
