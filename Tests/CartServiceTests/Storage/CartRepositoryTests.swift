import HTTPCore
import Persistence
import SQLite
import TelemetryTesting
import Testing

@testable import CartService

@Suite("Stored carts")
struct CartRepositoryTests {
    @Test("A cart comes back as it was stored, lines in the order they were put in")
    func roundTrip() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        let stored = try await carts.change("u", now: 1) { cart in
            for product in ["z", "a", "m"] { try cart.add(2, of: product, isVerified: true) }
            try cart.set(5, of: "a")
        }
        #expect(stored.lines.map(\.productID) == ["z", "a", "m"])
        #expect(try await carts.cart(of: "u") == stored)
        #expect(try await carts.cart(of: "somebody else") == Cart(userID: "somebody else"))
    }

    @Test("An emptied cart keeps its version, so that an old one is told from a new one")
    func versionStays() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        _ = try await carts.change("u", now: 1) { try $0.add(1, of: "a", isVerified: true) }
        _ = try await carts.change("u", now: 2) { $0.clear() }
        let cart = try await carts.cart(of: "u")
        #expect(cart.version == 2 && cart.lines.isEmpty)
    }

    @Test("A refused change leaves the cart as it was")
    func refused() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        let before = try await carts.change("u", now: 1) { try $0.add(1, of: "a", isVerified: true) }
        await #expect(throws: CartError.notInCart) {
            try await carts.change("u", now: 2) { cart in
                try cart.set(9, of: "a")
                try cart.set(9, of: "b")
            }
        }
        #expect(try await carts.cart(of: "u") == before)
    }

    @Test("Changes at once all count")
    func concurrent() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    _ = try await carts.change("u", now: 1) { try $0.add(1, of: "p\(number % 4)", isVerified: true) }
                }
            }
        }
        let cart = try await carts.cart(of: "u")
        #expect(cart.lines.map(\.quantity) == [16, 16, 16, 16] && cart.version == 64)
    }

    @Test("A cart used all along is not forgotten, although its last touch is right to the hour only")
    func keptInUse() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        for _ in 0..<31 {
            harness.clock.advance(by: .seconds(86_400))
            _ = try await harness.add(Sample.mug, 1)
            harness.clock.advance(by: .seconds(3_500))
            _ = try await harness.add(Sample.mug, 1)
        }
        harness.clock.advance(by: .seconds(29 * 86_400))
        await harness.service.upkeep.sweep()
        #expect(try await carts.cart(of: CartHarness.ada).lines.first?.quantity == 62)
    }

    @Test("A damaged cart is an error, not an empty cart")
    func damaged() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        try await harness.database.write(DatabaseOperation("UPDATE", "carts")) { connection in
            _ = try connection.run("UPDATE carts SET lines = 'x'")
        }
        #expect(try await harness.send(.get, "/api/v1/cart").status == 500)
    }

    @Test("Carts past their lifetime are forgotten, others stay")
    func expiry() async throws {
        let harness = try CartHarness()
        let carts = SQLCartRepository(database: harness.database)
        _ = try await harness.add(Sample.mug, 1, as: "ada")
        harness.clock.advance(by: .seconds(29 * 86_400))
        _ = try await harness.add(Sample.mug, 1, as: "bob")
        harness.clock.advance(by: .seconds(2 * 86_400))
        await harness.service.upkeep.sweep()
        #expect(try await carts.cart(of: CartHarness.ada).version == 0)
        #expect(try await carts.cart(of: CartHarness.bob).lines.count == 1)
        #expect(try harness.telemetry.value("shop_carts_expired_total") == 1)
    }
}
