import OrderDomain
import ServiceKit
import Synchronization
import Telemetry

/// Checks that the books add up: every order changed since the last look, and those that did not add up then.
///
/// At the start it goes through all orders there are, some at a time.
final class MoneyAudit: Sendable {
    private struct State: Sendable {
        var cursor = AuditCursor.start
        var violations: Set<OrderID> = []
    }

    private let state = Mutex(State())
    private let orders: any OrderRepository
    private let instruments: OrderInstruments
    private let log: Logger

    /// Orders of one look.
    private static let pageMax = 500
    /// Violations kept in mind; there should be none.
    private static let violationsMax = 1_000

    init(orders: any OrderRepository, instruments: OrderInstruments, log: Logger) {
        self.orders = orders
        self.instruments = instruments
        self.log = log
    }

    /// Looks once.
    func look() async throws {
        let (cursor, known) = self.state.withLock { ($0.cursor, $0.violations) }
        let page = try await self.orders.audit(after: cursor, limit: Self.pageMax)
        // One that is repaired counts no more.
        let standing = known.isEmpty ? [] : try await self.orders.audit(Array(known))
        let violations = Set((standing + page.violations).prefix(Self.violationsMax))
        self.state.withLock { state in
            state.violations = violations
            if let last = page.last { state.cursor = last }
        }
        self.instruments.invariantViolations.set(violations.count)
        for id in violations where !known.contains(id) {
            self.log.error("money does not add up", [.orderID(id), .invariantViolations(violations.count)])
        }
    }
}
