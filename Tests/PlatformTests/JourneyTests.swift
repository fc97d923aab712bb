import HTTPCore
import JSON
import ServiceKit
import Testing

/// A customer's way through the shop, over real sockets, and what it leaves in the telemetry.
@Suite("A shopping journey", .timeLimit(.minutes(3)), .serialized)
struct JourneyTests {
    private static let mug = "01900000-0000-7000-8000-00000000004b"

    @Test("From registration to a cancelled order, every step answers as documented")
    func wholeJourney() async throws {
        let platform = try await RunningPlatform()
        let email = "journey@example.com"
        let registered = try await platform.call(
            .post, "/api/users/register", body: #"{"email":"\#(email)","password":"correct-horse","name":"Jo Urney"}"#)
        #expect(registered.status == 201)
        #expect(registered.json["password"] == nil)
        let again = try await platform.call(
            .post, "/api/v1/auth/register", body: #"{"email":"\#(email)","password":"correct-horse"}"#)
        #expect(again.status == 409)
        let token = try await platform.logIn(email, "correct-horse")
        #expect(token.split(separator: ".").count == 3)

        let list = try await platform.call(.get, "/api/products?limit=5")
        #expect(list.status == 200)
        #expect(list.json["items"]?.array?.count == 5)
        #expect((list.json["total"]?.int ?? 0) >= 200)
        let found = try await platform.call(.get, "/api/v1/products/search?q=mug")
        #expect((found.json["items"]?.array?.count ?? 0) > 0)

        let product = try await platform.call(.get, "/api/v1/products/\(Self.mug)")
        let stock = product.json["stock_quantity"]?.int ?? 0
        #expect(stock >= 3)

        let added = try await platform.call(
            .post, "/api/v1/cart/items", token: token, body: #"{"product_id":"\#(Self.mug)","quantity":2}"#)
        #expect(added.status == 200 || added.status == 201)
        let cart = try await platform.call(.get, "/api/v1/cart", token: token)
        #expect(cart.json["items"]?.array?.first?["quantity"]?.int == 2)

        let order = try await platform.call(
            .post, "/api/v1/orders", token: token, body: #"{"payment_method":"credit_card"}"#)
        #expect(order.status == 201)
        let id = try #require(order.json["id"]?.string)
        #expect(order.json["status"]?.string == "processing")
        #expect(order.json["total_amount"] == cart.json["total_amount"])

        let left = try await platform.call(.get, "/api/v1/products/\(Self.mug)")
        #expect(left.json["stock_quantity"]?.int == stock - 2)
        let emptied = try await platform.call(.get, "/api/v1/cart", token: token)
        #expect(emptied.json["items"]?.array?.isEmpty == true)

        let events = try await platform.call(.get, "/api/v1/orders/\(id)/events", token: token)
        #expect((events.json["items"]?.array?.count ?? 0) >= 2)
        let cancelled = try await platform.call(.post, "/api/v1/orders/\(id)/cancel", token: token)
        #expect(cancelled.status == 200)
        #expect(cancelled.json["status"]?.string == "cancelled")
        let returned = try await platform.call(.get, "/api/v1/products/\(Self.mug)")
        #expect(returned.json["stock_quantity"]?.int == stock)
        await platform.stop()
    }

    @Test("A checkout is one trace, each span below the one that caused it")
    func checkoutIsOneTrace() async throws {
        let platform = try await RunningPlatform()
        let token = try await platform.register("trace@example.com")
        _ = try await platform.call(
            .post, "/api/v1/cart/items", token: token, body: #"{"product_id":"\#(Self.mug)","quantity":1}"#)
        let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
        let order = try await platform.call(
            .post, "/api/v1/orders", token: token,
            fields: [.traceparent: "00-\(traceID)-00f067aa0ba902b7-01", .tracestate: "vendor=1"],
            body: #"{"payment_method":"paypal"}"#)
        #expect(order.status == 201)
        #expect(order.fields[.traceparent]?.contains(traceID) == true)

        let spans = await platform.collector.spans { all in
            let trace = all.filter { $0.traceID == traceID }
            let ids = Set(trace.map(\.spanID))
            // Each process exports for itself: complete is the trace once no span hangs in the air any more.
            return trace.contains { $0.service == "gateway" && $0.kind == 2 }
                && trace.contains { $0.service == "product" && $0.name.hasSuffix("ProductService/ReserveStock") }
                && trace.contains { $0.service == "cart" && $0.name.hasSuffix("CartService/GetCart") }
                && trace.allSatisfy { $0.parentSpanID == "00f067aa0ba902b7" || ids.contains($0.parentSpanID) }
        }.filter { $0.traceID == traceID }
        let byID = Dictionary(uniqueKeysWithValues: spans.map { ($0.spanID, $0) })
        func serverParents(of service: String) -> Set<String> {
            Set(spans.filter { $0.service == service && $0.kind == 2 }.compactMap { byID[$0.parentSpanID]?.service })
        }
        #expect(serverParents(of: "order") == ["gateway"])
        #expect(serverParents(of: "cart") == ["order"])
        #expect(serverParents(of: "product") == ["order"])
        let root = try #require(spans.first { $0.service == "gateway" && $0.kind == 2 })
        #expect(root.parentSpanID == "00f067aa0ba902b7")
        #expect(root.name == "POST /api/v1/orders")
        #expect(root.attributes["http.response.status_code"] == "201")
        // Every span but the root hangs below another of the trace.
        for span in spans where span.spanID != root.spanID {
            #expect(byID[span.parentSpanID] != nil, "\(span.service) \(span.name) hangs in the air")
        }
        #expect(spans.contains { $0.service == "product" && $0.attributes["db.system.name"] == "sqlite" })
        #expect(platform.collector.malformed == 0)
        await platform.stop()
    }

    @Test("64 clients ordering the last 10 units: 10 are sold, the others are told, nobody meets a failure")
    func lastUnits() async throws {
        let platform = try await RunningPlatform()
        let admin = try await platform.logIn("admin@vitrine.dev", "admin-password")
        let made = try await platform.call(
            .post, "/api/v1/products", token: admin,
            body: #"{"name":"Last Ten","description":"","price":12.50,"stock_quantity":10,"category":"kitchen"}"#)
        #expect(made.status == 201)
        let id = try #require(made.json["id"]?.string)
        let token = try await platform.register("rush@example.com")

        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await platform.call(
                        .post, "/api/v1/orders", token: token,
                        body: #"{"items":[{"product_id":"\#(id)","quantity":1}]}"#
                    ).status
                }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [201: 10, 409: 54])
        let left = try await platform.call(.get, "/api/v1/products/\(id)")
        #expect(left.json["stock_quantity"]?.int == 0)
        await platform.stop()
    }

    @Test("Requests leave series, access and internals stay closed, and unknown things get problems")
    func edges() async throws {
        let platform = try await RunningPlatform()
        let missing = try await platform.call(.get, "/api/v1/nothing")
        #expect(missing.status == 404)
        #expect(missing.fields[.contentType] == "application/problem+json")
        #expect(missing.json["trace_id"]?.string?.count == 32)
        #expect(try await platform.call(.get, "/api/v1/cart").status == 401)
        #expect(try await platform.call(.get, "/api/v1/users", token: "x.y.z").status == 401)
        #expect(try await platform.call(.get, "/internal/v1/carts/\(Self.mug)").status == 404)
        let wrong = try await platform.call(.delete, "/api/v1/products")
        #expect(wrong.status == 405)
        #expect(wrong.fields[.allow]?.contains("GET") == true)
        // A client's own copies of internal fields count for nothing.
        let forged: HTTPFields = [
            "x-vitrine-user-id": "01900000-0000-7000-8000-000000000001", "x-vitrine-roles": "admin",
        ]
        #expect(try await platform.call(.get, "/api/v1/users", fields: forged).status == 401)

        let exposition = try await platform.scrape(.gateway)
        #expect(exposition.contains("http_server_request_duration_seconds_count{"))
        #expect(exposition.contains(#"http_route="/api/v1/cart""#))
        await platform.stop()
    }
}
