import HTTPCore
import JSON
import Testing

@testable import CartService

@Suite("/api/v1/cart")
struct CartRoutesTests {
    private let item = "/api/v1/cart/items/\(Sample.mug.id)"

    @Test("An untouched cart is empty, and the catalogue is not asked")
    func empty() async throws {
        let harness = try CartHarness()
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.status == 200 && answer.lines.isEmpty && answer.total == "0.00")
        #expect(answer.json["currency"]?.string == "USD" && answer.json["user_id"]?.string == CartHarness.ada)
        #expect(harness.catalogue.calls.isEmpty)
    }

    @Test("What is added shows with live name, price and availability")
    func adding() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.lamp, 3)
        let answer = try await harness.add(Sample.mug, 2)
        #expect(answer.status == 200)
        #expect(
            answer.text.contains(
                #""name":"Desk \"Lamp\"","quantity":3,"price":89.99,"subtotal":269.97,"available":false"#))
        #expect(
            answer.text.contains(
                #""name":"Stoneware Mug","quantity":2,"price":14.00,"subtotal":28.00,"available":true"#))
        #expect(answer.total == "297.97" && answer.json["version"]?.int == 2)
        #expect(answer.json["degraded"]?.bool == false && !answer.fields.contains("x-vitrine-degraded"))
        harness.catalogue.put(
            CatalogueProduct(id: Sample.mug.id, name: "Mug", priceMinorUnits: 1, currency: "USD", availableQuantity: 1))
        #expect(try await harness.send(.get, "/api/v1/cart").total == "269.99")
    }

    @Test("Adding asks the catalogue once, whatever is in the cart")
    func oneCall() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.lamp, 1)
        _ = try await harness.add(Sample.mug, 1)
        #expect(harness.catalogue.calls == [[Sample.lamp.id], [Sample.lamp.id, Sample.mug.id]])
    }

    @Test("A cart that another process has changed shows whole all the same")
    func wrongGuess() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        let elsewhere = SQLCartRepository(database: harness.database)
        _ = try await elsewhere.change(CartHarness.ada, now: 1) { try $0.add(1, of: Sample.lamp.id, isVerified: true) }
        #expect(try await harness.add(Sample.mug, 1).total == "117.99")
    }

    @Test("Adding again adds up, to 999 at most")
    func addingUp() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 998)
        #expect(try await harness.add(Sample.mug, 1).lines.first?["quantity"]?.int == 999)
        let refused = try await harness.add(Sample.mug, 1)
        #expect(refused.status == 422 && refused.errorFields == ["quantity"])
    }

    @Test("A product that does not exist is not found")
    func unknownProduct() async throws {
        let harness = try CartHarness()
        let body = #"{"product_id":"\#(Sample.unknown)","quantity":1}"#
        let answer = try await harness.send(.post, "/api/v1/cart/items", body)
        #expect(answer.status == 404)
        #expect(try await harness.send(.get, "/api/v1/cart").lines.isEmpty)
    }

    @Test("The hundred and first product does not fit")
    func full() async throws {
        let products = Sample.many(101)
        let harness = try CartHarness(products)
        for product in products.dropLast() { #expect(try await harness.add(product, 1).status == 200) }
        let answer = try await harness.add(products[100], 1)
        #expect(answer.status == 409 && answer.problem == "/problems/cart-full")
    }

    @Test("A quantity is set by path or by body, and 0 takes the line out")
    func setting() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        #expect(try await harness.send(.put, self.item, #"{"quantity":5}"#).lines.first?["quantity"]?.int == 5)
        let byBody = #"{"product_id":"\#(Sample.mug.id.uppercased())","quantity":7}"#
        #expect(try await harness.send(.put, "/api/v1/cart/items", byBody).lines.first?["quantity"]?.int == 7)
        let gone = try await harness.send(.put, self.item, #"{"quantity":0}"#)
        #expect(gone.status == 200 && gone.lines.isEmpty)
        #expect(try await harness.send(.put, self.item, #"{"quantity":1}"#).status == 404)
    }

    @Test("A line is taken out once")
    func removing() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        #expect(try await harness.send(.delete, self.item).lines.isEmpty)
        #expect(try await harness.send(.delete, self.item).status == 404)
        #expect(try await harness.send(.delete, "/api/v1/cart/items/not-an-id").status == 404)
    }

    @Test("A cart is emptied, also when it is empty")
    func clearing() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        for _ in 0..<2 { #expect(try await harness.send(.delete, "/api/v1/cart").status == 204) }
        #expect(try await harness.send(.get, "/api/v1/cart").lines.isEmpty)
    }

    @Test(
        "What cannot be read or accepted is refused by field",
        arguments: [
            (#"{"product_id":"x","quantity":1}"#, 422, ["product_id"]),
            (#"{"quantity":0}"#, 422, ["product_id", "quantity"]),
            (#"{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1000}"#, 422, ["quantity"]),
            (#"{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":-1}"#, 422, ["quantity"]),
            (#"{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1.5}"#, 422, ["quantity"]),
            (#"{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":"1"}"#, 400, ["quantity"]),
            (#"{"product_id":7,"quantity":1}"#, 400, ["product_id"]),
            ("[]", 400, []), ("{", 400, []), ("", 400, []),
        ])
    func badInput(body: String, status: Int, fields: [String]) async throws {
        let harness = try CartHarness()
        let answer = try await harness.send(.post, "/api/v1/cart/items", body)
        #expect(answer.status == status && answer.errorFields == fields)
    }

    @Test("A body over its bound is refused")
    func tooLarge() async throws {
        let harness = try CartHarness()
        let padding = String(repeating: " ", count: 5_000)
        #expect(try await harness.send(.post, "/api/v1/cart/items", "{\(padding)}").status == 413)
    }

    @Test("A cart is its owner's; an admin may see and change another's")
    func ownership() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 2)
        let target = "/api/v1/cart?user_id=\(CartHarness.ada)"
        #expect(try await harness.send(.get, target, as: "ada").lines.count == 1)
        #expect(try await harness.send(.get, target, as: "admin").lines.count == 1)
        #expect(try await harness.send(.get, target, as: "bob").status == 403)
        #expect(try await harness.send(.get, "/api/v1/cart", as: "bob").lines.isEmpty)
        #expect(try await harness.send(.get, "/api/v1/cart?user_id=x").status == 400)
        #expect(try await harness.send(.get, "/api/v1/cart", as: nil).status == 401)
        #expect(
            try await harness.send(.put, "\(self.item)?user_id=\(CartHarness.ada)", as: "bob", #"{"quantity":1}"#)
                .status == 403)
        #expect(
            try await harness.send(.put, "\(self.item)?user_id=\(CartHarness.ada)", as: "admin", #"{"quantity":1}"#)
                .status == 200)
        #expect(try await harness.send(.delete, target, as: "bob").status == 403)
        #expect(try await harness.send(.delete, target, as: "admin").status == 204)
    }

    @Test("A body that names a user must name the cart's")
    func namedUser() async throws {
        let harness = try CartHarness()
        let body = #"{"product_id":"\#(Sample.mug.id)","quantity":1,"user_id":"\#(CartHarness.ada)"}"#
        #expect(try await harness.send(.post, "/api/v1/cart/items", as: "bob", body).status == 403)
        #expect(try await harness.send(.put, self.item, as: "bob", body).status == 403)
        #expect(try await harness.send(.get, "/api/v1/cart", as: "bob").lines.isEmpty)
        #expect(try await harness.send(.post, "/api/v1/cart/items", as: "ada", body).status == 200)
        #expect(try await harness.send(.put, "/api/v1/cart/items", as: "ada", body).status == 200)
    }

    @Test("A body's user id must be the cart's user")
    func userInBody() async throws {
        let harness = try CartHarness()
        func body(_ user: String) -> String { #"{"product_id":"\#(Sample.mug.id)","quantity":1,"user_id":"\#(user)"}"# }
        let own = try await harness.send(.post, "/api/v1/cart/items", body(CartHarness.ada))
        #expect(own.status == 200)
        for (method, target) in [
            (HTTPMethod.post, "/api/v1/cart/items"), (.put, "/api/v1/cart/items"), (.put, self.item),
        ] {
            #expect(try await harness.send(method, target, body(CartHarness.bob)).status == 403)
        }
        #expect(try await harness.send(.put, self.item, body("x")).errorFields == ["user_id"])
    }

    @Test("While products are down the cart shows without names and prices, and its lines can still be changed")
    func degraded() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 2)
        harness.catalogue.setDown(true)
        let shown = try await harness.send(.get, "/api/v1/cart")
        #expect(shown.status == 200 && shown.json["degraded"]?.bool == true)
        #expect(shown.fields["x-vitrine-degraded"] == "product")
        #expect(shown.text.contains(#""name":null,"quantity":2,"price":null,"subtotal":null,"available":null"#))
        #expect(shown.json["total_amount"]?.isNull == true)
        #expect(try await harness.send(.put, self.item, #"{"quantity":4}"#).status == 200)
        #expect(try await harness.add(Sample.mug, 1).lines.first?["quantity"]?.int == 5)
        #expect(try await harness.send(.delete, self.item).status == 200)
        let refused = try await harness.add(Sample.mug, 1)
        #expect(refused.status == 503 && refused.fields.contains(.retryAfter))
    }

    @Test("A product that has left the catalogue shows as unavailable and costs nothing")
    func gone() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 2)
        _ = try await harness.add(Sample.lamp, 1)
        harness.catalogue.remove(Sample.mug.id)
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.text.contains(#""name":null,"quantity":2,"price":null,"subtotal":null,"available":false"#))
        #expect(answer.total == "89.99")
    }

    @Test("Products put in by several requests at once are all there")
    func concurrent() async throws {
        let products = Sample.many(8)
        let harness = try CartHarness(products)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<64 { group.addTask { try await harness.add(products[index % 8], 1).status } }
            for try await status in group { #expect(status == 200) }
        }
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.lines.compactMap { $0["quantity"]?.int } == Array(repeating: 8, count: 8))
        #expect(answer.json["version"]?.int == 64)
    }
}
