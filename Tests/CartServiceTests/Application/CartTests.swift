import Testing

@testable import CartService

@Suite("Carts")
struct CartTests {
    private func cart(_ lines: [(String, Int)]) throws -> Cart {
        var cart = Cart(userID: "u")
        for (product, quantity) in lines { try cart.add(quantity, of: product, isVerified: true) }
        return cart
    }

    @Test("Adding puts a product at the end, or adds to what is there")
    func adding() throws {
        let cart = try self.cart([("a", 1), ("b", 2), ("a", 3)])
        #expect(cart.lines.map(\.productID) == ["a", "b"])
        #expect(cart.lines.map(\.quantity) == [4, 2])
        #expect(cart.version == 3)
    }

    @Test("A line takes 999 of a product and no more")
    func quantityCap() throws {
        var cart = try self.cart([("a", 998)])
        try cart.add(1, of: "a", isVerified: true)
        #expect(throws: CartError.tooManyOfOne(present: 999)) { try cart.add(1, of: "a", isVerified: true) }
        #expect(throws: CartError.tooManyOfOne(present: 0)) { try cart.add(1_000, of: "b", isVerified: true) }
        #expect(cart.line(of: "a")?.quantity == 999 && cart.version == 2)
    }

    @Test("A cart takes 100 different products and no more")
    func lineCap() throws {
        var cart = try self.cart((0..<100).map { ("p\($0)", 1) })
        #expect(throws: CartError.full) { try cart.add(1, of: "one too many", isVerified: true) }
        try cart.add(1, of: "p7", isVerified: true)
        #expect(cart.lines.count == 100)
    }

    @Test("What is not known to exist can grow in a cart, but not come in")
    func unverified() throws {
        var cart = try self.cart([("a", 1)])
        try cart.add(1, of: "a", isVerified: false)
        #expect(throws: CartError.unverified) { try cart.add(1, of: "b", isVerified: false) }
        #expect(cart.lines.map(\.quantity) == [2])
    }

    @Test("Setting changes a line that is there; 0 takes it out")
    func setting() throws {
        var cart = try self.cart([("a", 1), ("b", 1)])
        try cart.set(7, of: "a")
        try cart.set(0, of: "b")
        #expect(cart.lines.map(\.productID) == ["a"] && cart.lines.map(\.quantity) == [7])
        #expect(throws: CartError.notInCart) { try cart.set(1, of: "b") }
        #expect(cart.version == 4)
    }

    @Test("Clearing up to a version keeps what was put in or changed since")
    func clearing() throws {
        var cart = try self.cart([("a", 1), ("b", 1)])
        let ordered = cart.version
        try cart.add(1, of: "b", isVerified: true)
        try cart.add(1, of: "c", isVerified: true)
        cart.clear(through: ordered)
        #expect(cart.lines.map(\.productID) == ["b", "c"])
        let version = cart.version
        cart.clear(through: ordered)
        #expect(cart.version == version, "clearing twice changes nothing the second time")
        cart.clear()
        #expect(cart.lines.isEmpty && cart.version == version + 1)
    }
}
