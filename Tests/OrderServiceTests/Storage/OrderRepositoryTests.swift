import OrderDomain
import Persistence
import SQLite
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("Stored orders")
struct OrderRepositoryTests {
    private let write = DatabaseOperation("UPDATE", "orders")

    private func order(_ digit: Int = 1, _ address: ShippingAddress? = nil) throws -> Order {
        try Order(
            placing: #require(OrderID("01975b0e-3c4f-7a11-8d52-00000000000\(digit)")), userID: "u",
            lines: RequestedLines(merging: [.init(productID: "z", quantity: 2), .init(productID: "a", quantity: 1)]),
            paymentMethod: .debitCard, shippingAddress: address, at: digit)
    }

    private func prices() throws -> PricedLines {
        try PricedLines([
            OrderLine(productID: "z", name: "Z", quantity: 2, unitPrice: Money(minorUnits: 5, currency: .usd)),
            OrderLine(productID: "a", name: "Ä", quantity: 1, unitPrice: Money(minorUnits: 7, currency: .usd)),
        ])
    }

    private func saga(dueAt: Int = 9) -> Saga {
        Saga(
            step: .placing, owesRefund: true, owesRelease: false, cartVersion: 7, attempts: 3, dueAt: dueAt,
            traceparent: "00-1")
    }

