import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization

/// A small shop that works: products, accounts with tokens, carts, orders, stock; and can be made to fail or to wait.
final class FakeShop: HTTPResponder, HTTPTransport {
    struct Seen: Sendable {
        let method: HTTPMethod
        let path: String
        let query: String?
        let fields: HTTPFields
    }

    struct State: Sendable {
        var seen: [Seen] = []
        var accounts: [String: String] = [:]
        var carts: [String: [String: Int]] = [:]
        var orders: [String: [String]] = [:]
        var stock: [String: Int] = [:]
        var tokenSeconds = 900
        /// Answers that come instead of the shop's own, by the end of the path.
        var failing: [String: Int] = [:]
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    let state: Mutex<State>
    static let products = (0..<12).map { "01900000-0000-7000-8000-0000000000\(10 + $0)" }

    init(stock: Int = 1_000) {
        var state = State()
        for product in Self.products { state.stock[product] = stock }
        self.state = Mutex(state)
    }

    func fail(_ suffix: String, with status: Int) { self.state.withLock { $0.failing[suffix] = status } }

    /// From now on every request waits until `release`.
    func hold() { self.state.withLock { $0.isHeld = true } }

    func release() {
        let held = self.state.withLock { state in
            defer { state.held = [] }
            state.isHeld = false
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    var seen: [Seen] { self.state.withLock { $0.seen } }

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        await self.respond(to: request)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let body = (try? await request.body.collect(upTo: 1 << 16)) ?? []
        await withCheckedContinuation { continuation in
            let waits = self.state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !waits { continuation.resume() }
        }
        return self.state.withLock { state in
            state.seen.append(
                Seen(method: request.method, path: request.path, query: request.query, fields: request.fields))
            if let status = state.failing.first(where: { request.path.hasSuffix($0.key) })?.value {
                return HTTPResponse(HTTPStatus(status))
            }
            return Self.answer(request, (try? JSONValue(parsing: body)) ?? .null, &state)
        }
    }

    // MARK: The shop

    private static func answer(_ request: HTTPRequest, _ body: JSONValue, _ state: inout State) -> HTTPResponse {
        let path = request.path.dropFirst("/api/v1".count)
        let user = request.fields[.authorization].map { String($0.dropFirst("Bearer ".count)) }
        switch (request.method, path) {
        case (.get, "/products"), (.get, "/products/search"): return self.list(state)
        case (.get, "/categories"): return self.json(200, #"{"items":[],"total":0}"#)
        case (.post, "/auth/register"):
            let email = body["email"]?.string ?? ""
            guard state.accounts[email] == nil else { return self.problem(409, "email-taken") }
            state.accounts[email] = body["password"]?.string
            return self.json(201, "{}")
        case (.post, "/auth/login"):
            let email = body["email"]?.string ?? ""
            let isKnown = state.accounts[email] == body["password"]?.string || email == "admin@vitrine.dev"
            guard isKnown else { return HTTPResponse(401) }
            return self.json(200, #"{"access_token":"\#(email)","expires_in":\#(state.tokenSeconds)}"#)
        case (.get, _) where path.hasPrefix("/products/"): return self.json(200, "{}")
        default: break
        }
        guard let user else { return HTTPResponse(401) }
        return self.answer(request.method, path, body, user: user, &state)
    }

    private static func answer(
        _ method: HTTPMethod, _ path: Substring, _ body: JSONValue, user: String, _ state: inout State
    ) -> HTTPResponse {
        switch (method, path) {
        case (.post, "/cart/items"):
            state.carts[user, default: [:]][body["product_id"]?.string ?? "", default: 0] += body["quantity"]?.int ?? 0
            return self.json(200, "{}")
        case (.get, "/cart"): return self.json(200, "{}")
        case (.delete, "/cart"):
            state.carts[user] = [:]
            return HTTPResponse(204)
        case (.delete, _) where path.hasPrefix("/cart/items/"):
            state.carts[user]?[String(path.dropFirst("/cart/items/".count))] = nil
            return self.json(200, "{}")
        case (.post, "/orders"): return self.order(user, &state)
        case (.get, "/orders"):
            let items = (state.orders[user] ?? []).reversed().map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
            return self.json(200, #"{"items":[\#(items)]}"#)
        case (.get, _) where path.hasPrefix("/orders/"): return self.json(200, "{}")
        case (.post, _) where path.hasSuffix("/stock"):
            state.stock[String(path.split(separator: "/")[1]), default: 0] += body["delta"]?.int ?? 0
            return self.json(201, "{}")
        default: return HTTPResponse(404)
        }
    }

    private static func order(_ user: String, _ state: inout State) -> HTTPResponse {
        let cart = state.carts[user] ?? [:]
        guard !cart.isEmpty else { return HTTPResponse(422) }
        for (product, quantity) in cart where (state.stock[product] ?? 0) < quantity {
            return self.problem(409, "out-of-stock")
        }
        for (product, quantity) in cart { state.stock[product, default: 0] -= quantity }
        state.carts[user] = [:]
        let id = "0199\(state.orders.values.reduce(0) { $0 + $1.count })"
        state.orders[user, default: []].append(id)
        return self.json(201, #"{"id":"\#(id)"}"#)
    }

    private static func list(_ state: State) -> HTTPResponse {
        let items = self.products.map { product in
            #"{"id":"\#(product)","name":"Stoneware Mug","category":"kitchen","stock_quantity":\#(state.stock[product] ?? 0)}"#
        }
        return self.json(200, #"{"items":[\#(items.joined(separator: ","))]}"#)
    }

    private static func json(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
        HTTPResponse(status, fields: [.contentType: "application/json"], body: .bytes(Array(text.utf8)))
    }

    private static func problem(_ status: HTTPStatus, _ code: String) -> HTTPResponse {
        self.json(status, #"{"type":"/problems/\#(code)"}"#)
    }
}

/// A shop behind a real listener on a port of its own.
final class ListeningShop: Sendable {
    let shop: FakeShop
    let endpoint: HTTPEndpoint
    private let loops: EventLoopGroup
    private let server: HTTPServer

    init(_ shop: FakeShop = FakeShop()) throws {
        self.shop = shop
        self.loops = try EventLoopGroup(count: 1)
        guard let address = SocketAddress(numericHost: "127.0.0.1", port: 0) else { fatalError("a loopback address") }
        self.server = try HTTPServer(address: address, loops: self.loops.traffic, responder: shop)
        self.endpoint = HTTPEndpoint(host: "127.0.0.1", port: self.server.address.port)
    }

    func close() async {
        await self.server.drain(within: .seconds(1))
        self.loops.stop()
    }
}
