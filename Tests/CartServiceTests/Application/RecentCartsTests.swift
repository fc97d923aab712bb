import Testing

@testable import CartService

@Suite("Carts of late")
struct RecentCartsTests {
    private func cart(_ userID: String, _ products: [String]) throws -> Cart {
        var cart = Cart(userID: userID)
        for product in products { try cart.add(1, of: product, isVerified: true) }
        return cart
    }

    @Test("What was in a cart when it was changed last is known")
    func known() throws {
        let recent = RecentCarts()
        recent.note(try self.cart("u", ["a"]))
        recent.note(try self.cart("u", ["a", "b"]))
        #expect(recent.productIDs(of: "u") == ["a", "b"] && recent.productIDs(of: "v") == nil)
    }

    @Test("The carts that are remembered have a bound, and the latest are among them")
    func bound() throws {
        let recent = RecentCarts(generationMax: 10)
        for number in 0..<35 { recent.note(try self.cart("u\(number)", ["p"])) }
        let known = (0..<35).filter { recent.productIDs(of: "u\($0)") != nil }
        #expect(known == Array(20..<35))
    }
}
