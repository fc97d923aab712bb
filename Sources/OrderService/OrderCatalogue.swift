import Persistence
import ServiceKit
public import Telemetry

/// What the service does to its databases, as spans and metrics name it.
enum OrderOperations {
    static let selectOrders = DatabaseOperation("SELECT", "orders")
    static let insertOrder = DatabaseOperation("INSERT", "orders")
    static let updateOrder = DatabaseOperation("UPDATE", "orders")
    static let selectEvents = DatabaseOperation("SELECT", "order_events")
    static let selectKeys = DatabaseOperation("SELECT", "idempotency_keys")
    static let deleteKeys = DatabaseOperation("DELETE", "idempotency_keys")
    static let selectSagas = DatabaseOperation("SELECT", "sagas")
    static let updateSagas = DatabaseOperation("UPDATE", "sagas")
    static let selectPayments = DatabaseOperation("SELECT", "payments")
    static let selectCharges = DatabaseOperation("SELECT", "simulated_charges")
    static let insertCharge = DatabaseOperation("INSERT", "simulated_charges")
    static let updateCharge = DatabaseOperation("UPDATE", "simulated_charges")

    /// Those that make spans: the rest is background work that is worth no trace.
    static let traced = [
        selectOrders, insertOrder, updateOrder, selectEvents, selectKeys, selectCharges, insertCharge, updateCharge,
    ]
}

extension OrderService {
    public static var catalogue: TelemetryCatalogue {
        .platform + .database(OrderOperations.traced)
            + TelemetryCatalogue(
                attributes: [
                    Attribute.orderStatus, Attribute.outcome, Attribute.lineCount, Attribute.minorUnits,
                    Attribute.cancelReason, Attribute.paymentMethod, Attribute.declineReason, Attribute.paymentOutcome,
                    Attribute.sagaStep,
                ],
                labels: [
                    LabelDescriptor("currency", "The currency, as ISO 4217 writes it."),
                    LabelDescriptor("method", "What is paid with."),
                    LabelDescriptor("step", "Where an order with something left to be done is."),
                    LabelDescriptor("invariant", "The rule of the shop."),
                ],
                spans: Self.spans, logEvents: Self.logEvents)
    }

    private static var spans: [SpanDescriptor] {
        [
            SpanDescriptor(
                "place order", "The try to place an order, whatever comes of it.",
                [Attribute.outcome, Attribute.orderID, Attribute.lineCount, Attribute.paymentMethod]),
            SpanDescriptor(
                "charge payment", kind: .client, "A question to the payment provider for money.",
                [Attribute.orderID, Attribute.paymentMethod, Attribute.paymentOutcome]),
            SpanDescriptor(
                "refund payment", kind: .client, "A payment taken back, or forbidden beforehand.",
                [Attribute.orderID, Attribute.paymentOutcome]),
            SpanDescriptor(
                "find payment", kind: .client, "A question to the payment provider what became of a payment.",
                [Attribute.orderID, Attribute.paymentOutcome]),
            SpanDescriptor(
                "resume order", "An unfinished order taken up again, linked to the trace that left it.",
                [Attribute.orderID, Attribute.sagaStep]),
        ]
    }

    private static var logEvents: [LogEventDescriptor] {
        let order: any DeclaredAttribute = Attribute.orderID
        let cause: any DeclaredAttribute = Attribute.errorMessage
        return [
            LogEventDescriptor(
                "order placed", .info, "An order is paid, and its stock is held.",
                [order, Attribute.userID, Attribute.minorUnits, Attribute.lineCount]),
            LogEventDescriptor(
                "order cancelled", .info, "An order was cancelled, by somebody or because it could not be placed.",
                [order, Attribute.userID, Attribute.cancelReason]),
            LogEventDescriptor(
                "order moved", .info, "An admin moved an order to another status.", [order, Attribute.orderStatus]),
            LogEventDescriptor(
                "order resumed", .info, "An unfinished order was taken up again.", [order, Attribute.sagaStep]),
            LogEventDescriptor(
                "order stays unfinished", .warning, "Taking up an order failed; it is tried again.", [order, cause]),
            LogEventDescriptor(
                "unfinished orders cannot be read", .warning, "The sweep for unfinished orders failed.", [cause]),
            LogEventDescriptor(
                "stock cannot be reserved", .warning, "The product service did not answer; the order is cancelled.",
                [order, cause]),
            LogEventDescriptor(
                "reservation is not confirmed yet", .warning,
                "The product service did not answer after the payment; it is tried again.", [order, cause]),
            LogEventDescriptor(
                "stock cannot be released yet", .warning,
                "The product service did not take back a reservation; it is tried again.", [order, cause]),
            LogEventDescriptor(
                "cart is not cleared yet", .warning, "The cart service did not answer; it is tried again.",
                [order, cause]),
            LogEventDescriptor(
                "compensation is put off", .warning, "A cancelled order could not be settled; it is tried again.",
                [order, cause]),
            LogEventDescriptor(
                "payment declined", .info, "The payment provider said no.", [order, Attribute.declineReason]),
            LogEventDescriptor(
                "payment outcome unknown", .warning,
                "The payment provider did not answer in time; the order waits for what it finds out.", [order]),
            LogEventDescriptor(
                "payment refunded", .info, "Money went back.", [order, Attribute.minorUnits]),
            LogEventDescriptor(
                "payment provider failed", .warning, "The simulated provider's own book failed.", [order, cause]),
            LogEventDescriptor(
                "money does not add up", .error, "What was paid and what was ordered contradict one another.",
                [order, Attribute.invariantViolations]),
            LogEventDescriptor(
                "books cannot be looked at", .warning, "The audit of the books failed; it comes again.", [cause]),
            LogEventDescriptor(
                "old idempotency keys cannot be removed", .warning, "They stay until the next try.", [cause]),
        ]
    }
}
