import HTTPCore
import HTTPEngine
import Protobuf
import RPC
import Resilience
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("What stands around calls of another service's gRPC", .timeLimit(.minutes(1)))
struct GuardedCallsTests {
    /// A client of gRPC with a guard, and the server behind it, which fails as told.
    private final class Calls: Sendable {
        let telemetry = TestTelemetry()
        let transport = ScriptedTransport()
        let guardian: UpstreamGuard
        let client: RPCClient
        private let errors: Mutex<[(any Error)?]>

        /// - Parameter errors: what each call meets in turn, nil for nothing; the last from then on.
        init(_ settings: ResilienceSettings, _ errors: [(any Error)?]) {
            self.errors = Mutex(errors)
            let endpoint = HTTPEndpoint(host: "10.0.0.7", port: 8002)
            self.guardian = UpstreamGuard(
                .product, settings, endpoints: [endpoint], telemetry: self.telemetry.telemetry, eject: { _, _ in })
            self.client = RPCClient(
                .product, over: self.transport, at: endpoint, internalToken: PipelineFixture.internalToken,
                telemetry: self.telemetry.telemetry, faults: nil, guardian: self.guardian)
            let service = CallService { [unowned self] _, _ in if let error = self.next() { throw error } }
            let server = service.server([RPCGate(internalToken: PipelineFixture.internalToken)])
            self.transport.answer { await server.respond(to: $0) }
        }

        private func next() -> (any Error)? {
            self.errors.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }

        var counts: GuardCounts { GuardCounts(telemetry: self.telemetry) }
        var count: Int { self.transport.requests.count }
    }

    private static let unavailable = RPCError(.unavailable, "Not now.")

    private static func unavailable(after wait: Duration) -> RPCError {
        RPCError(.unavailable, "Not now.", details: [.retryInfo(wait)])
    }

    // MARK: The breaker

