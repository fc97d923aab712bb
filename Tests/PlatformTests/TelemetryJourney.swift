import Protobuf
import ShopContracts
import HTTPCore
import JSON
import ServiceKit
import Testing

/// A way through everything the platform offers, so that everything it emits is emitted.
///
/// Whoever adds a route, or a way for one to end, adds a step.
struct TelemetryJourney {
    /// Quick sweeps, and log lines exported too.
    static let settings = [
        "VITRINE_ORDER_SWEEP_INTERVAL": "100ms", "VITRINE_RESERVATION_SWEEP_INTERVAL": "100ms",
        "OTEL_LOGS_EXPORTER": "otlp",
    ]
    private static let mug = "01900000-0000-7000-8000-00000000004b"
    private static let order = "01900000-0000-7000-8000-0000000000f1"

    let platform: RunningPlatform

    /// - Returns: once everything has been asked for, and the background has done its part.
    func run() async throws {
        let admin = try await self.platform.logIn("admin@vitrine.dev", "admin-password")
        let user = try await self.account(admin)
        try await self.catalogue(admin)
        try await self.cart(user)
        try await self.orders(user, admin)
        try await self.mistakes(user)
        try await self.calls(user)
        // Two orders whose payment is unknown are taken up again, one to its end and one back, and a reservation expires.
        _ = await self.platform.collector.spans { spans in
            let resumed = Set(spans.filter { $0.name == "resume order" }.map(\.spanID))
            let steps = Set(spans.filter { resumed.contains($0.parentSpanID) }.map(\.name))
            return steps.contains("vitrine.product.v1.ProductService/ConfirmReservation")
                && steps.contains("vitrine.product.v1.ProductService/ReleaseReservation")
                && spans.contains { $0.name == "expire reservations" }
        }
    }

    private func expect(
        _ status: Int, _ method: HTTPMethod, _ target: String, _ token: String? = nil, fields: HTTPFields = .init(),
        _ body: String? = nil
    ) async throws -> Answer {
        let answer = try await self.platform.call(method, target, token: token, fields: fields, body: body)
        #expect(answer.status == status, "\(method.name) \(target): \(answer.json)")
        return answer
    }