    @Test(
        "An order comes back as it was stored, whatever its address",
        arguments: [
            nil, ShippingAddress.text("12 \"Glass\" Lane\nCopenhagen"),
            .postal(
                PostalAddress(
                    name: "Ada", line1: "1", line2: "2", city: "C", region: "R", postalCode: "P", country: "DK")),
            .postal(PostalAddress(line1: "1", city: "C")),
        ])
    func roundTrip(address: ShippingAddress?) async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        let order = try self.order(1, address)
        let record = OrderRecord(
            order: order, saga: self.saga(), newEvents: [OrderEvent(.placed, status: .pending, at: 1)])
        #expect(try await orders.insert(record, key: nil, keysSince: 0) == nil)
        let stored = try #require(try await orders.record(order.id))
        #expect(stored.order == order && stored.saga == record.saga && stored.payment == nil)
        #expect(try await orders.events(of: order.id, offset: 0, limit: 9).events == record.newEvents)
    }

    @Test("A change writes order, prices, payment, saga and history together")
    func change() async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        let id = try self.order().id
        _ = try await orders.insert(OrderRecord(order: try self.order(), saga: self.saga()), key: nil, keysSince: 0)
        let prices = try self.prices()
        let payment = Payment(.captured, method: .debitCard, amount: prices.total, reference: "r", at: 5)
        let changed = try await orders.change(id) { record in
            try record.order.price(prices, at: 5)
            record.newEvents.append(try record.order.markPaid(at: 5))
            record.payment = payment
            record.saga?.step = .confirming
            return record.order
        }
        var stored = try #require(try await orders.record(id))
        #expect(stored.order == changed && stored.payment == payment && stored.saga?.step == .confirming)
        try await orders.change(id) { record in
            record.payment?.become(.refunded, at: 6)
            record.saga = nil
            record.newEvents.append(OrderEvent(.refunded, status: .processing, detail: "d", at: 6))
        }
        stored = try #require(try await orders.record(id))
        #expect(stored.payment?.status == .refunded && stored.payment?.updatedAt == 6 && stored.saga == nil)
        let (events, total) = try await orders.events(of: id, offset: 0, limit: 9)
        #expect(total == 2 && events.map(\.kind) == [.paid, .refunded] && events.last?.detail == "d")
    }

    @Test("A refused change leaves everything as it was")
    func refused() async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        let order = try self.order()
        _ = try await orders.insert(OrderRecord(order: order, saga: self.saga()), key: nil, keysSince: 0)
        await #expect(throws: OrderError.self) {
            try await orders.change(order.id) { record in
                record.saga = nil
                record.newEvents.append(try record.order.cancel(.byAdmin, at: 2))
                record.newEvents.append(try record.order.cancel(.byAdmin, at: 3))
            }
        }
        #expect(try await orders.record(order.id)?.order == order)
        #expect(try await orders.record(order.id)?.saga == self.saga())
        #expect(try await orders.events(of: order.id, offset: 0, limit: 9).total == 0)
    }

    @Test("An order that does not exist cannot be changed")
    func missing() async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        let id = try self.order().id
        #expect(try await orders.record(id) == nil)
        await #expect(throws: OrderNotFound(id: id)) { try await orders.change(id) { _ in } }
    }

    @Test("A key belongs to its first order until it is forgotten")
    func keys() async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        let key = IdempotencyKey(userID: "u", text: "k", request: "r")
        let (first, second) = (try self.order(1), try self.order(2))
        #expect(try await orders.insert(OrderRecord(order: first), key: key, keysSince: 0) == nil)
        let used = try await orders.insert(OrderRecord(order: second), key: key, keysSince: 0)
        #expect(used == UsedKey(fingerprint: key.fingerprint, orderID: first.id, answer: nil))
        #expect(try await orders.record(second.id) == nil, "the order behind a used key is not added")
        let answer = StoredAnswer(status: 201, body: [1, 0, 255])
        try await orders.change(first.id) { $0.answer = .store(answer) }
        #expect(try await orders.use(of: key, since: 0)?.answer == answer)
        #expect(try await orders.use(of: key, since: 2) == nil, "a key that is too old counts no more")
        try await orders.change(first.id) { $0.answer = .forget }
        #expect(try await orders.insert(OrderRecord(order: second), key: key, keysSince: 0) == nil)
        #expect(try await orders.removeKeys(usedBefore: 3, limit: 1) == 1)
        #expect(try await orders.use(of: key, since: 0) == nil)
    }

    @Test("A lease is had by one, for as long as it lasts")
    func leases() async throws {
        let harness = try OrderHarness()
        let orders = harness.orders
        defer { withExtendedLifetime(harness) {} }
        for digit in 1...3 {
            let record = OrderRecord(order: try self.order(digit), saga: self.saga(dueAt: 10 * digit))
            _ = try await orders.insert(record, key: nil, keysSince: 0)
        }
        #expect(try await orders.leaseDueSagas(now: 9, until: 100, limit: 9).isEmpty)
        #expect(try await orders.leaseDueSagas(now: 25, until: 100, limit: 1) == [try self.order(1).id])
        #expect(try await orders.leaseDueSagas(now: 25, until: 100, limit: 9) == [try self.order(2).id])
        #expect(try await orders.leaseDueSagas(now: 25, until: 100, limit: 9).isEmpty)
        #expect(try await orders.leaseDueSagas(now: 100, until: 200, limit: 9).count == 3)
        #expect(try await orders.sagaBacklog().mapValues(\.count) == [.placing: 3])
    }

    @Test("A try that failed is due later each time, up to about a minute")
    func backOff() {
        var saga = self.saga()
        saga.attempts = 0
        let delays = (0..<9).map { _ in
            saga = saga.retried(at: 0)
            return saga.dueAt / 1_000_000
        }
        #expect(delays == [1, 2, 4, 8, 16, 32, 64, 64, 64])
    }

    // MARK: Audit

    @Test(
        "Each way in which money does not add up is found",
        arguments: [
            "UPDATE orders SET total = total + 1 WHERE id = ?",
            "UPDATE order_lines SET unit_price = unit_price + 1 WHERE order_id = ?",
            "UPDATE payments SET amount = amount - 1 WHERE order_id = ?",
            "UPDATE payments SET status = 'declined' WHERE order_id = ?",
            "UPDATE payments SET status = 'refunded' WHERE order_id = ?",
            "DELETE FROM payments WHERE order_id = ?",
            "UPDATE orders SET status = 'pending' WHERE id = ?",
            "UPDATE orders SET status = 'cancelled', cancel_reason = 'by_admin' WHERE id = ?",
        ])
    func audit(damage: String) async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        _ = try await harness.placed()
        await harness.service.upkeep.look()
        #expect(try harness.telemetry.value("shop_invariant_violations", ["invariant": "money"]) == 0)
        try await harness.database.write(self.write) { connection in
            _ = try connection.run(SQL(dynamic: damage), .text(id.description))
            _ = try connection.run("UPDATE orders SET updated_at = updated_at + 1 WHERE id = ?", .text(id.description))
        }
        await harness.service.upkeep.look()
        await harness.service.upkeep.look()
        #expect(try harness.telemetry.value("shop_invariant_violations", ["invariant": "money"]) == 1)
        #expect(harness.telemetry.logLines.filter { $0.contains("money does not add up") }.count == 1)
    }

    @Test("What is repaired counts no more")
    func repaired() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        func damage(by units: Int) async throws {
            try await harness.database.write(self.write) { connection in
                _ = try connection.run(
                    "UPDATE orders SET total = total + ? WHERE id = ?", .integer(units), .text(id.description))
            }
            await harness.service.upkeep.look()
        }
        try await damage(by: 1)
        #expect(try harness.telemetry.value("shop_invariant_violations", ["invariant": "money"]) == 1)
        try await damage(by: -1)
        #expect(try harness.telemetry.value("shop_invariant_violations", ["invariant": "money"]) == 0)
    }

    @Test("What no program wrote is refused when it is read")
    func corrupt() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        try await harness.database.write(self.write) { connection in
            _ = try connection.run("UPDATE orders SET payment_method = 'shells' WHERE id = ?", .text(id.description))
        }
        #expect(try await harness.show(id).status == 500)
    }
}
