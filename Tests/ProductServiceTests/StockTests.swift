import HTTPCore
import JSON
import Testing

@testable import ProductService

@Suite("Stock by hand")
struct StockTests {
    private func move(_ shop: Shop, _ id: String, _ body: String) async -> Answer {
        await shop.send(.post, "/api/v1/products/\(id)/stock", as: .admin, body)
    }

    @Test("A movement is answered with the stock after it and written down with who made it")
    func movement() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 10)
            let answer = await self.move(shop, id, #"{"delta": 24, "reason": "delivery 4711"}"#)
            #expect(answer.status == 201)
            #expect(answer["product_id"]?.string == id && answer["delta"]?.int == 24)
            #expect(answer["stock_quantity"]?.int == 34 && answer["reason"]?.string == "delivery 4711")
            #expect(answer["user_id"]?.string == Shop.adminID && answer["order_id"] == .null)
            #expect(answer["created_at"]?.string == "2026-01-02T03:04:05.000000Z")
            #expect(await shop.stock(of: id) == 34)
            let history = await shop.send(.get, "/api/v1/products/\(id)/stock/history", as: .admin)
            #expect(history.items.first == answer.json)
        }
    }

    @Test("Stock goes to zero and never below")
    func belowZero() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 3)
            let refused = await self.move(shop, id, #"{"delta": -4, "reason": "breakage"}"#)
            #expect(refused.status == 409 && refused.code == "out-of-stock")
            #expect(await self.move(shop, id, #"{"delta": -3, "reason": "breakage"}"#)["stock_quantity"]?.int == 0)
            #expect(await self.move(shop, id, #"{"delta": -1, "reason": "breakage"}"#).status == 409)
            let history = await shop.send(.get, "/api/v1/products/\(id)/stock/history", as: .admin)
            #expect(history["total"]?.int == 2)
        }
    }

    @Test(
        "Movements that cannot be are refused by name",
        arguments: [
            (#"{}"#, 422, ["delta", "reason"]), (#"{"delta": 0, "reason": "x"}"#, 422, ["delta"]),
            (#"{"delta": 1}"#, 422, ["reason"]), (#"{"delta": 1, "reason": " "}"#, 422, ["reason"]),
            (#"{"delta": 1.5, "reason": "x"}"#, 422, ["delta"]),
            (#"{"delta": 1000001, "reason": "x"}"#, 422, ["delta"]),
            (#"{"delta": 999999, "reason": "x"}"#, 422, ["delta"]), (#"{"delta": "1", "reason": "x"}"#, 400, ["delta"]),
        ])
    func invalid(_ body: String, _ status: Int, _ fields: [String]) async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 3)
            let answer = await self.move(shop, id, body)
            #expect(answer.status == status && answer.faults == fields, "\(answer.text)")
            #expect(await shop.stock(of: id) == 3)
        }
    }

    @Test("The history is paged newest first, by number and by cursor")
    func history() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 1)
            try await shop.addProduct("Other", stock: 99)
            for delta in 2...6 { _ = await self.move(shop, id, #"{"delta": \#(delta), "reason": "r"}"#) }
            let path = "/api/v1/products/\(id)/stock/history"
            let deltas = { (answer: Answer) in answer.items.compactMap { $0["delta"]?.int } }
            let first = await shop.send(.get, "\(path)?limit=4", as: .admin)
            #expect(deltas(first) == [6, 5, 4, 3] && first["total"]?.int == 6)
            #expect(deltas(await shop.send(.get, "\(path)?limit=4&page=2", as: .admin)) == [2, 1])
            let cursor = try #require(first.cursor)
            let rest = await shop.send(.get, "\(path)?limit=4&cursor=\(cursor)", as: .admin)
            #expect(deltas(rest) == [2, 1] && rest["next_cursor"] == .null)
            #expect(await shop.send(.get, "\(path)?cursor=x", as: .admin).faults == ["cursor"])
            #expect(await shop.send(.get, "\(path)?page=0", as: .admin).status == 400)
            let unknown = "/api/v1/products/01900000-0000-7000-8000-00000000ffff/stock/history"
            #expect(await shop.send(.get, unknown, as: .admin).status == 404)
        }
    }
}
