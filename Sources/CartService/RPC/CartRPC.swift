import RPC
import ServiceKit
import ShopContracts
import Telemetry

/// `vitrine.cart.v1.CartService`. Translates; decides nothing.
struct CartRPC: CartV1.CartServiceHandler {
    let carts: ManageCart
    let log: Logger

    func getCart(_ request: CartV1.GetCartRequest, _ context: RPCServerContext) async throws -> CartV1.Cart {
        let userID = try Self.userID(request.userID)
        if request.linesOnly { return CartV1.Cart(try await self.carts.lines(userID)) }
        return CartV1.Cart(try await self.carts.view(userID, deadline: context.deadline))
    }

    func clearCart(
        _ request: CartV1.ClearCartRequest, _ context: RPCServerContext
    ) async throws -> CartV1.ClearCartResponse {
        var faults = RequestFaults()
        let userID = faults.id("user_id", request.userID)
        let version = faults.number("version", request.version, in: 0...Int64.max)
        try faults.validate()
        let areKept = try await self.carts.clear(userID, through: version)
        self.log.info("cart cleared after an order", [.linesKept(areKept)])
        return CartV1.ClearCartResponse()
    }

    private static func userID(_ text: String) throws -> String {
        var faults = RequestFaults()
        let userID = faults.id("user_id", text)
        try faults.validate()
        return userID
    }
}

extension CartV1.Cart {
    fileprivate init(_ view: CartView) {
        self.init(
            userID: view.userID, version: Int64(view.version), items: view.lines.map(CartV1.CartItem.init),
            isDegraded: view.isDegraded)
    }

    /// Without a word of the catalogue's.
    fileprivate init(_ cart: Cart) {
        self.init(
            userID: cart.userID, version: Int64(cart.version),
            items: cart.lines.map { CartV1.CartItem(productID: $0.productID, quantity: Int64($0.quantity)) })
    }
}

extension CartV1.CartItem {
    fileprivate init(_ line: CartView.Line) {
        self.init(
            productID: line.line.productID, quantity: Int64(line.line.quantity), name: line.product?.name,
            price: line.product.map { CommonV1.Money(minorUnits: Int64($0.priceMinorUnits), currency: $0.currency) },
            isAvailable: line.isAvailable ?? false)
    }
}
