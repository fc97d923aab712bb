/// Why an order was cancelled.
public enum CancelReason: String, Sendable, Hashable, CaseIterable {
    case outOfStock = "out_of_stock"
    /// A line names a product that does not exist, or an amount that cannot be.
    case invalidLines = "invalid_lines"
    case paymentDeclined = "payment_declined"
    /// The provider knows of no payment, and does not answer for it.
    case paymentFailed = "payment_failed"
    /// A service that the order needs did not answer.
    case unavailable
    /// The process ended while the order was being placed.
    case interrupted
    case byCustomer = "by_customer"
    case byAdmin = "by_admin"
}