    private func account(_ admin: String) async throws -> String {
        let email = "signals@example.com"
        let credentials = #"{"email":"\#(email)","password":"correct-horse"}"#
        let registered = try await self.expect(201, .post, "/api/v1/auth/register", nil, credentials)
        let id = registered.json["user"]?["id"]?.string ?? registered.json["id"]?.string ?? ""
        _ = try await self.expect(409, .post, "/api/v1/auth/register", nil, credentials)
        _ = try await self.expect(
            401, .post, "/api/v1/auth/login", nil, #"{"email":"\#(email)","password":"wrong-horse"}"#)
        let session = try await self.expect(200, .post, "/api/v1/auth/login", nil, credentials)
        let refresh = #"{"refresh_token":"\#(session.json["refresh_token"]?.string ?? "")"}"#
        let renewed = try await self.expect(200, .post, "/api/v1/auth/refresh", nil, refresh)
        let token = renewed.json["access_token"]?.string ?? ""
        let other = try await self.expect(200, .post, "/api/v1/auth/login", nil, credentials)
        let otherRefresh = #"{"refresh_token":"\#(other.json["refresh_token"]?.string ?? "")"}"#
        _ = try await self.expect(204, .post, "/api/v1/auth/logout", token, otherRefresh)
        _ = try await self.expect(401, .post, "/api/v1/auth/refresh", nil, refresh)
        _ = try await self.expect(204, .post, "/api/v1/auth/logout", token)
        _ = try await self.expect(200, .get, "/api/v1/auth/jwks")
        _ = try await self.expect(200, .get, "/.well-known/jwks.json")
        _ = try await self.expect(200, .get, "/api/v1/users/me", token)
        _ = try await self.expect(200, .put, "/api/v1/users/me", token, #"{"name":"Signe Als"}"#)
        _ = try await self.expect(200, .get, "/api/v1/users", admin)
        _ = try await self.expect(200, .get, "/api/v1/users/\(id)", admin)
        _ = try await self.expect(200, .put, "/api/v1/users/\(id)", admin, #"{"name":"Signe A."}"#)
        _ = try await self.expect(200, .put, "/api/v1/users/\(id)/role", admin, #"{"role":"admin"}"#)
        _ = try await self.expect(200, .put, "/api/v1/users/\(id)/role", admin, #"{"role":"customer"}"#)
        return token
    }

    private func product(_ price: String, stock: Int = 5, _ admin: String) async throws -> String {
        let body =
            #"{"name":"Costs \#(price)","description":"","price":\#(price),"stock_quantity":\#(stock),"#
            + #""category":"kitchen"}"#
        return try await self.expect(201, .post, "/api/v1/products", admin, body).json["id"]?.string ?? ""
    }

    private func catalogue(_ admin: String) async throws {
        _ = try await self.expect(200, .get, "/api/products?limit=5")
        _ = try await self.expect(200, .get, "/api/v1/products/search?q=mug")
        _ = try await self.expect(200, .get, "/api/v1/products/search?q=nothingofthekind")
        _ = try await self.expect(200, .head, "/api/v1/products/\(Self.mug)")
        let id = try await self.product("3.00", admin)
        _ = try await self.expect(200, .patch, "/api/v1/products/\(id)", admin, #"{"price":4.00}"#)
        _ = try await self.expect(
            200, .put, "/api/v1/products/\(id)", admin,
            #"{"name":"Renamed","description":"","price":4.00,"category":"kitchen"}"#)
        _ = try await self.expect(
            201, .post, "/api/v1/products/\(id)/stock", admin, #"{"delta":2,"reason":"delivery"}"#)
        _ = try await self.expect(200, .get, "/api/v1/products/\(id)/stock/history", admin)
        _ = try await self.expect(204, .delete, "/api/v1/products/\(id)", admin)
        _ = try await self.expect(200, .get, "/api/v1/categories")
        let category = try await self.expect(
            201, .post, "/api/v1/categories", admin, #"{"name":"Signals","slug":"signals"}"#)
        let categoryID = category.json["id"]?.string ?? ""
        _ = try await self.expect(
            200, .put, "/api/v1/categories/\(categoryID)", admin, #"{"name":"Signs","slug":"signals"}"#)
        _ = try await self.expect(204, .delete, "/api/v1/categories/\(categoryID)", admin)
    }

    private func cart(_ user: String) async throws {
        let line = #"{"product_id":"\#(Self.mug)","quantity":1}"#
        _ = try await self.expect(200, .post, "/api/v1/cart/items", user, line)
        _ = try await self.expect(200, .put, "/api/v1/cart/items", user, line)
        _ = try await self.expect(200, .put, "/api/v1/cart/items/\(Self.mug)", user, #"{"quantity":2}"#)
        _ = try await self.expect(200, .get, "/api/v1/cart", user)
        _ = try await self.expect(200, .delete, "/api/v1/cart/items/\(Self.mug)", user)
        _ = try await self.expect(200, .post, "/api/v1/cart/items", user, line)
        _ = try await self.expect(204, .delete, "/api/v1/cart", user)
    }

    private func orders(_ user: String, _ admin: String) async throws {
        _ = try await self.expect(
            200, .post, "/api/v1/cart/items", user, #"{"product_id":"\#(Self.mug)","quantity":1}"#)
        let key: HTTPFields = ["idempotency-key": "signals"]
        let body = #"{"payment_method":"credit_card"}"#
        let first = try await self.expect(201, .post, "/api/v1/orders", user, fields: key, body)
        _ = try await self.expect(201, .post, "/api/v1/orders", user, fields: key, body)
        let id = first.json["id"]?.string ?? ""
        _ = try await self.expect(200, .get, "/api/v1/orders", user)
        _ = try await self.expect(200, .get, "/api/v1/orders/\(id)", user)
        _ = try await self.expect(200, .get, "/api/v1/orders/\(id)/events", user)
        _ = try await self.expect(200, .post, "/api/v1/orders/\(id)/cancel", user)
        let bought = try await self.expect(
            201, .post, "/api/v1/orders", user, #"{"items":[{"product_id":"\#(Self.mug)","quantity":1}]}"#)
        _ = try await self.expect(
            200, .put, "/api/v1/orders/\(bought.json["id"]?.string ?? "")/status", admin, #"{"status":"shipped"}"#)
        // Out of stock; declined; captured unseen; never charged.
        for (price, quantity, status) in [("2.00", 6, 409), ("20.13", 1, 402), ("20.15", 1, 202), ("20.17", 1, 202)] {
            let product = try await self.product(price, admin)
            _ = try await self.expect(
                status, .post, "/api/v1/orders", user,
                #"{"items":[{"product_id":"\#(product)","quantity":\#(quantity)}]}"#)
        }
    }

    private func mistakes(_ user: String) async throws {
        _ = try await self.expect(200, .get, "/openapi.json")
        _ = try await self.expect(404, .get, "/api/v1/nothing")
        _ = try await self.expect(405, .delete, "/api/v1/products")
        _ = try await self.expect(401, .get, "/api/v1/cart")
        _ = try await self.expect(401, .get, "/api/v1/users", "x.y.z")
        _ = try await self.expect(403, .get, "/api/v1/users", user)
        _ = try await self.expect(404, .get, "/api/v1/products/\(Self.order)")
        _ = try await self.expect(422, .post, "/api/v1/cart/items", user, #"{"quantity":0}"#)
    }

    /// What the services offer one another and nobody among them asks for yet, and a reservation that nobody confirms.
    private func calls(_ user: String) async throws {
        let product = ProductV1.ProductServiceClient(self.platform.caller(.product))
        _ = try await product.getProduct(ProductV1.GetProductRequest(productID: Self.mug))
        let held = try await product.reserveStock(
            ProductV1.ReserveStockRequest(
                orderID: Self.order, lines: [.init(productID: Self.mug, quantity: 1)],
                expiresIn: GoogleProtobuf.Duration(seconds: 1)))
        #expect(held.status == .held)
        let users = UserV1.UserServiceClient(self.platform.caller(.user))
        let token = try await users.validateToken(UserV1.ValidateTokenRequest(accessToken: user))
        #expect(try await users.getUser(UserV1.GetUserRequest(userID: token.userID)).id == token.userID)
        let orders = OrderV1.OrderServiceClient(self.platform.caller(.order))
        let list = try await orders.listOrders(OrderV1.ListOrdersRequest(userID: token.userID, pageSize: 1))
        let order = try #require(list.orders.first)
        #expect(try await orders.getOrder(OrderV1.GetOrderRequest(orderID: order.id)) == order)
    }
}
