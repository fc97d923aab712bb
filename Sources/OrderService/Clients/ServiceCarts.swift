import HTTPCore
import OrderDomain
import RPC
import ServiceKit
import ShopContracts

/// Carts as the cart service keeps them.
struct ServiceCarts: CustomerCarts {
    let client: CartV1.CartServiceClient

    /// Prices are those of the reservation, so lines are all that is asked for.
    func cart(of userID: String, deadline: Deadline) async throws -> CartForOrder {
        do throws(RPCError) {
            let cart = try await self.client.getCart(
                CartV1.GetCartRequest(userID: userID, linesOnly: true), RPCCallOptions(deadline: deadline))
            return CartForOrder(
                version: Int(cart.version),
                lines: cart.items.map { RequestedLine(productID: $0.productID, quantity: Int($0.quantity)) })
        } catch {
            throw UpstreamStatus(error, from: .cart)
        }
    }

    func clear(_ userID: String, version: Int, deadline: Deadline) async throws {
        do throws(RPCError) {
            _ = try await self.client.clearCart(
                CartV1.ClearCartRequest(userID: userID, version: Int64(version)), RPCCallOptions(deadline: deadline))
        } catch {
            throw UpstreamStatus(error, from: .cart)
        }
    }
}
