import HTTPCore
import Routing
import ServiceKit
import Telemetry

/// What admins may do to stock.
struct StockRoutes: Sendable {
    let stock: any StockKeeper

    func register(on routes: inout RouteTable) {
        routes.post("/api/v1/products/{id}/stock", access: .admin, self.move)
        routes.get("/api/v1/products/{id}/stock/history", access: .admin, self.history)
    }

    private func move(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let admin = try context.require(.admin)
        var reader = try await request.payload(context)
        let most = ProductLimits.stock.upperBound
        let sent = reader.optionalInteger("delta", in: -most...most)
        if sent == 0 { reader.reject("delta", "must not be 0") }
        if !reader.has("delta") { reader.reject("delta", "is required") }
        let reason = reader.string("reason", length: ProductLimits.reason)
        try reader.validate()
        let delta = sent ?? 0
        let id = try context.id("id")
        let (movement, quantity) = try await self.stock.move(
            id, by: .adjusted(by: delta, reason: reason, actorID: admin.userID))
        context.telemetry.log.info(
            "stock moved", [.productID(id), .stockDelta(delta), .stockQuantity(quantity)], in: context.span.context)
        return .rendered(movement, status: .created)
    }

    private func history(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let page = try context.query.integer("page", default: 1, in: ProductQuery.pages)
        let limit = try context.query.integer("limit", default: ProductQuery.limitDefault, in: ProductQuery.limits)
        var cursor: MovementCursor?
        if let text = context.query["cursor"], !text.isEmpty {
            cursor = MovementCursor(text)
            guard cursor != nil else {
                throw Problem.badRequest(
                    "The query parameter cursor is none that was given out here.",
                    errors: [FieldError("cursor", "is none that was given out here")])
            }
        }
        return .rendered(
            try await self.stock.history(
                context.id("id"), page: cursor == nil ? page : 1, limit: limit, cursor: cursor?.number))
    }
}
