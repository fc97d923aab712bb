import HTTPCore
import JSON
import OrderDomain
import ServiceTesting
import Testing

@testable import OrderService

/// The end of the process at every moment of a checkout, then a restart.
@Suite("Recovery")
struct RecoveryTests {
    /// More steps than any checkout has.
    private static let steps = 0..<14

    /// Places an order in a service that ends after some steps, starts it again, lets time pass, and looks.
    private func crash(
        price: Int, after limit: Int, _ moment: CrashPoint.Moment, then: (OrderHarness, Answer) async throws -> Void
    ) async throws {
        let crash = CrashPoint(after: limit, moment)
        let harness = try OrderHarness(price: price, crash: crash)
        harness.carts.put([.init(productID: OrderHarness.mug, quantity: 3)], for: OrderHarness.ada)
        let answer = try await harness.send(.post, "/api/v1/orders", key: "k", "{}")
        let (service, _) = harness.restarted()
        await harness.heal(service)
        try await harness.expectInvariants("crash \(moment) step \(limit + 1), answered \(answer.status)")
        try await then(harness, answer)
    }

    @Test(
        "Wherever the process ends, an order exists once and is paid once or not at all", arguments: steps,
        CrashPoint.Moment.allCases)
    func placing(limit: Int, moment: CrashPoint.Moment) async throws {
        try await self.crash(price: 14_00, after: limit, moment) { harness, answer in
            let orders = try await harness.all()
            #expect(orders.count <= 1)
            // Whoever was told of success has the order.
            if answer.status == 201 { #expect(orders.first?.status == .processing && orders.first?.id == answer.id) }
            // The customer repeats the request, whatever was heard of the first.
            let (_, http) = harness.restarted()
            let again = try await http.send(
                .post, "/api/v1/orders", token: "ada", fields: [.idempotencyKey: "k"], body: "{}")
            let bought = try await harness.all().filter { $0.status == .processing }
            #expect(again.status == 201, "\(again.body)")
            #expect(bought.count == 1 && harness.inventory.product(OrderHarness.mug)?.sold == 3)
            #expect(again.body.contains(bought.first?.id.description ?? "none"))
            #expect(harness.carts.lines(of: OrderHarness.ada).isEmpty)
            try await harness.expectInvariants()
        }
    }

    @Test(
        "Wherever the process ends, a declined order leaves nothing behind", arguments: steps,
        CrashPoint.Moment.allCases)
    func declining(limit: Int, moment: CrashPoint.Moment) async throws {
        try await self.crash(price: 14_71, after: limit, moment) { harness, _ in
            #expect(harness.inventory.product(OrderHarness.mug)?.stock == 10)
        }
    }

    @Test("Wherever the process ends, an unknown payment is settled", arguments: steps, CrashPoint.Moment.allCases)
    func unknown(limit: Int, moment: CrashPoint.Moment) async throws {
        try await self.crash(price: 14_05, after: limit, moment) { harness, answer in
            // Three of them end in .15: captured, with the answer lost.
            let order = try await harness.all().first
            if answer.status == 202 { #expect(order?.status == .processing) }
        }
    }

    @Test("Wherever the process ends, a cancellation is carried through", arguments: 0..<6, CrashPoint.Moment.allCases)
    func cancelling(limit: Int, moment: CrashPoint.Moment) async throws {
        // A checkout of given items takes 6 steps: insert, reserve, charge, commit, confirm, finish.
        let harness = try OrderHarness(crash: CrashPoint(after: 6 + limit, moment))
        let id = try await harness.placed(2)
        let answer = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        let (service, _) = harness.restarted()
        await harness.heal(service)
        let order = try await harness.show(id)
        if answer.status == 200 { #expect(order.orderStatus == "cancelled") }
        try await harness.expectInvariants("crash \(moment) step \(limit + 1) of the cancellation")
    }

    @Test(
        "An order that was cut off may be cancelled before it is resumed", arguments: 0..<6, CrashPoint.Moment.allCases)
    func cancelledBeforeResumed(limit: Int, moment: CrashPoint.Moment) async throws {
        let harness = try OrderHarness(crash: CrashPoint(after: limit, moment))
        _ = try await harness.order(2)
        let (service, http) = harness.restarted()
        for order in try await harness.all() where order.status != .cancelled {
            let answer = try await http.send(.post, "/api/v1/orders/\(order.id)/cancel", token: "ada")
            #expect(answer.status == 200)
        }
        await harness.heal(service)
        #expect(try await harness.all().allSatisfy { $0.status == .cancelled })
        try await harness.expectInvariants()
    }

    @Test("An order somebody works on is left alone until its lease is over")
    func lease() async throws {
        let harness = try OrderHarness()
        harness.inventory.before(.reserve) {
            harness.clock.advance(by: .seconds(20))
            await harness.service.upkeep.resume.sweep()
        }
        #expect(try await harness.order().status == 201)
        try await harness.expectInvariants()
    }

    @Test(
        "A checkout that outlives its lease undoes what it did after the order was cancelled",
        arguments: ["reserve", "charge", "captured", "confirm"])
    func outlivedLease(step: String) async throws {
        let harness = try OrderHarness()
        let sweep: @Sendable () async -> Void = {
            harness.clock.advance(by: .seconds(3_600))
            await harness.service.upkeep.resume.sweep()
        }
        switch step {
        case "reserve": harness.inventory.before(.reserve, sweep)
        case "charge": harness.payments.before(.charge, sweep)
        case "captured": harness.payments.after(.charge, sweep)
        default: harness.inventory.before(.confirm, sweep)
        }
        let answer = try await harness.order(1, key: "k")
        #expect(answer.status == (step == "confirm" ? 201 : 409), "\(answer.text)")
        await harness.heal()
        try await harness.expectInvariants()
    }

    @Test("Two sweeps at once do each thing once")
    func twoSweeps() async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.confirm, .down)
        for _ in 0..<8 { _ = try await harness.placed() }
        harness.inventory.fail(.confirm, nil)
        harness.clock.advance(by: .seconds(3_600))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { await harness.service.upkeep.resume.sweep() } }
        }
        try await harness.expectInvariants()
        #expect(harness.inventory.product(OrderHarness.mug)?.sold == 8)
    }

    @Test("More unfinished orders than one sweep takes at a time are all finished")
    func many() async throws {
        let harness = try OrderHarness(price: 20_13)
        harness.inventory.fail(.release, .down)
        for _ in 0..<10 { #expect(try await harness.order().status == 402) }
        harness.inventory.fail(.release, nil)
        await harness.heal()
        try await harness.expectInvariants()
    }

    @Test("The sweep begins at once, runs again, and ends when cancelled")
    func running() async throws {
        var config = OrderConfig()
        config.sweepInterval = .milliseconds(1)
        let harness = try OrderHarness(config: config)
        harness.inventory.fail(.confirm, .down)
        let id = try await harness.placed()
        harness.inventory.fail(.confirm, nil)
        harness.clock.advance(by: .seconds(60))
        await withTaskGroup(of: Void.self) { group in
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            harness.inventory.before(.confirm) { continuation.finish() }
            group.addTask { await harness.service.run() }
            for await _ in stream {}
            // The confirmation has begun; a cancelled service still finishes what it writes.
            while (try? await harness.orders.record(id)?.saga) != nil { await Task.yield() }
            group.cancelAll()
        }
        try await harness.expectInvariants()
    }
}
