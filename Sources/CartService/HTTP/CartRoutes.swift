import HTTPCore
import Routing

/// `/api/v1/cart` over HTTP. Translates; decides nothing.
struct CartRoutes: Sendable {
    let carts: ManageCart

    func register(on routes: inout RouteTable) {
        routes.get("/api/v1/cart", access: .authenticated, self.show)
        routes.delete("/api/v1/cart", access: .authenticated, self.clear)
        routes.post("/api/v1/cart/items", access: .authenticated, bodyBytesMax: Self.bodyBytesMax, self.add)
        routes.put("/api/v1/cart/items", access: .authenticated, bodyBytesMax: Self.bodyBytesMax, self.setByBody)
        routes.put(
            "/api/v1/cart/items/{product_id}", access: .authenticated, bodyBytesMax: Self.bodyBytesMax, self.setByPath)
        routes.delete("/api/v1/cart/items/{product_id}", access: .authenticated, self.remove)
    }

    private static let bodyBytesMax = 4 << 10

    private func show(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        .cart(try await self.carts.view(try Self.owner(context), deadline: context.deadline))
    }

    private func clear(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try await self.carts.clear(try Self.owner(context))
        return .noContent
    }

    private func add(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let owner = try Self.owner(context)
        var payload = try await request.payload(context)
        let productID = payload.id("product_id")
        let quantity = payload.integer("quantity", in: 1...Cart.quantityMax)
        try Self.finish(&payload, owner: owner)
        return .cart(try await self.carts.add(quantity, of: productID, to: owner, deadline: context.deadline))
    }

    private func setByBody(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let owner = try Self.owner(context)
        var payload = try await request.payload(context)
        let productID = payload.id("product_id")
        let quantity = payload.integer("quantity", in: 0...Cart.quantityMax)
        try Self.finish(&payload, owner: owner)
        return .cart(try await self.carts.set(quantity, of: productID, in: owner, deadline: context.deadline))
    }

    private func setByPath(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let owner = try Self.owner(context)
        let productID = try context.id("product_id")
        var payload = try await request.payload(context)
        let quantity = payload.integer("quantity", in: 0...Cart.quantityMax)
        try Self.finish(&payload, owner: owner)
        return .cart(try await self.carts.set(quantity, of: productID, in: owner, deadline: context.deadline))
    }

    private func remove(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let owner = try Self.owner(context)
        let productID = try context.id("product_id")
        return .cart(try await self.carts.set(0, of: productID, in: owner, deadline: context.deadline))
    }

    /// Refuses what is wrong with a body, a `user_id` other than the cart's included.
    private static func finish(_ payload: inout PayloadReader, _ owner: String) throws {
        let userID = payload.optionalID("user_id")
        try payload.validate()
        if let userID, userID != owner { throw Problem.forbidden("user_id names another user than the cart's.") }
    }

    /// Whose cart: the caller's, or that of `user_id` for admins and oneself.
    private static func owner(_ context: RequestContext) throws -> String {
        let identity = try context.requireIdentity()
        guard let text = context.query["user_id"] else { return identity.userID }
        guard let userID = canonicalUUID(text) else {
            throw Problem.badRequest(
                "The query parameter user_id must be a UUID.", errors: [FieldError("user_id", "must be a UUID")])
        }
        try context.requireSelfOrAdmin(userID)
        return userID
    }

    /// Ends the reading of a body. One that names a user names the cart's: anything else is a mistake, or an attempt.
    private static func finish(_ payload: inout PayloadReader, owner: String) throws {
        let named = payload.optionalID("user_id")
        try payload.validate()
        if let named, named != owner { throw Problem.forbidden("user_id names another user than the cart's.") }
    }
}
