import OrderDomain

/// All that belongs to one order, as one transaction reads and writes it.
struct OrderRecord: Sendable {
    var order: Order
    var payment: Payment?
    var saga: Saga?
    /// What is to be appended to the history.
    var newEvents: [OrderEvent] = []
    /// What becomes of the idempotency key the order was placed with, if there was one.
    var answer = AnswerChange.keep

    enum AnswerChange: Sendable, Hashable {
        case keep
        /// From now on a repeated request gets this.
        case store(StoredAnswer)
        /// Nothing came of it: a repeated request starts anew.
        case forget
    }
}
