import HTTPCore
import Resilience
import Routing
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("An upstream with no place left")
struct CrowdedUpstreamTests {
    private let guarded = GuardedClient(
        .brief {
            $0.bulkhead.inFlightMax = 1
            $0.bulkhead.queueMax = 0
        })

    /// Another call, which takes the only place and hangs.
    private func crowd() async throws {
        #expect(try await self.guarded.guardian.callBegan(deadline: .after(.seconds(60))))
    }

    private func failure() async throws -> UpstreamError {
        do { _ = try await self.guarded.send() } catch let error as UpstreamError { return error }
        throw Answered()
    }

    private struct Answered: Error {}

    @Test("One more call fails at once, unsent, and is held against nobody")
    func full() async throws {
        try await self.crowd()
        let failure = try await self.failure()
        #expect(failure.errorType == "bulkhead_full" && failure.requestWasNotSent)
        #expect(failure.problem.type == "/problems/upstream-busy" && failure.problem.status.code == 503)
        #expect(self.guarded.transport.requests.isEmpty)
        #expect(try self.guarded.counts.calls("failure") == 0)
        let rejected = try self.guarded.telemetry.value("resilience_bulkhead_rejected_total", ["bulkhead": "product"])
        #expect(rejected == 1)
    }

    @Test("A place that is given back is another call's")
    func freed() async throws {
        try await self.crowd()
        self.guarded.guardian.callEnded(hasPlace: true)
        self.guarded.answer([.ok])
        #expect(try await self.guarded.send().status == .ok)
        #expect(try await self.guarded.send().status == .ok)
    }

    @Test("What the breaker refuses needs no place, and leaves the one taken alone")
    func refused() async throws {
        try await self.crowd()
        self.guarded.guardian.breaker.forceOpen()
        #expect(try await self.failure().errorType == "circuit_open")
        self.guarded.guardian.breaker.reset()
        #expect(try await self.failure().errorType == "bulkhead_full")
    }
}
