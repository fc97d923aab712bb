import HTTPCore
import JSON
import ShopContracts
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("Products in the hands of admins")
struct ProductAdminTests {
    private static let minimal = #"{"name": "Mug", "price": 5, "category": "audio"}"#

    @Test("Only admins change products, categories and stock")
    func access() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct()
            let routes: [(HTTPMethod, String)] = [
                (.post, "/api/v1/products"), (.put, "/api/v1/products/\(id)"), (.patch, "/api/v1/products/\(id)"),
                (.delete, "/api/v1/products/\(id)"), (.post, "/api/v1/products/\(id)/stock"),
                (.get, "/api/v1/products/\(id)/stock/history"), (.post, "/api/v1/categories"),
                (.put, "/api/v1/categories/\(id)"), (.delete, "/api/v1/categories/\(id)"),
            ]
            for (method, path) in routes {
                #expect(await shop.send(method, path, Self.minimal).status == 401, "\(method.name) \(path)")
                #expect(
                    await shop.send(method, path, as: .customer, Self.minimal).status == 403, "\(method.name) \(path)")
            }
        }
    }

    @Test("A new product is answered with its place and version, and can be read at once")
    func create() async throws {
        try await Shop.run { shop in
            let body = #"""
                {"name": "  Teapot ", "description": "Round", "price": 42.5, "stock_quantity": 25, "category": "audio",
                 "image_url": "/images/teapot.svg", "unknown": [1]}
                """#
            let answer = await shop.send(.post, "/api/v1/products", as: .admin, body)
            #expect(answer.status == 201)
            #expect(answer.fields[.location] == "/api/v1/products/\(answer.id)")
            #expect(answer["name"]?.string == "Teapot")
            #expect(answer["price"]?.number?.text == "42.50")
            #expect(answer["stock_quantity"]?.int == 25)
            #expect(answer["image_url"]?.string == "/images/teapot.svg")
            let read = await shop.send(.get, "/api/v1/products/\(answer.id)")
            #expect(read.status == 200 && read.text == answer.text && read.tag == answer.tag)
            #expect(shop.telemetry.logLines.contains { $0.contains("product created") })
        }
    }

    @Test("What may be left out has its default, and stock has two names")
    func defaults() async throws {
        try await Shop.run { shop in
            let minimal = await shop.send(.post, "/api/v1/products", as: .admin, Self.minimal)
            #expect(minimal["stock_quantity"]?.int == 0 && minimal["description"]?.string == "")
            #expect(minimal["image_url"] == .null && minimal["currency"]?.string == "USD")
            let alias = await shop.send(
                .post, "/api/v1/products", as: .admin, #"{"name": "A", "price": 0, "category": "AUDIO", "stock": 7}"#)
            #expect(alias["stock_quantity"]?.int == 7 && alias["category"]?.string == "audio")
            let both = await shop.send(
                .post, "/api/v1/products", as: .admin,
                #"{"name": "A", "price": 0.00, "category": "audio", "stock": 7, "stock_quantity": 3}"#)
            #expect(both["stock_quantity"]?.int == 3)
        }
    }

    @Test("Bounds are inclusive")
    func bounds() async throws {
        try await Shop.run { shop in
            let name = String(repeating: "é", count: 200)
            let description = String(repeating: "🫖", count: 5_000)
            let image = "/" + String(repeating: "a", count: 2_047)
            let answer = await shop.send(
                .post, "/api/v1/products", as: .admin,
                """
                {"name": "\(name)", "description": "\(description)", "price": 999999.99, "stock_quantity": 1000000,
                 "category": "audio", "image_url": "\(image)"}
                """)
            #expect(answer.status == 201, "\(answer.text.prefix(300))")
            #expect(answer["price"]?.number?.text == "999999.99")
        }
    }

    @Test(
        "Values that cannot be are refused by name",
        arguments: [
            (#"{}"#, ["name", "price", "category"]), (#"{"name": "", "price": 1, "category": "audio"}"#, ["name"]),
            (#"{"name": " \t", "price": 1, "category": "audio"}"#, ["name"]),
            (#"{"name": "a", "price": -0.01, "category": "audio"}"#, ["price"]),
            (#"{"name": "a", "price": 1000000, "category": "audio"}"#, ["price"]),
            (#"{"name": "a", "price": 1.005, "category": "audio"}"#, ["price"]),
            (#"{"name": "a", "price": 1e400, "category": "audio"}"#, ["price"]),
            (#"{"name": "a", "price": 1, "category": "nowhere"}"#, ["category"]),
            (#"{"name": "a", "price": 1, "category": "audio", "stock_quantity": -1}"#, ["stock_quantity"]),
            (#"{"name": "a", "price": 1, "category": "audio", "stock": 1000001}"#, ["stock"]),
            (#"{"name": "a", "price": 1, "category": "audio", "stock": 1.5}"#, ["stock"]),
            (#"{"name": "a", "price": 1, "category": "audio", "currency": "EUR"}"#, ["currency"]),
            (#"{"name": "a", "price": 1, "category": "audio", "image_url": "javascript:alert(1)"}"#, ["image_url"]),
            (#"{"name": "a", "price": 1, "category": "audio", "image_url": "//evil.example/x"}"#, ["image_url"]),
            (#"{"name": "a", "price": 1, "category": "audio", "image_url": "http:///x"}"#, ["image_url"]),
            (#"{"name": "a", "price": 1, "category": "audio", "image_url": "https://a b"}"#, ["image_url"]),
            (#"{"name": "a", "price": 1, "category": "audio", "image_url": "/\"onerror=x"}"#, ["image_url"]),
            (#"{"name": "a\u0000b", "price": 1, "category": "audio"}"#, ["name"]),
        ])
    func invalid(_ body: String, _ fields: [String]) async throws {
        try await Shop.run { shop in
            let answer = await shop.send(.post, "/api/v1/products", as: .admin, body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.faults == fields)
            #expect(await shop.send(.get, "/api/v1/products")["total"]?.int == 0)
        }
    }

    @Test("Wrong types, broken JSON and other content are 400, 413 and 415")
    func malformed() async throws {
        try await Shop.run { shop in
            let path = "/api/v1/products"
            let wrong = await shop.send(.post, path, as: .admin, #"{"name": 5, "price": "1", "category": "audio"}"#)
            #expect(wrong.status == 400 && wrong.faults == ["name", "price"])
            for body in ["", "{", "[]", "null", #"{"name": "a", "name": "b"}"#] {
                #expect(await shop.send(.post, path, as: .admin, body).status == 400, "\(body)")
            }
            let huge = #"{"name": "\#(String(repeating: "a", count: 140_000))"}"#
            #expect(await shop.send(.post, path, as: .admin, huge).status == 413)
            let form = await shop.send(.post, path, as: .admin, "name=x", fields: [.contentType: "text/plain"])
            #expect(form.status == 415)
        }
    }

    @Test("PUT replaces everything but the stock, which it sets only when told to")
    func replace() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 8, description: "Blue")
            let path = "/api/v1/products/\(id)"
            shop.advance(seconds: 1)
            let kept = await shop.send(.put, path, as: .admin, #"{"name": "Cup", "price": 6, "category": "audio"}"#)
            #expect(kept.status == 200)
            #expect(kept["name"]?.string == "Cup" && kept["description"]?.string == "")
            #expect(kept["stock_quantity"]?.int == 8)
            #expect(kept["created_at"]?.string == "2026-01-02T03:04:05.000000Z")
            #expect(kept["updated_at"]?.string == "2026-01-02T03:04:06.000000Z")
            let set = await shop.send(
                .put, path, as: .admin, #"{"name": "Cup", "price": 6, "category": "audio", "stock": 2}"#)
            #expect(set["stock_quantity"]?.int == 2)
            let history = await shop.send(.get, "\(path)/stock/history", as: .admin)
            #expect(history.items.compactMap { $0["delta"]?.int } == [-6, 8])
            #expect(try shop.counts(of: id) == shop.ledgerCounts(of: id))
            #expect(await shop.send(.put, path, as: .admin, #"{"price": 6}"#).faults == ["name", "category"])
        }
    }

    @Test("PATCH changes what it names; null takes away what may be absent and nothing else")
    func patch() async throws {
        try await Shop.run(categories: ["audio", "books"]) { shop in
            let id = try await shop.addProduct("Mug", price: "5.00", description: "Blue")
            let path = "/api/v1/products/\(id)"
            _ = await shop.send(.patch, path, as: .admin, #"{"image_url": "https://cdn.example/mug.png"}"#)
            let moved = await shop.send(.patch, path, as: .admin, #"{"category": "books", "stock": 4}"#)
            #expect(moved["category"]?.string == "books" && moved["stock_quantity"]?.int == 4)
            #expect(moved["name"]?.string == "Mug" && moved["price"]?.number?.text == "5.00")
            #expect(moved["image_url"]?.string == "https://cdn.example/mug.png")
            let cleared = await shop.send(.patch, path, as: .admin, #"{"image_url": null, "description": null}"#)
            #expect(cleared["image_url"] == .null && cleared["description"]?.string == "")
            let refused = await shop.send(.patch, path, as: .admin, #"{"name": null, "price": null}"#)
            #expect(refused.status == 422 && refused.faults == ["name", "price"])
            let same = await shop.send(.patch, path, as: .admin, "{}")
            #expect(same.status == 200 && same["category"]?.string == "books")
        }
    }

    @Test("A removed product is gone from every public answer, while its reservations stand")
    func remove() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 5)
            let order = Shop.orderID()
            #expect(await shop.reserve(order, [(id, 2)]).status == .held)
            let path = "/api/v1/products/\(id)"
            #expect(await shop.send(.delete, path, as: .admin).status == 204)
            #expect(await shop.send(.get, path).status == 404)
            #expect(await shop.send(.delete, path, as: .admin).status == 404)
            #expect(await shop.send(.patch, path, as: .admin, "{}").status == 404)
            #expect(await shop.send(.post, "\(path)/stock", as: .admin, #"{"delta": 1, "reason": "x"}"#).status == 404)
            #expect(await shop.send(.get, "/api/v1/products")["total"]?.int == 0)
            #expect(await shop.reserve(Shop.orderID(), [(id, 1)]).reason == .unknownProduct)
            let confirmed = await shop.confirm(order)
            #expect(confirmed.status == .confirmed && confirmed.items.map(\.name) == ["Mug"])
            #expect(try shop.counts(of: id) == .init(stock: 3, reserved: 0, sold: 2, stocked: 5))
        }
    }

    @Test("What is no id, and an id nobody has, are not found")
    func notFound() async throws {
        try await Shop.run { shop in
            for id in ["1", "abc", "01900000-0000-7000-8000-00000000ffff", "%00", "..%2f..%2fetc"] {
                #expect(await shop.send(.get, "/api/v1/products/\(id)").status == 404, "\(id)")
            }
            let id = try await shop.addProduct()
            #expect(await shop.send(.get, "/api/v1/products/\(id.uppercased())").status == 200)
            #expect(await shop.send(.head, "/api/v1/products/\(id)").status == 200)
        }
    }
}
