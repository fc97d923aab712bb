import HTTPCore

/// How long the parts of a checkout may take.
struct CheckoutTiming: Sendable {
    /// The longest wait for another service in one step.
    var step: Duration
    /// The longest wait for the payment provider.
    var payment: Duration
    /// How long an order that is being worked on is left alone by others.
    var lease: Duration
    /// How soon an unknown payment is asked for again.
    var settleAfter: Duration

    func stepDeadline(_ deadline: Deadline) -> Deadline { min(deadline, .after(self.step)) }
    func paymentDeadline(_ deadline: Deadline) -> Deadline { min(deadline, .after(self.payment)) }
    func leaseEnd(_ now: Int) -> Int { now + self.lease.microseconds }
}

extension Duration {
    /// Whole microseconds, cut off.
    var microseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
