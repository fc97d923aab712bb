/// Why units were moved.
enum StockMovementKind: String, Sendable, CaseIterable {
    /// With a new product.
    case received
    /// By an admin.
    case adjusted
    /// Set aside for an order.
    case reserved
    /// Given back by an order that came to nothing.
    case released
    /// Given back because an order took too long.
    case expired
    /// Sold to an order.
    case sold
    /// Given back by an order that was cancelled after it was paid.
    case returned

    /// Whether units enter or leave the shop, rather than move within it.
    var changesStocked: Bool { self == .received || self == .adjusted }
}

/// What one movement does to the three counts of a product.
struct StockChange: Sendable, Hashable {
    let kind: StockMovementKind
    var stock = 0
    var reserved = 0
    var sold = 0
    var reason: String
    var orderID: String?
    /// The admin who asked for it.
    var actorID: String?

    /// Units in or out of the shop by an admin's hand.
    static func adjusted(by delta: Int, reason: String, actorID: String?) -> StockChange {
        StockChange(kind: .adjusted, stock: delta, reason: reason, actorID: actorID)
    }

    /// Units that come with a new product.
    static func received(_ quantity: Int, reason: String, actorID: String?) -> StockChange {
        StockChange(kind: .received, stock: quantity, reason: reason, actorID: actorID)
    }

    static func reserved(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(kind: .reserved, stock: -quantity, reserved: quantity, reason: "reserved", orderID: orderID)
    }

    static func released(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(kind: .released, stock: quantity, reserved: -quantity, reason: "released", orderID: orderID)
    }

    static func expired(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(
            kind: .expired, stock: quantity, reserved: -quantity, reason: "reservation expired", orderID: orderID)
    }

    static func sold(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(kind: .sold, reserved: -quantity, sold: quantity, reason: "sold", orderID: orderID)
    }

    /// Straight from the shelf, for an order whose reservation had expired.
    static func soldAnew(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(
            kind: .sold, stock: -quantity, sold: quantity, reason: "sold after the reservation expired",
            orderID: orderID)
    }

    static func returned(_ quantity: Int, orderID: String) -> StockChange {
        StockChange(kind: .returned, stock: quantity, sold: -quantity, reason: "order cancelled", orderID: orderID)
    }
}

/// Why stock cannot be moved.
enum StockError: Error, Sendable, Hashable {
    case productNotFound
    /// Fewer units are left than would be taken.
    case belowZero(left: Int)
    /// More units than the shop keeps of one product.
    case aboveLimit
}

/// Why a reservation cannot be made or changed.
enum ReservationError: Error, Sendable, Hashable {
    /// Not enough units for some lines.
    case outOfStock([Shortage])
    /// The lines, by their place in the request, whose product does not exist.
    case unknownProducts(lines: [Int])
    /// The order has reserved other items.
    case mismatch
    /// The order's reservation was given back.
    case released
    /// The order has no reservation.
    case unknown

    /// A line that wants more than there is.
    struct Shortage: Sendable, Hashable {
        /// The line's place in the request, from 0.
        let line: Int
        let name: String
        let wanted: Int
        let left: Int
    }
}
