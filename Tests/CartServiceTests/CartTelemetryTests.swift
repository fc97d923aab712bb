import HTTPCore
import Telemetry
import TelemetryTesting
import Testing

@testable import CartService

@Suite("What carts tell")
struct CartTelemetryTests {
    @Test("Every metric is there at zero before anything happens")
    func zeros() throws {
        let harness = try CartHarness()
        for name in ["shop_cart_items_added_total", "shop_cart_degraded_total", "shop_carts_expired_total"] {
            #expect(try harness.telemetry.value(name) == 0)
        }
    }

    @Test("Adding counts the units and writes a line; a refused one does neither")
    func adding() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 3)
        _ = try await harness.add(Sample.mug, 999)
        #expect(try harness.telemetry.value("shop_cart_items_added_total") == 3)
        let lines = harness.telemetry.logLines.filter { $0.contains("cart item added") }
        #expect(lines.count == 1 && lines.first?.contains(#""shop.cart.quantity":3"#) == true)
        #expect(lines.first?.contains("trace_id") == true)
    }

    @Test("The store's spans are children of the request's")
    func spans() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        let tree = try #require(harness.telemetry.spanTrees.first { $0.span.name == "POST /api/v1/cart/items" })
        #expect(tree.children.map(\.span.name) == ["SELECT carts", "UPDATE carts"])
    }

    @Test("A failed look-up is counted and logged as a warning, and the request succeeds")
    func degraded() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.setDown(true)
        _ = try await harness.send(.get, "/api/v1/cart")
        #expect(try harness.telemetry.value("shop_cart_degraded_total") == 1)
        #expect(harness.telemetry.logLines.contains { $0.contains("products cannot be looked up") })
    }
}
