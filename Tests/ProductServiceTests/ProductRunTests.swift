import HTTPCore
import JSON
import Persistence
import SQLite
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("What the service does by itself")
struct ProductRunTests {
    @Test("Overdue reservations are swept and gauges kept while the service runs, until it is told to stop")
    func run() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            _ = await shop.reserve(Shop.orderID(), [(id, 2)])
            let clock = ManualClock()
            let running = Task { await shop.service.run(clock: clock) }
            await clock.waitForSleepers(2)
            #expect(try shop.telemetry.value("shop_stock_units", ["state": "reserved"]) == 2)
            shop.advance(seconds: 61)
            clock.advance(by: .seconds(5))
            await clock.waitForSleepers(2)
            #expect(try shop.counts(of: id) == .init(stock: 5, reserved: 0, sold: 0, stocked: 5))
            #expect(shop.telemetry.span(named: "expire reservations") != nil)
            running.cancel()
            await running.value
        }
    }

    @Test("Idle rounds leave no spans")
    func quiet() async throws {
        try await Shop.run { shop in
            let before = shop.telemetry.finishedSpans.count
            let clock = ManualClock()
            let running = Task { await shop.service.run(clock: clock) }
            for _ in 0..<3 {
                await clock.waitForSleepers(2)
                clock.advance(by: .seconds(5))
            }
            await clock.waitForSleepers(2)
            running.cancel()
            await running.value
            #expect(shop.telemetry.finishedSpans.count == before)
        }
    }

    @Test("The gauges tell where the units are, what runs low, and what does not add up")
    func gauges() async throws {
        try await Shop.run(environment: ["VITRINE_LOW_STOCK_THRESHOLD": "2"]) { shop in
            let mug = try await shop.addProduct("Mug", stock: 10)
            try await shop.addProduct("Low", stock: 2)
            try await shop.addProduct("None", stock: 0)
            let gone = try await shop.addProduct("Gone", stock: 1)
            _ = await shop.send(.delete, "/api/v1/products/\(gone)", as: .admin)
            let order = Shop.orderID()
            _ = await shop.reserve(order, [(mug, 3)])
            _ = await shop.confirm(order)
            _ = await shop.reserve(Shop.orderID(), [(mug, 4)])
            try await shop.service.watch.refresh()
            let value = { (name: String, labels: [String: String]) in try shop.telemetry.value(name, labels) }
            #expect(try value("shop_stock_units", ["state": "on_hand"]) == 6)
            #expect(try value("shop_stock_units", ["state": "reserved"]) == 4)
            #expect(try value("shop_stock_units", ["state": "sold"]) == 3)
            #expect(try value("shop_low_stock_products", [:]) == 2)
            #expect(try value("shop_invariant_violations", ["invariant": "stock"]) == 0)
            try await shop.database.write(ProductOperations.updateProduct) { connection in
                try connection.run("UPDATE products SET reserved_quantity = 5 WHERE id = ?1", .text(mug))
            }
            try await shop.service.watch.refresh()
            #expect(try value("shop_invariant_violations", ["invariant": "stock"]) == 2)
            #expect(shop.telemetry.logLines.contains { $0.contains("stock does not add up") })
        }
    }

    @Test("Every series exists at zero from the start")
    func series() async throws {
        try await Shop.run { (shop: Shop) async throws in
            for outcome in ["hit", "empty"] {
                #expect(try shop.telemetry.value("shop_product_searches_total", ["outcome": outcome]) == 0)
            }
            for outcome in ["held", "out_of_stock", "confirmed", "released", "expired"] {
                #expect(try shop.telemetry.value("shop_stock_reservations_total", ["outcome": outcome]) == 0)
            }
            for state in ["on_hand", "reserved", "sold"] {
                #expect(try shop.telemetry.value("shop_stock_units", ["state": state]) == 0)
            }
        }
    }

    @Test("Ready while the database answers, and not when it is closed")
    func readiness() async throws {
        try await Shop.run { shop in
            let check = try #require(shop.service.readiness.first)
            #expect(await check.check() == nil)
            await shop.service.close()
            #expect(await check.check() != nil)
        }
    }

    @Test("A list is one server span with one database span below it")
    func spans() async throws {
        try await Shop.run { shop in
            try await shop.addProduct()
            let before = shop.telemetry.finishedSpans.count
            _ = await shop.send(.get, "/api/v1/products")
            let trees = SpanTree.build(Array(shop.telemetry.finishedSpans.dropFirst(before)))
            #expect(trees.map(\.outline) == ["GET /api/v1/products\n  SELECT products"])
        }
    }

    @Test("Settings out of range are refused with their name")
    func settings() {
        let reader = ConfigReader(["VITRINE_LOW_STOCK_THRESHOLD": "-1", "VITRINE_RESERVATION_SWEEP_INTERVAL": "1ms"])
        let config = ProductConfig(reader)
        #expect(config.lowStockThreshold == 5 && config.sweepInterval == .seconds(5))
        #expect(throws: ConfigurationError.self) { try reader.validate() }
    }
}
