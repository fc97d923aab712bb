/// So many units of a product that an order wants.
struct ReservationLine: Sendable, Hashable {
    let productID: String
    /// From 1 to `quantityMax`.
    let quantity: Int

    /// The most units one line may ask for.
    static let quantityMax = 10_000
    /// The most lines one reservation may have.
    static let linesMax = 100
}

/// A line of a reservation, with the name and price it was reserved at.
struct ReservedItem: Sendable, Hashable {
    let productID: String
    let name: String
    let quantity: Int
    let priceMinorUnits: Int
    /// ISO 4217.
    let currency: String
}

/// Stock set aside for an order.
struct Reservation: Sendable, Hashable {
    enum Status: Sendable, Hashable {
        /// Set aside until `expiresAt`.
        case held
        /// Sold.
        case confirmed
        /// Given back; it stays so.
        case released
    }

    let orderID: String
    let status: Status
    /// Microseconds since 1970; nil unless held.
    let expiresAt: Int?
    let items: [ReservedItem]
}
