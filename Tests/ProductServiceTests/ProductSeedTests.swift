import HTTPCore
import JSON
import Persistence
import SQLite
import ServiceKit
import ServiceTesting
import Testing

@testable import ProductService

@Suite("The first catalogue")
struct ProductSeedTests {
    @Test("The first run fills the shop, a second one changes nothing")
    func twice() async throws {
        try await Shop.run(categories: []) { shop in
            let seed = ProductSeed(shop.database)
            let first = try await seed.load()
            #expect(first == ProductSeed.Summary(categories: 16, products: 240))
            let tag = await shop.send(.get, "/api/v1/products").tag
            let second = try await seed.load()
            #expect(second == ProductSeed.Summary(categories: 0, products: 0))
            let list = await shop.send(.get, "/api/v1/products", fields: [.ifNoneMatch: tag])
            #expect(list.status == 304)
            let total = await shop.send(.get, "/api/v1/products")["total"]?.int
            #expect(total == 240)
        }
    }

    @Test("What an admin has changed since stays changed")
    func keepsChanges() async throws {
        try await Shop.run(seeded: true) { shop in
            let one = SeedIdentifier.product(1)
            let two = SeedIdentifier.product(2)
            _ = await shop.send(.patch, "/api/v1/products/\(one)", as: .admin, #"{"name": "Mine", "stock": 1}"#)
            _ = await shop.send(.delete, "/api/v1/products/\(two)", as: .admin)
            try await ProductSeed(shop.database).load()
            let answer = await shop.send(.get, "/api/v1/products/\(one)")
            #expect(answer["name"]?.string == "Mine" && answer["stock_quantity"]?.int == 1)
            #expect(await shop.send(.get, "/api/v1/products/\(two)").status == 404)
        }
    }

    @Test("The first page shows goods from all over the shop, and the stock adds up")
    func shelves() async throws {
        try await Shop.run(seeded: true) { shop in
            let page = await shop.send(.get, "/api/v1/products?limit=12")
            #expect(Set(page.items.compactMap { $0["category"]?.string }).count == 12)
            try await shop.service.watch.refresh()
            #expect(shop.service.watch.totals.violations == 0)
            #expect(shop.service.watch.totals.onHand == SeedCatalogue.products.reduce(0) { $0 + $1.stockQuantity })
        }
    }

    @Test("A platform's data folder is seeded and served")
    func platform() async throws {
        let test = try TestPlatform(.product)
        let summary = try await ProductSeed.load(test.platform)
        #expect(summary.products == 240)
        let service = try await ProductService(platform: test.platform)
        let answer = Answer(
            try await InProcessService(service, telemetry: test.telemetry).send(
                .get, "/api/v1/products/search?q=turntable"))
        #expect(answer.status == 200 && answer.names.contains("Belt-Drive Turntable TT-2"))
        await service.close()
    }
}
