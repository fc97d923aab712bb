import ServiceKit

/// The settings of the order service.
struct OrderConfig: Sendable {
    /// `VITRINE_ORDER_STEP_TIMEOUT`: the longest wait for product or cart in one step of a checkout, 100 ms to 60 s,
    /// default 3 s.
    var stepTimeout = Duration.seconds(3)
    /// `VITRINE_PAYMENT_TIMEOUT`: the longest wait for the payment provider, 10 ms to 60 s, default 3 s. After it the
    /// answer is 202.
    var paymentTimeout = Duration.seconds(3)
    /// `VITRINE_PAYMENT_LATENCY`: how long the simulated provider takes for a charge, 0 ms to 60 s, default 0 ms.
    var paymentLatency = Duration.zero
    /// `VITRINE_ORDER_RESERVATION_HOLD`: how long stock is held for an order that is not paid, 1 min to 24 h, default
    /// 15 min.
    var reservationHold = Duration.seconds(15 * 60)
    /// `VITRINE_ORDER_RESUME_AFTER`: how long an order somebody works on is left alone before it counts as abandoned,
    /// 1 s to 1 h, default 30 s. Not shorter than a checkout may take.
    var resumeAfter = Duration.seconds(30)
    /// `VITRINE_ORDER_SWEEP_INTERVAL`: how often unfinished orders are looked for, 100 ms to 1 min, default 1 s.
    var sweepInterval = Duration.seconds(1)
    /// `VITRINE_IDEMPOTENCY_KEY_LIFETIME`: how long an idempotency key counts, 1 h to 30 d, default 24 h.
    var keyLifetime = Duration.seconds(24 * 3_600)

    init() {}

    /// Reads the settings; wrong ones are recorded in `reader`.
    init(_ reader: ConfigReader) {
        self.stepTimeout = reader.duration(
            "VITRINE_ORDER_STEP_TIMEOUT", default: self.stepTimeout, in: .milliseconds(100) ... .seconds(60))
        self.paymentTimeout = reader.duration(
            "VITRINE_PAYMENT_TIMEOUT", default: self.paymentTimeout, in: .milliseconds(10) ... .seconds(60))
        self.paymentLatency = reader.duration(
            "VITRINE_PAYMENT_LATENCY", default: self.paymentLatency, in: .zero ... .seconds(60))
        self.reservationHold = reader.duration(
            "VITRINE_ORDER_RESERVATION_HOLD", default: self.reservationHold, in: .seconds(60) ... .seconds(86_400))
        self.resumeAfter = reader.duration(
            "VITRINE_ORDER_RESUME_AFTER", default: self.resumeAfter, in: .seconds(1) ... .seconds(3_600))
        self.sweepInterval = reader.duration(
            "VITRINE_ORDER_SWEEP_INTERVAL", default: self.sweepInterval, in: .milliseconds(100) ... .seconds(60))
        self.keyLifetime = reader.duration(
            "VITRINE_IDEMPOTENCY_KEY_LIFETIME", default: self.keyLifetime, in: .seconds(3_600) ... .seconds(30 * 86_400)
        )
    }

    /// The longest a checkout may take: cart, reservation and confirmation wait for a service each, and it is paid.
    var checkoutTimeout: Duration { self.stepTimeout * 3 + self.paymentTimeout + .seconds(2) }

    var timing: CheckoutTiming {
        CheckoutTiming(
            step: self.stepTimeout, payment: self.paymentTimeout, lease: max(self.resumeAfter, self.checkoutTimeout),
            settleAfter: .seconds(2))
    }
}
