import HTTPCore
import OrderDomain
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("The simulated payment provider")
struct SimulatedPaymentProviderTests {
    private func charge(_ amount: Int, _ id: OrderID? = nil) throws -> Charge {
        Charge(
            id: try #require(id ?? OrderID("01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77")),
            amount: try Money(minorUnits: amount, currency: .usd), method: .paypal)
    }

    private func provider(
        _ harness: OrderHarness, latency: Duration = .zero,
        wait: @escaping @Sendable (Duration) async throws -> Void = { _ in }
    ) -> SimulatedPaymentProvider {
        SimulatedPaymentProvider(
            book: harness.book, latency: latency, log: harness.telemetry.log, now: { harness.clock.now }, wait: wait)
    }

    @Test("The last two digits decide", arguments: 0..<100)
    func rules(cents: Int) throws {
        let verdict = PaymentRules.verdict(try Money(minorUnits: 55_00 + cents, currency: .usd))
        switch cents {
        case 13: #expect(verdict == .init(decision: .declined(.cardDeclined), isAnswered: true))
        case 14: #expect(verdict == .init(decision: .declined(.insufficientFunds), isAnswered: true))
        case 15: #expect(verdict == .init(decision: .captured, isAnswered: false))
        case 16: #expect(verdict == .init(decision: .declined(.cardDeclined), isAnswered: false))
        case 17: #expect(verdict == .init(decision: .lost, isAnswered: false))
        default: #expect(verdict == .init(decision: .captured, isAnswered: true))
        }
    }

    @Test("A charge asked for again is the same charge")
    func repeated() async throws {
        let harness = try OrderHarness()
        let provider = self.provider(harness)
        let charge = try self.charge(10_00)
        let first = await provider.charge(charge, deadline: .distantFuture)
        #expect(await provider.charge(charge, deadline: .distantFuture) == first)
        guard case .captured(let reference) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(reference == "sim_01975b0e3c4f7a118d529b1f0a6c2e77")
        #expect(await provider.find(charge.id, deadline: .distantFuture) == .captured(reference: reference))
    }

    @Test("A refund may be repeated, and says each time what went back")
    func refunds() async throws {
        let harness = try OrderHarness()
        let provider = self.provider(harness)
        let charge = try self.charge(10_00)
        _ = await provider.charge(charge, deadline: .distantFuture)
        for _ in 0..<2 {
            #expect(await provider.refund(charge.id, deadline: .distantFuture) == .refunded(charge.amount))
        }
        #expect(await provider.find(charge.id, deadline: .distantFuture) == .declined(.voided))
    }

    @Test("What was taken back before it was charged is never charged")
    func voided() async throws {
        let harness = try OrderHarness()
        let provider = self.provider(harness)
        let charge = try self.charge(10_00)
        #expect(await provider.find(charge.id, deadline: .distantFuture) == .none)
        #expect(await provider.refund(charge.id, deadline: .distantFuture) == .nothingCaptured)
        #expect(await provider.charge(charge, deadline: .distantFuture) == .declined(.voided))
        #expect(await provider.refund(charge.id, deadline: .distantFuture) == .nothingCaptured)
    }

    @Test("A declined charge has nothing to refund, and stays declined")
    func declined() async throws {
        let harness = try OrderHarness()
        let provider = self.provider(harness)
        let charge = try self.charge(10_14)
        #expect(await provider.charge(charge, deadline: .distantFuture) == .declined(.insufficientFunds))
        #expect(await provider.refund(charge.id, deadline: .distantFuture) == .nothingCaptured)
        #expect(await provider.find(charge.id, deadline: .distantFuture) == .declined(.insufficientFunds))
    }

    @Test("An answer that takes longer than the caller waits is unknown, and the charge is made all the same")
    func slow() async throws {
        let harness = try OrderHarness()
        let (stream, continuation) = AsyncStream.makeStream(of: Duration.self)
        let provider = self.provider(harness, latency: .seconds(60)) { continuation.yield($0) }
        let charge = try self.charge(10_00)
        #expect(await provider.charge(charge, deadline: .after(.seconds(5))) == .unknown)
        continuation.finish()
        var waits = stream.makeAsyncIterator()
        #expect(try #require(await waits.next()) <= .seconds(5))
        #expect(try await harness.book.entry(charge.id)?.status == .captured)
    }

    @Test("Latency within the deadline only takes its time")
    func latency() async throws {
        let harness = try OrderHarness()
        let (stream, continuation) = AsyncStream.makeStream(of: Duration.self)
        let provider = self.provider(harness, latency: .milliseconds(250)) { continuation.yield($0) }
        guard case .captured = await provider.charge(try self.charge(10_00), deadline: .after(.seconds(5))) else {
            Issue.record("not captured")
            return
        }
        var waits = stream.makeAsyncIterator()
        #expect(await waits.next() == .milliseconds(250))
    }
}
