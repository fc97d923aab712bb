import OrderDomain

/// What is known of the payment of an order. There is one at most, named by the order.
struct Payment: Sendable, Hashable {
    enum Status: String, Sendable, Hashable, CaseIterable {
        case captured
        case declined
        /// The provider has not answered.
        case unknown
        case refunded
        /// Never captured, and never will be.
        case voided
    }

    var status: Status
    let method: PaymentMethod
    let amount: Money
    /// The provider's name for it; nil unless captured.
    var reference: String?
    /// Microseconds since 1970.
    let createdAt: Int
    var updatedAt: Int

    init(_ status: Status, method: PaymentMethod, amount: Money, reference: String? = nil, at now: Int) {
        self.init(
            status: status, method: method, amount: amount, reference: reference, createdAt: now, updatedAt: now)
    }

    init(status: Status, method: PaymentMethod, amount: Money, reference: String?, createdAt: Int, updatedAt: Int) {
        self.status = status
        self.method = method
        self.amount = amount
        self.reference = reference
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    mutating func become(_ status: Status, at now: Int) {
        self.status = status
        self.updatedAt = now
    }
}
