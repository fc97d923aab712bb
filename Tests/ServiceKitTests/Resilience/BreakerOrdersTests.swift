import CSystem
import Resilience
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Orders to breakers that end by themselves")
struct BreakerOrdersTests {
    private let clock = ManualClock()
    private let breaker = CircuitBreaker("product")

    private func orders() -> BreakerOrders {
        BreakerOrders(BreakerRegistry([self.breaker]), sleep: { [clock] in try await clock.sleep(for: $0) })
    }

    @Test("After its time the breaker is as it was before", arguments: [BreakerRegistry.Order.open, .disable])
    func ends(order: BreakerRegistry.Order) async throws {
        let orders = self.orders()
        orders.give(order, to: "product", for: .seconds(30))
        #expect(self.breaker.state == (order == .open ? .forcedOpen : .disabled))
        await self.clock.advance(by: .seconds(30)) { self.breaker.state == .closed }
        #expect(self.breaker.state == .closed)
    }

    @Test("A later order takes the earlier one's place, its end too")
    func replaced() async throws {
        let orders = self.orders()
        orders.give(.open, to: "product", for: .seconds(30))
        orders.give(.disable, to: "product", for: nil)
        let other = CircuitBreaker("cart")
        let marker = BreakerOrders(BreakerRegistry([other]), sleep: { [clock] in try await clock.sleep(for: $0) })
        marker.give(.open, to: "cart", for: .seconds(60))
        await self.clock.advance(by: .seconds(60)) { other.state == .closed }
        #expect(self.breaker.state == .disabled)
    }
}
