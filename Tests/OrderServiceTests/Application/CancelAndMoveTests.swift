import HTTPCore
import JSON
import OrderDomain
import Testing

@testable import OrderService

@Suite("After the order is placed")
struct CancelAndMoveTests {
    private func move(
        _ harness: OrderHarness, _ id: OrderID, _ status: String, tracking: String? = nil, as token: String = "admin"
    ) async throws -> Answer {
        let number = tracking.map { #","tracking_number":"\#($0)""# } ?? ""
        return try await harness.send(
            .put, "/api/v1/orders/\(id)/status", as: token, #"{"status":"\#(status)"\#(number)}"#)
    }

    @Test("Cancelling gives money and stock back")
    func cancelling() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed(3)
        let answer = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        #expect(answer.status == 200 && answer.orderStatus == "cancelled")
        #expect(answer.json["cancel_reason"]?.string == "by_customer")
        #expect(try await harness.book.entry(id)?.status == .refunded)
        #expect(harness.inventory.product(OrderHarness.mug)?.stock == 10)
        #expect(try await harness.history(id) == ["placed", "paid", "cancelled", "refunded"])
        try await harness.expectInvariants()
    }

    @Test("Cancelling twice is as good as once")
    func twice() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        for _ in 0..<2 { #expect(try await harness.send(.post, "/api/v1/orders/\(id)/cancel").status == 200) }
        #expect(try await harness.history(id) == ["placed", "paid", "cancelled", "refunded"])
        try await harness.expectInvariants()
    }

    @Test("Cancelling many times at once refunds once")
    func atOnce() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { try await harness.send(.post, "/api/v1/orders/\(id)/cancel").status } }
            for try await status in group { #expect(status == 200) }
        }
        await harness.heal()
        #expect(try await harness.history(id).filter { $0 == "refunded" }.count == 1)
        try await harness.expectInvariants()
    }

    @Test("What cannot be given back at once is given back later")
    func later() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        harness.payments.fail(.refund, .silence)
        harness.inventory.fail(.release, .down)
        #expect(try await harness.send(.post, "/api/v1/orders/\(id)/cancel").orderStatus == "cancelled")
        #expect(try await harness.book.entry(id)?.status == .captured)
        #expect(
            try await harness.orders.audit(after: .start, limit: 10).violations.isEmpty,
            "a refund that is owed is no violation")
        harness.payments.fail(.refund, .silentSuccess)
        await harness.heal()
        harness.payments.fail(.refund, nil)
        harness.inventory.fail(.release, nil)
        await harness.heal()
        #expect(try await harness.history(id) == ["placed", "paid", "cancelled", "refunded"])
        try await harness.expectInvariants()
    }

    @Test(
        "An order that is cancelled while it is placed is not charged, and its placer is told",
        arguments: ["reserve", "charge", "captured", "confirm"])
    func whilePlaced(step: String) async throws {
        let harness = try OrderHarness()
        let cancel: @Sendable () async -> Void = {
            guard let id = try? await harness.all().first?.id else { return }
            _ = try? await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        }
        switch step {
        case "reserve": harness.inventory.before(.reserve, cancel)
        case "charge": harness.payments.before(.charge, cancel)
        case "captured": harness.payments.after(.charge, cancel)
        default: harness.inventory.before(.confirm, cancel)
        }
        let answer = try await harness.order(1, key: "k")
        #expect(answer.status == 409 && answer.problem == "/problems/order-cancelled")
        await harness.heal()
        #expect(try await harness.all().map(\.status) == [.cancelled])
        try await harness.expectInvariants()
    }

    @Test("A shipped or delivered order cannot be cancelled", arguments: [1, 2])
    func tooLate(steps: Int) async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        for status in ["shipped", "delivered"].prefix(steps) { _ = try await self.move(harness, id, status) }
        let answer = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        #expect(answer.status == 409 && answer.problem == "/problems/illegal-transition")
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 1)
        try await harness.expectInvariants()
    }

    @Test("An admin ships and delivers, with a tracking number")
    func shipping() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        let shipped = try await self.move(harness, id, "shipped", tracking: "VT123")
        #expect(shipped.status == 200 && shipped.orderStatus == "shipped")
        #expect(shipped.json["tracking_number"]?.string == "VT123")
        let delivered = try await self.move(harness, id, "delivered")
        #expect(delivered.orderStatus == "delivered" && delivered.json["tracking_number"]?.string == "VT123")
        #expect(try await harness.history(id) == ["placed", "paid", "shipped", "delivered"])
        try await harness.expectInvariants()
    }

    @Test(
        "A step the order's way does not have is refused",
        arguments: [
            "pending", "processing", "delivered",
        ])
    func illegal(status: String) async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        let answer = try await self.move(harness, id, status)
        #expect(answer.status == 409 && answer.problem == "/problems/illegal-transition")
        #expect(try await harness.show(id).orderStatus == "processing")
    }

    @Test("An admin's cancellation gives back too")
    func byAdmin() async throws {
        let harness = try OrderHarness()
        let (first, second) = (try await harness.placed(), try await harness.placed())
        #expect(try await self.move(harness, first, "cancelled").json["cancel_reason"]?.string == "by_admin")
        #expect(
            try await harness.send(.post, "/api/v1/orders/\(second)/cancel", as: "admin").json["cancel_reason"]?.string
                == "by_admin")
        try await harness.expectInvariants()
    }

    @Test("An order cannot be shipped before its sale is confirmed")
    func unconfirmed() async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.confirm, .down)
        let id = try await harness.placed()
        let refused = try await self.move(harness, id, "shipped")
        #expect(refused.status == 409 && refused.fields.contains(.retryAfter))
        harness.inventory.fail(.confirm, nil)
        await harness.heal()
        #expect(try await self.move(harness, id, "shipped").status == 200)
    }

    @Test(
        "A pending order becomes processing only by a captured payment", arguments: [(15, 200), (16, 409), (17, 409)])
    func settling(cents: Int, status: Int) async throws {
        let harness = try OrderHarness(price: 20_00 + cents)
        let id = try #require(try await harness.order().id)
        let answer = try await self.move(harness, id, "processing")
        #expect(answer.status == status)
        if status == 409 { #expect(answer.problem == "/problems/payment-not-captured") }
        await harness.heal()
        try await harness.expectInvariants()
    }

    @Test("Only admins move orders, and only with what is known")
    func badInput() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        #expect(try await self.move(harness, id, "shipped", as: "ada").status == 403)
        #expect(try await self.move(harness, id, "lost").errorFields == ["status"])
        #expect(try await self.move(harness, id, "delivered", tracking: "VT1").errorFields == ["tracking_number"])
        let target = "/api/v1/orders/\(id)/status"
        #expect(try await harness.send(.put, target, as: "admin", "{}").errorFields == ["status"])
        #expect(try await harness.send(.put, target, as: "admin", #"{"status":1}"#).status == 400)
        let nobodys = "/api/v1/orders/\(OrderHarness.unknown)"
        #expect(try await harness.send(.put, "\(nobodys)/status", as: "admin", #"{"status":"shipped"}"#).status == 404)
        #expect(
            try await harness.send(.put, "\(nobodys)/status", as: "admin", #"{"status":"processing"}"#).status == 404)
        #expect(try await harness.send(.post, "\(nobodys)/cancel").status == 404)
    }
}
