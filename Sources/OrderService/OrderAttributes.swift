public import OrderDomain
import ServiceKit
public import Telemetry

/// What spans and log lines of the order service say. An address is personal and no attribute at all.
extension Attribute {
    static var orderStatus: AttributeKey<OrderStatus> { .init("shop.order.status", .ours, "Where the order is.") }
    static var outcome: AttributeKey<OrderMetrics.Outcome> {
        .init("shop.order.outcome", .ours, "What came of the try to place an order.")
    }
    static var lineCount: AttributeKey<Int> { .init("shop.order.line_count", .ours, "Different products ordered.") }
    static var minorUnits: AttributeKey<Int> {
        .init("shop.order.amount_minor_units", .ours, "What the order comes to, in minor units of its currency.")
    }
    static var cancelReason: AttributeKey<CancelReason> {
        .init("shop.order.cancel_reason", .ours, "Why the order was cancelled.")
    }
    static var paymentMethod: AttributeKey<PaymentMethod> {
        .init("shop.payment.method", .ours, "What the order is paid with.")
    }
    static var declineReason: AttributeKey<DeclineReason> {
        .init("shop.payment.decline_reason", .ours, "Why the payment provider declined.")
    }
    static var paymentOutcome: AttributeKey<String> {
        .init("shop.payment.outcome", .ours, "What the payment provider answered, or `unknown`.")
    }
    static var sagaStep: AttributeKey<Saga.Step> {
        .init("shop.saga.step", .ours, "The step at which an unfinished order is taken up again.")
    }
}

extension OrderStatus: AttributeRepresentable {}
extension CancelReason: AttributeRepresentable {}
extension PaymentMethod: AttributeRepresentable {}
extension DeclineReason: AttributeRepresentable {}
extension Saga.Step: AttributeRepresentable {}
extension OrderMetrics.Outcome: AttributeRepresentable {}

extension Attribute {
    static func orderID(_ id: OrderID) -> Attribute { .orderID(id.description) }
    static func amount(_ amount: Money) -> Attribute { .minorUnits(amount.minorUnits) }
    /// Why another service did not do its step.
    static func failure(_ failure: StepFailure) -> Attribute { .errorMessage(failure.cause) }
    /// Infrastructure errors, which name nobody.
    static func cause(_ error: any Error) -> Attribute { .errorMessage("\(error)") }

    static func chargeOutcome(_ outcome: ChargeOutcome) -> Attribute {
        switch outcome {
        case .captured: .paymentOutcome("captured")
        case .declined: .paymentOutcome("declined")
        case .unknown: .paymentOutcome("unknown")
        }
    }

    static func paymentFinding(_ finding: PaymentFinding) -> Attribute {
        switch finding {
        case .captured: .paymentOutcome("captured")
        case .declined: .paymentOutcome("declined")
        case .none: .paymentOutcome("none")
        case .unknown: .paymentOutcome("unknown")
        }
    }

    static func refundOutcome(_ outcome: RefundOutcome) -> Attribute {
        switch outcome {
        case .refunded: .paymentOutcome("refunded")
        case .nothingCaptured: .paymentOutcome("voided")
        case .unknown: .paymentOutcome("unknown")
        }
    }
}
