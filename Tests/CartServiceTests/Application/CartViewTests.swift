import Testing

@testable import CartService

@Suite("Carts with prices")
struct CartViewTests {
    private func view(_ products: [CatalogueProduct]?, _ quantities: [(String, Int)]) throws -> CartView {
        var cart = Cart(userID: "u")
        for (id, quantity) in quantities { try cart.add(quantity, of: id, isVerified: true) }
        return CartView(cart, products: products)
    }

    private func product(_ id: String, _ price: Int, _ currency: String = "USD") -> CatalogueProduct {
        CatalogueProduct(id: id, name: id, priceMinorUnits: price, currency: currency, availableQuantity: 5)
    }

    @Test("The total is the sum of the lines whose products exist")
    func total() throws {
        let view = try self.view([self.product("a", 19_99)], [("a", 3), ("gone", 1)])
        #expect(view.totalMinorUnits == 59_97)
        #expect(view.lines.map(\.subtotal) == [59_97, nil])
        #expect(view.lines.map(\.isAvailable) == [true, nil])
    }

    @Test("More than the stock has is not available")
    func availability() throws {
        #expect(try self.view([self.product("a", 1)], [("a", 5)]).lines.map(\.isAvailable) == [true])
        #expect(try self.view([self.product("a", 1)], [("a", 6)]).lines.map(\.isAvailable) == [false])
    }

    @Test("Without the catalogue nothing is known and nothing is summed up")
    func degraded() throws {
        let view = try self.view(nil, [("a", 1)])
        #expect(view.isDegraded && view.totalMinorUnits == nil && view.lines.map(\.subtotal) == [nil])
    }

    @Test("What does not add up to one amount has no total")
    func noTotal() throws {
        #expect(
            try self.view([self.product("a", 1), self.product("b", 1, "EUR")], [("a", 1), ("b", 1)]).totalMinorUnits
                == nil)
        #expect(try self.view([self.product("a", .max)], [("a", 2)]).totalMinorUnits == nil)
        #expect(
            try self.view([self.product("a", .max), self.product("b", 1)], [("a", 1), ("b", 1)]).totalMinorUnits == nil)
    }

    @Test("An empty cart comes to nothing")
    func empty() throws { #expect(try self.view([], []).totalMinorUnits == 0) }
}
