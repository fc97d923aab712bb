import OrderDomain
package import Telemetry

/// Every metric of the order service.
package enum OrderMetrics {
    /// What came of a try to place an order.
    package enum Outcome: String, MetricLabel {
        case placed
        /// The payment's outcome was not known in time.
        case pending
        case outOfStock = "out_of_stock"
        /// A product that does not exist, an empty cart, a sum that cannot be charged.
        case invalid
        case paymentDeclined = "payment_declined"
        /// Another service did not answer.
        case unavailable
        /// An idempotency key in use, or used for another request.
        case conflict
        /// Cancelled while it was being placed.
        case cancelled
        /// The same request came before.
        case replayed
        case failed

        package static var labelName: String { "outcome" }
    }

    package enum PaymentOutcome: String, MetricLabel {
        case captured, declined, unknown, refunded

        package static var labelName: String { "outcome" }
    }

    package enum Method: String, MetricLabel {
        case creditCard = "credit_card"
        case debitCard = "debit_card"
        case paypal
        case bankTransfer = "bank_transfer"

        package static var labelName: String { "method" }
    }

    package enum SagaStep: String, MetricLabel {
        case placing
        case paymentUnknown = "payment_unknown"
        case confirming, clearing, compensating

        package static var labelName: String { "step" }
    }

    package enum CompensationStep: String, MetricLabel {
        case cancel, refund, release

        package static var labelName: String { "step" }
    }

    package enum Invariant: String, MetricLabel {
        case money

        package static var labelName: String { "invariant" }
    }

    package static let placed = CounterDescriptor<Outcome>(
        "shop.orders.placed", unit: .count("order"), help: "Tries to place an order, by outcome.")
    package static let orderValue = DynamicDescriptor(
        "shop.order.value_minor_units", kind: .counter, unit: .none,
        help: "What placed orders came to, in minor units of the currency.", labelNames: ["currency"])
    package static let payments = CounterDescriptor<LabelPair<PaymentOutcome, Method>>(
        "shop.payments", unit: .count("payment"), help: "Answers of the payment provider, by outcome and method.")
    package static let checkoutDuration = HistogramDescriptor<NoLabels>(
        "shop.checkout.duration", unit: .seconds, help: "How long a try to place an order took, whatever its outcome.")
    package static let sagaInFlight = GaugeDescriptor<SagaStep>(
        "shop.saga.in_flight", unit: .count("order"), help: "Orders with something left to be done, by step.")
    /// Counted from the order's last change and not from its placing: cancelling an order of last week begins today.
    package static let sagaOldestAge = GaugeDescriptor<SagaStep>(
        "shop.saga.oldest_age", unit: .seconds,
        help: "How long ago the order that has stood still longest at a step last changed; 0 when none is there.")
    package static let compensations = CounterDescriptor<CompensationStep>(
        "shop.saga.compensations", unit: .count("step"), help: "Steps of orders that were undone, by step.")
    package static let invariantViolations = GaugeDescriptor<Invariant>(
        "shop.invariant.violations", unit: .count("violation"),
        help: "Things that contradict a rule of the shop right now; anything but 0 wants a person.")
}

/// The instruments, registered once at start so that every series exists at zero.
struct OrderInstruments: Sendable {
    let placed: Counter<OrderMetrics.Outcome>
    let payments: Counter<LabelPair<OrderMetrics.PaymentOutcome, OrderMetrics.Method>>
    let checkoutDuration: HistogramSeries
    private let sagaInFlight: Gauge<OrderMetrics.SagaStep>
    private let sagaOldestAge: Gauge<OrderMetrics.SagaStep>
    let compensations: Counter<OrderMetrics.CompensationStep>
    let invariantViolations: GaugeSeries
    private let value: CounterFamily
    private let dollars: CounterSeries

    /// Currencies that orders have been placed in; more share one series.
    private static let currenciesMax = 20

    init(_ metrics: MetricRegistry) {
        self.placed = metrics.counter(OrderMetrics.placed)
        self.payments = metrics.counter(OrderMetrics.payments)
        self.checkoutDuration = metrics.histogram(OrderMetrics.checkoutDuration).series(NoLabels())
        self.sagaInFlight = metrics.gauge(OrderMetrics.sagaInFlight)
        self.sagaOldestAge = metrics.gauge(OrderMetrics.sagaOldestAge)
        self.compensations = metrics.counter(OrderMetrics.compensations)
        self.invariantViolations = metrics.gauge(OrderMetrics.invariantViolations).series(.money)
        self.value = metrics.dynamicCounter(OrderMetrics.orderValue, seriesMax: Self.currenciesMax)
        self.dollars = self.value.series([Currency.usd.code])
    }

    func orderValue(_ amount: Money) {
        let series = amount.currency == .usd ? self.dollars : self.value.series([amount.currency.code])
        series.add(amount.minorUnits)
    }

    /// The orders that stand at a step now; nil for none.
    /// - Parameter now: microseconds since 1970.
    func unfinished(_ backlog: SagaBacklog?, at step: Saga.Step, now: Int) {
        let age = backlog.map { max(0, now - $0.oldestChange) } ?? 0
        self.sagaInFlight.set(backlog?.count ?? 0, .init(step))
        self.sagaOldestAge.set(Double(age) / 1_000_000, .init(step))
    }

    /// A payment that was unknown has become known, and with it the end of its order.
    func settled(_ method: PaymentMethod, _ finding: PaymentFinding, _ end: CheckoutEnd) {
        let context = TelemetryContext.current.spanContext
        self.placed.add(1, end.outcome, in: context)
        switch finding {
        case .captured: self.payments.add(1, LabelPair(.captured, .init(method)), in: context)
        case .declined: self.payments.add(1, LabelPair(.declined, .init(method)), in: context)
        case .none, .unknown: break
        }
    }
}

extension OrderMetrics.Method {
    init(_ method: PaymentMethod) {
        switch method {
        case .creditCard: self = .creditCard
        case .debitCard: self = .debitCard
        case .paypal: self = .paypal
        case .bankTransfer: self = .bankTransfer
        }
    }
}

extension OrderMetrics.PaymentOutcome {
    init(_ outcome: ChargeOutcome) {
        switch outcome {
        case .captured: self = .captured
        case .declined: self = .declined
        case .unknown: self = .unknown
        }
    }
}

extension OrderMetrics.SagaStep {
    init(_ step: Saga.Step) {
        switch step {
        case .placing: self = .placing
        case .paymentUnknown: self = .paymentUnknown
        case .confirming: self = .confirming
        case .clearing: self = .clearing
        case .compensating: self = .compensating
        }
    }
}
