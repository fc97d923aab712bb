import HTTPCore
import JSON
import OrderDomain
import Testing

@testable import OrderService

@Suite("/api/v1/orders")
struct OrderRoutesTests {
    @Test("An order takes the payment method and address it was given", arguments: PaymentMethod.allCases)
    func methods(method: PaymentMethod) async throws {
        let harness = try OrderHarness()
        let body = """
            {"payment_method":"\(method.rawValue)","shipping_address":"12 Glass Lane, 1050 Copenhagen",
            "items":[{"product_id":"\(OrderHarness.mug)","quantity":1}]}
            """
        let answer = try await harness.send(.post, "/api/v1/orders", body)
        #expect(answer.status == 201 && answer.json["payment_method"]?.string == method.rawValue)
        #expect(answer.json["shipping_address"]?.string == "12 Glass Lane, 1050 Copenhagen")
    }

    @Test("An address may come in its parts, and goes out as it came")
    func postalAddress() async throws {
        let harness = try OrderHarness()
        let address =
            #"{"name":"Ada \"L\"","line1":"12 Glass Lane","line2":"c/o Byron","city":"Copenhagen","#
            + #""region":"Capital","postal_code":"1050","country":"DK"}"#
        let body = #"{"shipping_address":\#(address),"items":[{"product_id":"\#(OrderHarness.mug)","quantity":1}]}"#
        let id = try #require(try await harness.send(.post, "/api/v1/orders", body).id)
        #expect(try await harness.show(id).text.contains(#""shipping_address":\#(address)"#))
    }

