import Faults
import HTTPCore
import JSON
import OrderDomain
import Telemetry
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("Faults of the payment provider")
struct PaymentFaultTests {
    private func set(_ kind: String, _ harness: OrderHarness, more: String = "") throws {
        let json = #"{"id":"f","kind":"\#(kind)","point":"payment","duration_seconds":60\#(more)}"#
        _ = try harness.faults.set(try FaultRequest(try #require(try JSONValue(parsing: json).object)))
    }

    private func injections(_ kind: String, _ harness: OrderHarness) throws -> Double? {
        try harness.telemetry.value("chaos_fault_injections_total", ["fault": kind, "service": "order"])
    }

    @Test("A declined payment is the customer's answer, and is over when the fault is")
    func decline() async throws {
        let harness = try OrderHarness()
        try self.set("payment_decline", harness)
        #expect(try await harness.order().status == 402)
        #expect(try self.injections("payment_decline", harness) == 1)
        let span = try #require(harness.telemetry.span(named: "charge payment"))
        #expect(span.events.map(\.name) == ["chaos.fault.injected"])
        harness.clock.advance(by: .seconds(60))
        _ = try await harness.placed()
        try await harness.expectInvariants()
    }

    @Test("A payment that was taken and not answered for ends in one charge and one order")
    func timeoutAfterSuccess() async throws {
        let harness = try OrderHarness()
        try self.set("payment_timeout_after_success", harness)
        let answer = try await harness.order()
        #expect(answer.status == 202)
        let id = try #require(answer.id)
        #expect(try await harness.book.entry(id)?.status == .captured)
        #expect(answer.orderStatus == "pending")
        // The fault is still there, and asking is not charging.
        harness.clock.advance(by: .seconds(3))
        await harness.service.upkeep.resume.sweep()
        #expect(try await harness.show(id).orderStatus == "processing")
        #expect(harness.payments.charges.map(\.id) == [id])
        #expect(try self.injections("payment_timeout_after_success", harness) == 1)
        try await harness.expectInvariants()
    }

    @Test("While the provider is away an order waits; afterwards it is found unpaid and undone")
    func unavailable() async throws {
        let harness = try OrderHarness()
        try self.set("payment_unavailable", harness)
        let answer = try await harness.order()
        #expect(answer.status == 202)
        let id = try #require(answer.id)
        #expect(try await harness.book.entry(id) == nil)
        harness.clock.advance(by: .seconds(3))
        await harness.service.upkeep.resume.sweep()
        #expect(try await harness.show(id).orderStatus == "pending")
        #expect(harness.faults.clear("f") != nil)
        harness.clock.advance(by: .seconds(60))
        await harness.service.upkeep.resume.sweep()
        #expect(try await harness.show(id).orderStatus == "cancelled")
        try await harness.expectInvariants()
    }

    @Test("A fault with a percentage and a seed declines the same payments each time")
    func percentage() async throws {
        func statuses() async throws -> [Int] {
            let harness = try OrderHarness()
            try self.set("payment_decline", harness, more: #","percentage":50,"seed":7"#)
            var statuses: [Int] = []
            for _ in 0..<8 { statuses.append(try await harness.order().status) }
            return statuses
        }
        let first = try await statuses()
        #expect(Set(first) == [201, 402])
        #expect(try await statuses() == first)
    }
}
