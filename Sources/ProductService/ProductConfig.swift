import ServiceKit

/// The settings of the product service.
struct ProductConfig: Sendable {
    /// `VITRINE_LOW_STOCK_THRESHOLD`: a product with this many units or fewer counts as low. Units, 0 to 1000000, default 5.
    let lowStockThreshold: Int
    /// `VITRINE_RESERVATION_SWEEP_INTERVAL`: how often expired reservations are looked for. 100 ms to 10 min, default 5 s.
    let sweepInterval: Duration

    init(_ reader: ConfigReader) {
        self.lowStockThreshold = reader.integer("VITRINE_LOW_STOCK_THRESHOLD", default: 5, in: 0...1_000_000)
        self.sweepInterval = reader.duration(
            "VITRINE_RESERVATION_SWEEP_INTERVAL", default: .seconds(5), in: .milliseconds(100)...(.seconds(600)))
    }

    /// How often the stock gauges are brought up to date.
    static let gaugeInterval: Duration = .seconds(5)
}
