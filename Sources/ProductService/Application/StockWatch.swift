import ServiceKit
import Synchronization
import Telemetry

/// Keeps the stock gauges: sums are read now and then, away from the loops; a scrape only looks at the last ones.
final class StockWatch: Sendable {
    private let stock: any StockKeeper
    private let lowStockThreshold: Int
    private let log: Logger
    private let latest = Mutex(StockTotals())

    /// - Parameter lowStockThreshold: in units.
    init(_ stock: any StockKeeper, lowStockThreshold: Int, telemetry: Telemetry) {
        self.stock = stock
        self.lowStockThreshold = lowStockThreshold
        self.log = telemetry.log
    }

    /// Announces the gauges; they read 0 until the first refresh.
    func register(on metrics: MetricRegistry) {
        metrics.observableGauge(ProductMetrics.stockUnits) {
            let totals = self.totals
            return [
                (.onHand, Double(totals.onHand)), (.reserved, Double(totals.reserved)), (.sold, Double(totals.sold)),
            ]
        }
        metrics.observableGauge(ProductMetrics.lowStockProducts) {
            [(NoLabels(), Double(self.totals.lowStockProducts))]
        }
        metrics.observableGauge(ProductMetrics.violations) { [(.stock, Double(self.totals.violations))] }
    }

    /// The sums as they were last read.
    var totals: StockTotals { self.latest.withLock { $0 } }

    /// Reads the sums anew. A contradiction among them is logged once, when it appears.
    func refresh() async throws {
        let totals = try await self.stock.totals(lowStockThreshold: self.lowStockThreshold)
        let before = self.latest.withLock { latest in
            defer { latest = totals }
            return latest
        }
        if totals.violations > before.violations {
            self.log.error("stock does not add up", [.invariantViolations(totals.violations)])
        }
    }
}