    @Test("Failures open the breaker; from then on calls are refused at once and cost the transport nothing")
    func opens() async throws {
        let calls = Calls(.once, [Self.unavailable])
        for _ in 0..<4 { #expect(await calls.client.failure(of: CallService.look)?.code == .unavailable) }
        #expect(calls.guardian.breaker.state == .open)
        let error = try #require(await calls.client.failure(of: CallService.add))
        #expect(calls.count == 4)
        #expect(error.code == .unavailable)
        #expect(error.requestWasNotSent)
        #expect(error.errorType == "circuit_open")
        #expect(try #require(error.retryAfter) > .seconds(2_800))
        let refused = try calls.telemetry.refused
        #expect(refused.name == "vitrine.test.Calls/Add")
        #expect(refused.kind == .client)
        #expect(refused["error.type"] == .string("circuit_open"))
        #expect(refused["rpc.method"] == .string("vitrine.test.Calls/Add"))
        #expect(refused["shop.breaker.name"] == .string("product"))
        #expect(try calls.counts.calls("rejected") == 1)
    }

    @Test("The refused call's span links to the trace in which the breaker was tripped")
    func links() async throws {
        let calls = Calls(.once, [Self.unavailable])
        let traces = Mutex<[TraceID]>([])
        for _ in 0..<4 {
            await calls.telemetry.tracer.withSpan("caller") { span in
                traces.withLock { $0.append(span.context.traceID) }
                _ = await calls.client.failure(of: CallService.look)
            }
        }
        _ = await calls.client.failure(of: CallService.look)
        let refused = try calls.telemetry.refused
        #expect(refused.links.map(\.context.traceID) == [traces.withLock { $0[3] }])
    }

    @Test(
        "Statuses that say the server failed count against it",
        arguments: [RPCCode.unknown, .deadlineExceeded, .internal, .unavailable, .dataLoss])
    func failures(code: RPCCode) async {
        let calls = Calls(.once, [RPCError(code, "No.")])
        for _ in 0..<4 { #expect(await calls.client.failure(of: CallService.look)?.code == code) }
        #expect(calls.guardian.breaker.state == .open)
    }

    @Test(
        "Refusals are signs of life",
        arguments: [
            RPCCode.invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted,
            .failedPrecondition, .aborted, .outOfRange, .unimplemented, .unauthenticated,
        ])
    func refusals(code: RPCCode) async throws {
        let calls = Calls(.once, [RPCError(code, "No.")])
        for _ in 0..<8 { #expect(await calls.client.failure(of: CallService.look)?.code == code) }
        #expect(calls.guardian.breaker.state == .closed)
        #expect(try calls.counts.calls("success") == 8)
    }

    @Test("A call that its caller gave up counts as neither; one that the server gave up is a failure")
    func cancelled() async throws {
        let given = Calls(.once, [RPCError(.cancelled, "No.")])
        for _ in 0..<8 {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await given.client.failure(of: CallService.look)
            }
            _ = await task.value
        }
        #expect(given.guardian.breaker.state == .closed)
        let broken = Calls(.once, [RPCError(.cancelled, "No.")])
        for _ in 0..<8 { _ = await broken.client.failure(of: CallService.look) }
        #expect(broken.guardian.breaker.state == .open)
        #expect(try broken.counts.calls("ignored") == 0)
    }

    @Test("What a service behind it caused is neither counted against it nor made again")
    func messenger() async throws {
        let behind = UpstreamError(name: .user, cause: HTTPClientError(.queueFull, upstream: "user"))
        let calls = Calls(.brief(), [behind])
        for _ in 0..<8 {
            let error = try #require(await calls.client.failure(of: CallService.look))
            #expect(error.code == .unavailable)
            #expect(error.metadata[.xVitrineFailure] == "upstream")
        }
        #expect(calls.count == 8)
        #expect(calls.guardian.breaker.state == .closed)
    }

    @Test("A deadline that passes is counted as one")
    func deadline() async throws {
        let calls = Calls(.once, [nil])
        calls.transport.answer { _ in throw HTTPClientError(.timedOut, upstream: "product") }
        #expect(await calls.client.failure(of: CallService.look)?.code == .deadlineExceeded)
        #expect(try calls.counts.deadlines() == 1)
        #expect(try calls.counts.calls("failure") == 1)
    }

    // MARK: Resends

    @Test(
        "A call that may be repeated is, each time in a span of its own that counts the resends",
        arguments: [CallService.look, CallService.put])
    func again(method: RPCMethod) async throws {
        let calls = Calls(.brief(), [Self.unavailable, Self.unavailable, nil])
        let failure = await calls.telemetry.tracer.withSpan("caller") { _ in await calls.client.failure(of: method) }
        #expect(failure == nil)
        #expect(calls.count == 3)
        let attempts = calls.telemetry.attempts(by: "shop.rpc.resend_count")
        #expect(attempts.map { $0["shop.rpc.resend_count"] } == [nil, .int(1), .int(2)])
        #expect(
            attempts.map { $0["rpc.response.status_code"] }
                == [.string("UNAVAILABLE"), .string("UNAVAILABLE"), .string("OK")])
        #expect(Set(attempts.map(\.parentSpanID)).count == 1)
        #expect(try calls.counts.retries("success") == 1)
    }

    @Test("A call that must not be made twice is made again only if it was not sent")
    func notRepeatable() async throws {
        let calls = Calls(.brief(), [Self.unavailable])
        #expect(await calls.client.failure(of: CallService.add)?.code == .unavailable)
        #expect(calls.count == 1)
        #expect(try calls.counts.retries("not_idempotent") == 1)
        calls.transport.answer { _ in throw HTTPClientError(.incompleteResponse, upstream: "product") }
        _ = await calls.client.failure(of: CallService.add)
        #expect(calls.count == 2)
        calls.guardian.breaker.reset()
        for reason in [HTTPClientError.Reason.queueFull, .refused, .goneAway] {
            let before = calls.count
            calls.guardian.breaker.reset()
            calls.transport.answer { _ in throw HTTPClientError(reason, upstream: "product") }
            #expect(await calls.client.failure(of: CallService.add)?.requestWasNotSent == true)
            #expect(calls.count - before == 3)
        }
    }

    @Test(
        "Other statuses are answers",
        arguments: [
            RPCCode.unknown, .internal, .deadlineExceeded, .invalidArgument, .resourceExhausted, .aborted, .cancelled,
        ])
    func answers(code: RPCCode) async {
        let calls = Calls(.brief(), [RPCError(code, "No.")])
        _ = await calls.client.failure(of: CallService.look)
        #expect(calls.count == 1)
    }

    @Test("A server without room is asked again only when it says when, and no sooner")
    func resourceExhausted() async throws {
        let full = RPCError(.resourceExhausted, "Full.", details: [.retryInfo(.milliseconds(20))])
        let calls = Calls(.brief(), [full, nil])
        let took = try await duration { #expect(await calls.client.failure(of: CallService.look) == nil) }
        #expect(calls.count == 2)
        #expect(took >= .milliseconds(20))
    }

    @Test("A longer wait than VITRINE_RETRY_AFTER_MAX is no reason to come earlier")
    func retryAfterTooLong() async throws {
        let calls = Calls(.brief(), [Self.unavailable(after: .milliseconds(501))])
        _ = await calls.client.failure(of: CallService.look)
        #expect(calls.count == 1)
        #expect(try calls.counts.retries("retry_after_too_long") == 1)
    }

    @Test("A wait that the deadline does not leave means no resend")
    func waitPastDeadline() async throws {
        let calls = Calls(.brief(), [Self.unavailable(after: .milliseconds(500))])
        _ = await calls.client.failure(of: CallService.look, .init(deadline: .after(.milliseconds(450))))
        #expect(calls.count == 1)
        #expect(try calls.counts.retries("deadline") == 1)
    }

    @Test("Without a budget to draw on there is no resend")
    func budgetSpent() async throws {
        let calls = Calls(
            .brief {
                $0.budget.share = 0
                $0.budget.savedMax = 1
                $0.budget.perSecondMin = 0
            }, [Self.unavailable])
        _ = await calls.client.failure(of: CallService.look)
        _ = await calls.client.failure(of: CallService.look)
        #expect(calls.count == 3)
        #expect(try calls.counts.retries("budget_exhausted") == 2)
    }

    @Test("REST and gRPC of one service share its breaker")
    func shared() async throws {
        let calls = Calls(.once, [Self.unavailable])
        let client = UpstreamClient(
            name: .product, transport: calls.transport, serverAddress: "10.0.0.7", serverPort: 8002, internalToken: "t",
            telemetry: calls.telemetry.telemetry, faults: nil, guardian: calls.guardian)
        for _ in 0..<4 { _ = await calls.client.failure(of: CallService.look) }
        let error = await #expect(throws: UpstreamError.self) {
            try await client.send(HTTPRequest(.get, "/"), template: "/", deadline: .after(.seconds(5)))
        }
        #expect(error?.errorType == "circuit_open")
        #expect(calls.count == 4)
    }
}
