/// One entry in the history of an order.
public struct OrderEvent: Hashable, Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case placed
        case paid
        case paymentDeclined = "payment_declined"
        /// The provider has not answered in time; the outcome is asked for again.
        case paymentUnknown = "payment_unknown"
        case shipped
        case delivered
        case cancelled
        case refunded
    }

    public let kind: Kind
    /// The order's status after it.
    public let status: OrderStatus
    /// For people; holds nothing personal.
    public let detail: String?
    /// Microseconds since 1970.
    public let at: Int

    public init(_ kind: Kind, status: OrderStatus, detail: String? = nil, at: Int) {
        self.kind = kind
        self.status = status
        self.detail = detail
        self.at = at
    }
}
