import HTTPCore
import JSON
import OrderDomain
import Routing
import ServiceTesting
import Testing

@testable import OrderService

@Suite("Idempotency keys")
struct IdempotencyTests {
    @Test("A repeated request gets the first answer to the byte, and orders nothing")
    func replay() async throws {
        let harness = try OrderHarness()
        let first = try await harness.order(2, key: "k")
        let id = try #require(first.id)
        _ = try await harness.send(.put, "/api/v1/orders/\(id)/status", as: "admin", #"{"status":"shipped"}"#)
        let second = try await harness.order(2, key: "k")
        #expect(second.status == 201 && second.text == first.text)
        #expect(second.fields[.location] == first.fields[.location])
        #expect(!first.fields.contains("idempotent-replayed") && second.fields["idempotent-replayed"] == "true")
        #expect(try await harness.all().count == 1)
        try await harness.expectInvariants()
    }

    @Test("A request from the cart is replayed although the cart is empty by then")
    func replayFromCart() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        let first = try await harness.send(.post, "/api/v1/orders", key: "k", "{}")
        let second = try await harness.send(.post, "/api/v1/orders", key: "k", "{}")
        #expect(first.status == 201 && second.text == first.text)
    }

    @Test("A refusal is replayed with its fields", arguments: [(20_13, 1, 402), (14_00, 11, 409)])
    func replayRefusal(price: Int, quantity: Int, status: Int) async throws {
        let harness = try OrderHarness(price: price)
        let first = try await harness.order(quantity, key: "k")
        let second = try await harness.order(quantity, key: "k")
        #expect(first.status == status && second.status == status)
        for member in ["type", "title", "detail", "errors", "instance"] {
            #expect(first.json[member] == second.json[member], "\(member)")
        }
        #expect(second.fields["idempotent-replayed"] == "true")
        #expect(try await harness.all().count == 1)
    }

    @Test(
        "The same key for something else is refused",
        arguments: [
            #"{"items":[{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":2}]}"#,
            #"{"items":[{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1}],"payment_method":"paypal"}"#,
            #"{"items":[{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1}],"shipping_address":"x"}"#,
            "{}",
        ])
    func reused(body: String) async throws {
        let harness = try OrderHarness()
        _ = try await harness.order(1, key: "k")
        let answer = try await harness.send(.post, "/api/v1/orders", key: "k", body)
        #expect(answer.status == 422 && answer.problem == "/problems/idempotency-key-reused")
        #expect(try await harness.all().count == 1)
    }

    @Test("Requests that mean the same are the same, however they are written")
    func sameMeaning() async throws {
        let harness = try OrderHarness()
        _ = try await harness.order(2, key: "k")
        let body = """
            { "payment_method": "credit_card", "user_id": "\(OrderHarness.ada)", "note": "ignored", "items": [
              {"quantity": 1, "product_id": "\(OrderHarness.mug.uppercased())"},
              {"quantity": 1, "product_id": "\(OrderHarness.mug)"} ] }
            """
        #expect(try await harness.send(.post, "/api/v1/orders", key: "k", body).fields["idempotent-replayed"] == "true")
    }

    @Test("The same key of another user is another key")
    func perUser() async throws {
        let harness = try OrderHarness()
        let first = try await harness.order(1, as: "ada", key: "k")
        let second = try await harness.order(1, as: "bob", key: "k")
        #expect(first.status == 201 && second.status == 201 && first.id != second.id)
    }

    @Test("While the first request is under way an equal one is told to wait")
    func inProgress() async throws {
        let harness = try OrderHarness()
        let (stream, continuation) = AsyncStream.makeStream(of: Answer.self)
        harness.payments.before(.charge) {
            if let answer = try? await harness.order(1, key: "k") { continuation.yield(answer) }
            continuation.finish()
        }
        #expect(try await harness.order(1, key: "k").status == 201)
        var meanwhile = stream.makeAsyncIterator()
        let answer = try #require(await meanwhile.next())
        #expect(answer.status == 409 && answer.problem == "/problems/request-in-progress")
        #expect(answer.fields.contains(.retryAfter))
        #expect(try await harness.all().count == 1)
    }

    @Test("Of many equal requests at once one orders")
    func race() async throws {
        let harness = try OrderHarness()
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<32 { group.addTask { try await harness.order(1, key: "k") } }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        #expect(Set(answers.map(\.status)).isSubset(of: [201, 409]))
        #expect(Set(answers.filter { $0.status == 201 }.map(\.text)).count == 1)
        #expect(answers.filter { $0.status == 201 && !$0.fields.contains("idempotent-replayed") }.count == 1)
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 1)
        try await harness.expectInvariants()
    }

    @Test("Of many equal requests from the cart at once one orders")
    func raceFromCart() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<32 { group.addTask { try await harness.send(.post, "/api/v1/orders", key: "k", "{}").status } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [201, 409]) && statuses.contains(201))
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 1)
    }

    @Test("A request that finds the cart emptied by an equal one gets that one's answer")
    func overtaken() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        harness.carts.beforeReading { _ = try? await harness.send(.post, "/api/v1/orders", key: "k", "{}") }
        let answer = try await harness.send(.post, "/api/v1/orders", key: "k", "{}")
        #expect(answer.status == 201 && answer.fields["idempotent-replayed"] == "true")
        #expect(try await harness.all().count == 1)
    }

    @Test("A request of which nothing came starts anew when it is repeated")
    func startsAnew() async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.reserve, .down)
        #expect(try await harness.order(1, key: "k").status == 503)
        harness.inventory.fail(.reserve, nil)
        #expect(try await harness.order(1, key: "k").status == 201)
        #expect(try await harness.all().map(\.status) == [.cancelled, .processing])
        try await harness.expectInvariants()
    }

    @Test("A key counts for 24 hours, and is forgotten after")
    func lifetime() async throws {
        let harness = try OrderHarness()
        let first = try await harness.order(1, key: "k")
        harness.clock.advance(by: .seconds(24 * 3_600 - 1))
        #expect(try await harness.order(1, key: "k").id == first.id)
        harness.clock.advance(by: .seconds(2))
        let second = try await harness.order(1, key: "k")
        #expect(second.status == 201 && second.id != first.id)
        harness.clock.advance(by: .seconds(25 * 3_600))
        await harness.service.upkeep.prune()
        #expect(try await harness.orders.removeKeys(usedBefore: .max, limit: 10) == 0)
    }

    @Test("A key has from 1 to 255 bytes and is given once")
    func bounds() async throws {
        let harness = try OrderHarness()
        #expect(try await harness.order(1, key: "").status == 400)
        #expect(try await harness.order(1, key: String(repeating: "k", count: 255)).status == 201)
        #expect(try await harness.order(1, key: String(repeating: "k", count: 256)).status == 400)
        var fields = HTTPFields()
        for key in ["a", "b"] { fields.append(.idempotencyKey, key) }
        #expect(
            try await harness.http.send(.post, "/api/v1/orders", token: "ada", fields: fields, body: "{}").status == 400
        )
    }

    @Test("A stored problem comes back as it was")
    func storedProblem() throws {
        let problem = try #require(
            StoredAnswer(Refusal.outOfStock([.init("items[0].quantity", "only \"2\" left")]).problem).problem)
        #expect(
            problem.status == .conflict && problem.type == "/problems/out-of-stock" && problem.title == "Conflict")
        #expect(problem.errors == [.init("items[0].quantity", "only \"2\" left")])
        #expect(StoredAnswer(status: 201, body: []).problem == nil)
    }
}
