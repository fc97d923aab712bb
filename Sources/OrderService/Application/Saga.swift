/// What is still to be done for an order, as it stands in the durable log. An order without one owes nothing.
///
/// Whoever works on it takes a lease by setting `dueAt` into the future. A process that ends loses its leases when
/// they run out, and another goes on; every step may be taken twice.
struct Saga: Sendable, Hashable {
    enum Step: String, Sendable, Hashable, CaseIterable {
        /// Being placed: stock and payment may or may not have been touched.
        case placing
        /// The provider has not said whether it captured the payment.
        case paymentUnknown = "payment_unknown"
        /// Paid; the reservation is to be turned into a sale.
        case confirming
        /// Paid and confirmed; what was bought is to be taken out of the cart.
        case clearing
        /// Cancelled; what was done is to be undone.
        case compensating
    }

    var step: Step
    var owesRefund = false
    var owesRelease = false
    /// The state of the cart that was ordered; nil when nothing is to be taken out of it.
    var cartVersion: Int?
    /// How often the step has been tried.
    var attempts = 0
    /// Microseconds since 1970 from which anybody may work on it.
    var dueAt: Int
    /// The span in which the order was placed, as a `traceparent`; empty when there was none.
    let traceparent: String

    /// Undoing instead of what was being done.
    func compensating(refund: Bool, release: Bool, dueAt: Int) -> Saga {
        Saga(
            step: .compensating, owesRefund: refund, owesRelease: release, cartVersion: nil, attempts: 0, dueAt: dueAt,
            traceparent: self.traceparent)
    }

    /// After a try that failed: due again after 1 s, 2 s, 4 s and so on, 64 s at most.
    func retried(at now: Int) -> Saga {
        var saga = self
        saga.attempts += 1
        saga.dueAt = now + 1_000_000 << min(saga.attempts - 1, 6)
        return saga
    }
}

/// The orders that stand at one step.
struct SagaBacklog: Sendable, Hashable {
    let count: Int
    /// When the one that has stood still longest last changed, in microseconds since 1970.
    let oldestChange: Int
}
