/// Sums over all products, for gauges.
struct StockTotals: Sendable, Hashable {
    var onHand = 0
    var reserved = 0
    var sold = 0
    /// Products in the catalogue at or under the threshold.
    var lowStockProducts = 0
    /// Products whose counts do not add up to what was stocked, or whose reserved units belong to no reservation.
    var violations = 0
}