    @Test("One's own user id is accepted, another's is not, whoever asks")
    func userID() async throws {
        let harness = try OrderHarness()
        let items = #""items":[{"product_id":"\#(OrderHarness.mug)","quantity":1}]"#
        let own = try await harness.send(.post, "/api/v1/orders", #"{"user_id":"\#(OrderHarness.ada)",\#(items)}"#)
        #expect(own.status == 201)
        for token in ["bob", "admin"] {
            let other = try await harness.send(
                .post, "/api/v1/orders", as: token, #"{"user_id":"\#(OrderHarness.ada)",\#(items)}"#)
            #expect(other.status == 403)
        }
    }

    @Test(
        "What cannot be read or accepted is refused by field",
        arguments: [
            (#"{"items":[]}"#, 422, ["items"]),
            (#"{"items":[{}]}"#, 422, ["items[0].product_id", "items[0].quantity"]),
            (#"{"items":[{"product_id":"x","quantity":0}]}"#, 422, ["items[0].product_id", "items[0].quantity"]),
            (
                #"{"items":[{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1000}]}"#, 422,
                ["items[0].quantity"]
            ),
            (#"{"items":[1]}"#, 400, ["items[0]"]), (#"{"items":{}}"#, 400, ["items"]),
            (#"{"payment_method":"cash"}"#, 422, ["payment_method"]),
            (#"{"payment_method":1}"#, 400, ["payment_method"]),
            (#"{"shipping_address":""}"#, 422, ["shipping_address"]),
            (#"{"shipping_address":7}"#, 400, ["shipping_address"]),
            (#"{"shipping_address":{"city":"x"}}"#, 422, ["shipping_address.line1"]),
            (#"{"shipping_address":{"line1":"x","city":7}}"#, 400, ["shipping_address.city"]),
            (#"{"user_id":"me"}"#, 422, ["user_id"]), ("", 400, []), ("[1]", 400, []), (#"{"items":"#, 400, []),
        ])
    func badInput(body: String, status: Int, fields: [String]) async throws {
        let harness = try OrderHarness()
        let answer = try await harness.send(.post, "/api/v1/orders", body)
        #expect(answer.status == status && answer.errorFields == fields, "\(answer.text)")
        #expect(try await harness.all().isEmpty)
    }

    @Test("Too many of one product are refused, also when they are added up")
    func addedUp() async throws {
        let harness = try OrderHarness()
        let item = #"{"product_id":"\#(OrderHarness.mug)","quantity":500}"#
        let answer = try await harness.send(.post, "/api/v1/orders", #"{"items":[\#(item),\#(item)]}"#)
        #expect(answer.status == 422 && answer.errorFields == ["items[1].quantity"])
    }

    @Test("An address has at most 500 characters")
    func longAddress() async throws {
        let harness = try OrderHarness()
        let address = String(repeating: "ä", count: 501)
        #expect(try await harness.send(.post, "/api/v1/orders", #"{"shipping_address":"\#(address)"}"#).status == 422)
    }

    @Test("An order is its owner's and the admins'")
    func ownership() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        for target in ["/api/v1/orders/\(id)", "/api/v1/orders/\(id)/events"] {
            #expect(try await harness.send(.get, target, as: "ada").status == 200)
            #expect(try await harness.send(.get, target, as: "admin").status == 200)
            #expect(try await harness.send(.get, target, as: "bob").status == 403)
            #expect(try await harness.send(.get, target, as: nil).status == 401)
        }
        #expect(try await harness.send(.post, "/api/v1/orders/\(id)/cancel", as: "bob").status == 403)
        #expect(try await harness.show(id).orderStatus == "processing")
    }

    @Test("What is no order is not found", arguments: ["x", "01900000-0000-7000-8000-00000000ffff"])
    func notFound(id: String) async throws {
        let harness = try OrderHarness()
        #expect(try await harness.send(.get, "/api/v1/orders/\(id)").status == 404)
        #expect(try await harness.send(.get, "/api/v1/orders/\(id)/events").status == 404)
    }

    @Test("A list has one's own orders, newest first, page by page")
    func pages() async throws {
        let harness = try OrderHarness()
        var ids: [OrderID] = []
        for _ in 0..<5 { ids.append(try await harness.placed()) }
        _ = try await harness.placed(as: "bob")
        let first = try await harness.send(.get, "/api/v1/orders?limit=2")
        #expect(first.items.compactMap { $0["id"]?.string } == ids.suffix(2).reversed().map(\.description))
        #expect(first.json["total"]?.int == 5 && first.json["page"]?.int == 1 && first.json["limit"]?.int == 2)
        let last = try await harness.send(.get, "/api/v1/orders?limit=2&page=3")
        #expect(last.items.compactMap { $0["id"]?.string } == [ids[0].description])
        #expect(last.json["next_cursor"]?.isNull == true)
        #expect(try await harness.send(.get, "/api/v1/orders?page=4&limit=2").items.isEmpty)
    }

    @Test("A cursor goes through all orders without a gap")
    func cursor() async throws {
        let harness = try OrderHarness()
        var ids: [String] = []
        for _ in 0..<5 { ids.append(try await harness.placed().description) }
        var seen: [String] = []
        var cursor: String? = ""
        while let text = cursor {
            let page = try await harness.send(.get, "/api/v1/orders?limit=2&page=7&cursor=\(text)")
            seen += page.items.compactMap { $0["id"]?.string }
            #expect(page.json["total"]?.int == 5)
            cursor = page.json["next_cursor"]?.string
        }
        #expect(seen == ids.reversed())
    }

    @Test("A list may be of one status, and for admins of everybody or one user")
    func filters() async throws {
        let harness = try OrderHarness()
        let cancelled = try await harness.placed()
        _ = try await harness.send(.post, "/api/v1/orders/\(cancelled)/cancel")
        _ = try await harness.placed()
        _ = try await harness.placed(as: "bob")
        func count(_ query: String, as token: String) async throws -> Int? {
            try await harness.send(.get, "/api/v1/orders\(query)", as: token).json["total"]?.int
        }
        #expect(try await count("?status=cancelled", as: "ada") == 1)
        #expect(try await count("?status=processing", as: "ada") == 1)
        #expect(try await count("?status=shipped", as: "ada") == 0)
        #expect(try await count("", as: "admin") == 3)
        #expect(try await count("?status=processing", as: "admin") == 2)
        #expect(try await count("?user_id=\(OrderHarness.ada)", as: "admin") == 2)
        #expect(try await count("?user_id=\(OrderHarness.ada)&status=cancelled", as: "admin") == 1)
        #expect(try await count("?user_id=\(OrderHarness.ada)", as: "ada") == 2)
        #expect(try await harness.send(.get, "/api/v1/orders?user_id=\(OrderHarness.ada)", as: "bob").status == 403)
    }

    @Test(
        "A query that makes no sense is refused",
        arguments: [
            "page=0", "page=x", "limit=0", "limit=101", "status=lost", "user_id=me", "cursor=x",
            "cursor=00000000000000000000000000000000000",
        ])
    func badQuery(query: String) async throws {
        let harness = try OrderHarness()
        #expect(try await harness.send(.get, "/api/v1/orders?\(query)").status == 400)
    }

    @Test("The history is told page by page")
    func history() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        let page = try await harness.send(.get, "/api/v1/orders/\(id)/events?limit=1&page=2")
        #expect(page.items.count == 1 && page.json["total"]?.int == 2)
        #expect(page.items.first?["type"]?.string == "paid" && page.items.first?["status"]?.string == "processing")
        #expect(page.items.first?["created_at"]?.string == "2026-01-02T03:04:05.000000Z")
    }

    @Test("Without a token nothing is to be had")
    func strangers() async throws {
        let harness = try OrderHarness()
        #expect(try await harness.send(.get, "/api/v1/orders", as: nil).status == 401)
        #expect(try await harness.send(.post, "/api/v1/orders", as: nil, "{}").status == 401)
    }
}
