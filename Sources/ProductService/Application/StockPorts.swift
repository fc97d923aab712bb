/// Moves units by hand and tells how they moved.
protocol StockKeeper: Sendable {
    /// Returns the movement as JSON, and the units on hand after it.
    /// - Throws: `StockError`.
    func move(_ productID: String, by change: StockChange) async throws -> (movement: [UInt8], quantity: Int)
    /// A page of movements, newest first, as JSON.
    /// - Parameter cursor: behind which movement; nil: by page.
    /// - Throws: `StockError.productNotFound`.
    func history(_ productID: String, page: Int, limit: Int, cursor: Int?) async throws -> [UInt8]
    /// - Parameter threshold: in units.
    func totals(lowStockThreshold threshold: Int) async throws -> StockTotals
}

/// Sets units aside for orders. Each call is one transaction and may be repeated; `didChange` tells whether this one had an
/// effect.
protocol ReservationKeeper: Sendable {
    /// - Parameter expiresAt: microseconds since 1970.
    /// - Throws: `ReservationError`.
    func reserve(
        orderID: String, lines: [ReservationLine], expiresAt: Int
    ) async throws -> (reservation: Reservation, didChange: Bool)
    /// - Throws: `ReservationError.unknown`, `.released`, `.outOfStock`.
    func confirm(orderID: String) async throws -> (reservation: Reservation, didChange: Bool)
    /// An order unknown so far is remembered as released, so that a reservation still on its way comes too late.
    func release(orderID: String) async throws -> (reservation: Reservation, didChange: Bool)
    /// Whether a reservation has expired that still holds units.
    func hasDue() async throws -> Bool
    /// Gives back what the longest expired reservations hold; returns how many there were, at most `limit`.
    func expireDue(limit: Int) async throws -> Int
}
