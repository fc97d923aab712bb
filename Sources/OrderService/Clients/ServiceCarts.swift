import HTTPCore
import OrderDomain
import ShopContracts

/// Carts as the cart service keeps them.
struct ServiceCarts: CustomerCarts {
    let client: CartClient

    func cart(of userID: String, deadline: Deadline) async throws -> CartForOrder {
        let cart = try await self.client.cart(of: userID, deadline: deadline)
        return CartForOrder(
            version: cart.version,
            lines: cart.items.map { RequestedLine(productID: $0.productID, quantity: $0.quantity) })
    }

    func clear(_ userID: String, version: Int, deadline: Deadline) async throws {
        try await self.client.clear(userID: userID, version: version, deadline: deadline)
    }
}
