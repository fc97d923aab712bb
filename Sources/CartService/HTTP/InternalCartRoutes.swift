import HTTPCore
import Routing
import ShopContracts
import Telemetry

/// What other services ask of carts; the internal token is all they need.
struct InternalCartRoutes: Sendable {
    let carts: ManageCart

    func register(on routes: inout RouteTable) {
        routes.get(CartPaths.cart, self.show)
        routes.post(CartPaths.clear, bodyBytesMax: 1 << 10, self.clear)
    }

    private func show(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let view = try await self.carts.priced(try context.id("user_id"), deadline: context.deadline)
        return .json(capacity: 96 + view.lines.count * 200) { CartSnapshot(view).write(to: &$0) }
    }

    private func clear(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let userID = try context.id("user_id")
        var payload = try await request.payload(context)
        let version = payload.integer("version", in: 0...Int.max)
        try payload.validate()
        let areKept = try await self.carts.clear(userID, through: version)
        context.telemetry.log.info("cart cleared after an order", [.linesKept(areKept)])
        return .noContent
    }
}

extension CartSnapshot {
    init(_ view: CartView) {
        self.init(
            userID: view.userID, version: view.version,
            items: view.lines.map { line in
                CartSnapshotItem(
                    productID: line.line.productID, quantity: line.line.quantity, name: line.product?.name,
                    priceMinorUnits: line.product?.priceMinorUnits, currency: line.product?.currency,
                    isAvailable: line.isAvailable ?? false)
            })
    }
}
