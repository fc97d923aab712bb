import HTTPCore
import JSON
import OrderDomain
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("Checkout")
struct CheckoutTests {
    @Test("An order is reserved, paid and sold, and says so")
    func placed() async throws {
        let harness = try OrderHarness()
        let answer = try await harness.order(2)
        #expect(answer.status == 201 && answer.orderStatus == "processing")
        let id = try #require(answer.id)
        #expect(answer.fields[.location] == "/api/v1/orders/\(id)")
        #expect(answer.text.contains(#""total_amount":28.00,"currency":"USD","payment_method":"credit_card""#))
        #expect(
            answer.text.contains(
                #"{"product_id":"\#(OrderHarness.mug)","name":"Stoneware Mug","quantity":2,"price":14.00,"subtotal":28.00}"#
            ))
        #expect(try await harness.show(id).text == answer.text)
        #expect(try await harness.history(id) == ["placed", "paid"])
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 2)
        try await harness.expectInvariants()
    }

    @Test("The cart is ordered as it is, and emptied")
    func fromCart() async throws {
        let harness = try OrderHarness()
        harness.carts.put(
            [.init(productID: OrderHarness.mug, quantity: 1), .init(productID: OrderHarness.lamp, quantity: 2)],
            for: OrderHarness.ada)
        let answer = try await harness.send(.post, "/api/v1/orders", #"{"payment_method":"paypal"}"#)
        #expect(answer.status == 201 && answer.items.count == 2)
        #expect(answer.json["total_amount"]?.number?.text == "193.98")
        #expect(harness.carts.lines(of: OrderHarness.ada).isEmpty)
        try await harness.expectInvariants()
    }

    @Test("An order of given items leaves the cart alone")
    func itemsLeaveCart() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.lamp, quantity: 1)], for: OrderHarness.ada)
        _ = try await harness.placed()
        #expect(harness.carts.lines(of: OrderHarness.ada).count == 1)
    }

    @Test("What is put into the cart while it is ordered stays")
    func cartGrows() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        harness.payments.before(.charge) {
            harness.carts.put(
                [.init(productID: OrderHarness.mug, quantity: 1), .init(productID: OrderHarness.lamp, quantity: 1)],
                for: OrderHarness.ada)
        }
        #expect(try await harness.send(.post, "/api/v1/orders", "{}").status == 201)
        #expect(harness.carts.lines(of: OrderHarness.ada).count == 2)
    }

    @Test("An empty cart cannot be ordered, and leaves no order")
    func emptyCart() async throws {
        let harness = try OrderHarness()
        let answer = try await harness.send(.post, "/api/v1/orders", "{}")
        #expect(answer.status == 422 && answer.errorFields == ["items"])
        #expect(try await harness.all().isEmpty)
    }

    @Test("Prices are those of the reservation, whatever they become")
    func snapshot() async throws {
        let harness = try OrderHarness()
        harness.payments.before(.charge) { harness.inventory.setPrice(1, of: OrderHarness.mug) }
        let id = try await harness.placed(2)
        #expect(try await harness.show(id).json["total_amount"]?.number?.text == "28.00")
    }

    @Test("More than there is is refused with what is left, and nothing is charged")
    func outOfStock() async throws {
        let harness = try OrderHarness()
        let body = """
            {"items":[{"product_id":"\(OrderHarness.lamp)","quantity":1},{"product_id":"\(OrderHarness.mug)","quantity":11}]}
            """
        let answer = try await harness.send(.post, "/api/v1/orders", body)
        #expect(answer.status == 409 && answer.problem == "/problems/out-of-stock")
        #expect(answer.errorFields == ["items[1].quantity"])
        #expect(answer.text.contains("only 10 left of Stoneware Mug"))
        let order = try #require(try await harness.all().first)
        #expect(order.cancelReason == .outOfStock && order.total == nil)
        #expect(harness.payments.charges.isEmpty)
        try await harness.expectInvariants()
    }

    @Test("A product that does not exist is named by its line")
    func unknownProduct() async throws {
        let harness = try OrderHarness()
        let body = """
            {"items":[{"product_id":"\(OrderHarness.mug)","quantity":1},{"product_id":"\(OrderHarness.mug)","quantity":1},
            {"product_id":"\(OrderHarness.unknown)","quantity":1}]}
            """
        let answer = try await harness.send(.post, "/api/v1/orders", body)
        #expect(answer.status == 422 && answer.errorFields == ["items[2].product_id"])
        try await harness.expectInvariants()
    }

    @Test(
        "A declined payment is 402, and the stock is free again",
        arguments: [(13, "declined"), (14, "insufficient funds")])
    func declined(cents: Int, words: String) async throws {
        let harness = try OrderHarness(price: 20_00 + cents)
        let answer = try await harness.order()
        #expect(answer.status == 402 && answer.problem == "/problems/payment-declined" && answer.text.contains(words))
        let order = try #require(try await harness.all().first)
        #expect(order.cancelReason == .paymentDeclined && order.total?.minorUnits == 20_00 + cents)
        #expect(try await harness.history(order.id) == ["placed", "payment_declined", "cancelled"])
        #expect(harness.inventory.product(OrderHarness.mug)?.stock == 10)
        try await harness.expectInvariants()
    }

    @Test("A sum that cannot be charged is refused, and the stock is free again")
    func tooMuch() async throws {
        let harness = try OrderHarness(price: Money.minorUnitsMax)
        let answer = try await harness.order(2)
        #expect(answer.status == 422 && answer.errorFields == ["items"])
        try await harness.expectInvariants()
    }

    @Test("64 customers who want the last 10 units get exactly 10; the others are told")
    func lastUnits() async throws {
        let harness = try OrderHarness()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask { try await harness.order(1, as: number.isMultiple(of: 2) ? "ada" : "bob").status }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [201: 10, 409: 54])
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 10)
        try await harness.expectInvariants()
    }

    // MARK: Unknown payments

    @Test("A payment nobody knows the outcome of is 202, and turns out later", arguments: [(15, true), (16, false)])
    func unknownPayment(cents: Int, isCaptured: Bool) async throws {
        let harness = try OrderHarness(price: 20_00 + cents)
        let answer = try await harness.order(1, key: "k")
        #expect(answer.status == 202 && answer.orderStatus == "pending")
        let id = try #require(answer.id)
        #expect(answer.fields[.location] == "/api/v1/orders/\(id)" && answer.json["total_amount"]?.number != nil)
        #expect(try await harness.order(1, key: "k").status == 202)
        await harness.heal()
        let later = try await harness.show(id)
        #expect(later.orderStatus == (isCaptured ? "processing" : "cancelled"))
        #expect(
            try await harness.history(id)
                == ["placed", "payment_unknown"] + (isCaptured ? ["paid"] : ["payment_declined", "cancelled"]))
        let repeated = try await harness.order(1, key: "k")
        #expect(repeated.status == (isCaptured ? 201 : 402))
        if isCaptured { #expect(repeated.id == id) }
        try await harness.expectInvariants()
    }

    @Test("A payment the provider never heard of is taken back and the order cancelled")
    func lostPayment() async throws {
        let harness = try OrderHarness(price: 20_17)
        let id = try #require(try await harness.order().id)
        await harness.heal()
        #expect(try await harness.show(id).json["cancel_reason"]?.string == "payment_failed")
        #expect(try await harness.book.entry(id)?.status == .voided)
        try await harness.expectInvariants()
    }

    @Test("While the provider stays silent the order stays pending, and is asked for again")
    func silentProvider() async throws {
        let harness = try OrderHarness()
        harness.payments.fail(.charge, .silentSuccess)
        harness.payments.fail(.find, .silence)
        let id = try #require(try await harness.order().id)
        await harness.heal()
        #expect(try await harness.show(id).orderStatus == "pending")
        harness.payments.fail(.find, nil)
        await harness.heal()
        #expect(try await harness.show(id).orderStatus == "processing")
        try await harness.expectInvariants()
    }

    @Test("A payment that turns out captured when the stock is gone is refunded")
    func capturedTooLate() async throws {
        let harness = try OrderHarness(price: 20_15)
        let id = try #require(try await harness.order(1, key: "k").id)
        harness.inventory.expire(id)
        harness.inventory.sellOut(OrderHarness.mug)
        await harness.heal()
        let order = try await harness.show(id)
        #expect(order.orderStatus == "cancelled" && order.json["cancel_reason"]?.string == "out_of_stock")
        #expect(try await harness.history(id) == ["placed", "payment_unknown", "paid", "cancelled", "refunded"])
        #expect(try await harness.order(1, key: "k").status == 409)
        try await harness.expectInvariants()
    }

    // MARK: Others are down

    @Test("Without the cart service an order from the cart is 503, and leaves no order")
    func cartDown() async throws {
        let harness = try OrderHarness()
        harness.carts.setDown(reading: true)
        let answer = try await harness.send(.post, "/api/v1/orders", "{}")
        #expect(answer.status == 503 && answer.fields.contains(.retryAfter))
        #expect(try await harness.all().isEmpty)
        #expect(try await harness.order().status == 201)
    }

    @Test(
        "Without an answer to the reservation the order is cancelled, and what may be held is released",
        arguments: [(InMemoryInventory.Failure.down, 503), (.silence, 504), (.silentSuccess, 504)])
    func reserveFails(failure: InMemoryInventory.Failure, status: Int) async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.reserve, failure)
        #expect(try await harness.order().status == status)
        #expect(try await harness.all().first?.cancelReason == .unavailable)
        #expect(harness.payments.charges.isEmpty)
        try await harness.expectInvariants()
    }

    @Test(
        "What cannot be released at once is released later",
        arguments: [InMemoryInventory.Failure.down, .silence, .silentSuccess])
    func releaseFails(failure: InMemoryInventory.Failure) async throws {
        let harness = try OrderHarness(price: 20_13)
        harness.inventory.fail(.release, failure)
        #expect(try await harness.order().status == 402)
        #expect(try await harness.orders.sagaBacklog().mapValues(\.count) == [.compensating: 1])
        await harness.heal()
        harness.inventory.fail(.release, nil)
        await harness.heal()
        try await harness.expectInvariants()
    }

    @Test(
        "A paid order stands although it cannot be confirmed, and is confirmed later",
        arguments: [
            InMemoryInventory.Failure.down, .silence, .silentSuccess,
        ])
    func confirmFails(failure: InMemoryInventory.Failure) async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.confirm, failure)
        let answer = try await harness.order()
        #expect(answer.status == 201 && answer.orderStatus == "processing")
        #expect(try await harness.orders.sagaBacklog().mapValues(\.count) == [.confirming: 1])
        harness.inventory.fail(.confirm, nil)
        await harness.heal()
        try await harness.expectInvariants()
    }

    @Test("A reservation that expired and is sold out when it is confirmed: refund and 409")
    func soldOut() async throws {
        let harness = try OrderHarness()
        harness.inventory.before(.confirm) {
            guard let id = try? await harness.all().first?.id else { return }
            harness.inventory.expire(id)
            harness.inventory.sellOut(OrderHarness.mug)
        }
        let answer = try await harness.order(1, key: "k")
        #expect(answer.status == 409 && answer.problem == "/problems/out-of-stock")
        #expect(try await harness.order(1, key: "k").status == 409)
        try await harness.expectInvariants()
    }

    @Test("A cart that cannot be cleared does not keep the order, and is cleared later")
    func clearFails() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        harness.carts.setDown(clearing: true)
        #expect(try await harness.send(.post, "/api/v1/orders", "{}").status == 201)
        #expect(try await harness.orders.sagaBacklog().mapValues(\.count) == [.clearing: 1])
        harness.carts.setDown()
        await harness.heal()
        #expect(harness.carts.lines(of: OrderHarness.ada).isEmpty)
        try await harness.expectInvariants()
    }

    @Test("A cart that can never be cleared is left to its owner")
    func clearNever() async throws {
        let harness = try OrderHarness()
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 1)], for: OrderHarness.ada)
        harness.carts.setDown(clearing: true)
        #expect(try await harness.send(.post, "/api/v1/orders", "{}").status == 201)
        await harness.heal()
        await harness.heal()
        try await harness.expectInvariants()
    }
}
