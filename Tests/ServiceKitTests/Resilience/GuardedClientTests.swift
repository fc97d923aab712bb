import CSystem
import HTTPCore
import HTTPEngine
import NetworkIO
import Resilience
import Routing
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The breaker around another service's REST", .timeLimit(.minutes(1)))
struct GuardedClientBreakerTests {
    private let guarded = GuardedClient(.once)

    private func trip() async throws {
        self.guarded.answer([.internalServerError])
        for _ in 0..<4 { try await self.guarded.send() }
        #expect(self.guarded.guardian.breaker.state == .open)
    }

    @Test("Failures open it; from then on the transport is not asked, and the caller gets 503 with Retry-After")
    func opens() async throws {
        try await self.trip()
        let error = await #expect(throws: UpstreamError.self) { try await self.guarded.send() }
        #expect(self.guarded.transport.requests.count == 4)
        #expect(error?.requestWasNotSent == true)
        #expect(error?.errorType == "circuit_open")
        let problem = try #require(error?.problem)
        #expect(problem.status == .serviceUnavailable)
        #expect(problem.errorType == "circuit-open")
        #expect(problem.isUpstream)
        let wait = try #require(problem.fields[.retryAfter].flatMap { Int($0) })
        // The open time less the jitter, which takes a fifth at most.
        #expect((2_800...3_600).contains(wait))
    }

    @Test("A refused call makes a span that says why and links to the call that tripped the breaker")
    func refusedSpan() async throws {
        try await self.trip()
        let tripping = try #require(self.guarded.telemetry.finishedSpans.first { !$0.events.isEmpty })
        #expect(tripping.events.map(\.name) == ["circuit changed"])
        _ = try? await self.guarded.telemetry.tracer.withSpan("caller") { _ in try await self.guarded.send() }
        let refused = try self.guarded.telemetry.refused
        let caller = try #require(self.guarded.telemetry.span(named: "caller"))
        #expect(refused.name == "GET /api/v1/products/{id}")
        #expect(refused.parentSpanID == caller.context.spanID)
        #expect(refused["error.type"] == .string("circuit_open"))
        #expect(refused["shop.breaker.name"] == .string("product"))
        #expect(refused["shop.breaker.state"] == .string("open"))
        #expect(refused["server.address"] == .string("10.0.0.7"))
        #expect(refused["http.response.status_code"] == nil)
        #expect(refused.status == .error("the circuit of product is open"))
        #expect(refused.links.map(\.context.traceID) == [tripping.context.traceID])
        #expect(refused.links.map(\.context.spanID) == [tripping.context.spanID])
        #expect(refused.context.traceID != tripping.context.traceID)
    }

    @Test("A refused call counts as one of its kind, and is not made again")
    func refusedMetrics() async throws {
        try await self.trip()
        for _ in 0..<3 { _ = try? await self.guarded.send() }
        let series = try self.guarded.telemetry.samples().series("http_client_request_duration_seconds_count")
        #expect(series.first { $0.labels["error_type"] == "circuit_open" }?.value == 3)
        #expect(series.first { $0.labels["error_type"] == "500" }?.value == 4)
        #expect(try self.guarded.counts.calls("rejected") == 3)
        #expect(try self.guarded.counts.calls("failure") == 4)
        #expect(try self.guarded.counts.retries("success") == 0)
        #expect(try self.guarded.counts.retries("failure") == 0)
    }

    @Test("An answer below 500, and 501, are signs of life", arguments: [200, 304, 400, 404, 409, 429, 501])
    func life(status: Int) async throws {
        self.guarded.answer([HTTPStatus(status)])
        for _ in 0..<8 { try await self.guarded.send() }
        #expect(self.guarded.guardian.breaker.state == .closed)
        #expect(try self.guarded.counts.calls("success") == 8)
    }

    @Test("Connections that fail, break or take too long open it")
    func transportFailures() async throws {
        let reasons: [HTTPClientError.Reason] = [
            .connect(IOError(.system(111), in: "connect")), .connectionLost(IOError(.closed, in: "read")), .timedOut,
            .incompleteResponse,
        ]
        for reason in reasons {
            _ = await self.guarded.requests { _ in throw HTTPClientError(reason, upstream: "product") }
        }
        #expect(self.guarded.guardian.breaker.state == .open)
        #expect(try self.guarded.counts.deadlines() == 1)
    }

    @Test("Calls that their caller gave up, or whose own body broke off, judge nobody")
    func ignored() async throws {
        for _ in 0..<8 { _ = await self.guarded.requests { _ in throw CancellationError() } }
        for _ in 0..<8 {
            _ = await self.guarded.requests(.put) { _ in
                throw HTTPClientError(.requestBody(HTTPBodyError.tooLarge(1)), upstream: "product")
            }
        }
        #expect(self.guarded.guardian.breaker.state == .closed)
        #expect(try self.guarded.counts.calls("ignored") == 16)
        #expect(try self.guarded.counts.calls("failure") == 0)
    }

    @Test("What a service behind it caused does not count against it")
    func messenger() async throws {
        self.guarded.answer([.serviceUnavailable], [.xVitrineFailure: "upstream"])
        for _ in 0..<8 { #expect(try await self.guarded.send().status == .serviceUnavailable) }
        #expect(self.guarded.guardian.breaker.state == .closed)
        #expect(try self.guarded.counts.calls("ignored") == 8)
    }

    @Test("A probe goes through an open breaker, and what it finds counts nowhere")
    func probes() async throws {
        try await self.trip()
        let probing = TelemetryContext(isSuppressed: true)
        self.guarded.answer([.ok])
        #expect(try await TelemetryContext.$current.withValue(probing) { try await self.guarded.send() }.status == .ok)
        #expect(self.guarded.guardian.breaker.state == .open)
        self.guarded.guardian.breaker.reset()
        self.guarded.answer([.internalServerError])
        for _ in 0..<8 {
            _ = try await TelemetryContext.$current.withValue(probing) { try await self.guarded.send() }
        }
        #expect(self.guarded.guardian.breaker.state == .closed)
        #expect(try self.guarded.counts.calls("failure") == 4)
    }

    @Test("A probe is not made again, however it fails")
    func probesOnce() async {
        let guarded = GuardedClient(.brief())
        let probing = TelemetryContext(isSuppressed: true)
        let count = await TelemetryContext.$current.withValue(probing) {
            await guarded.requests { _ in HTTPResponse(.serviceUnavailable) }
        }
        #expect(count == 1)
    }
}

@Suite("Making calls of another service's REST again", .timeLimit(.minutes(1)))
struct GuardedClientRetryTests {
    private let guarded = GuardedClient(.brief())

    @Test("A reading call that finds the service busy is made again, each time in a span of its own")
    func again() async throws {
        self.guarded.answer([.serviceUnavailable, .badGateway, .ok])
        let status = try await self.guarded.telemetry.tracer.withSpan("caller") { _ in
            try await self.guarded.send().status
        }
        #expect(status == .ok)
        let attempts = self.guarded.telemetry.attempts(by: "http.request.resend_count")
        #expect(attempts.map { $0["http.request.resend_count"] } == [nil, .int(1), .int(2)])
        #expect(
            attempts.map { $0["http.response.status_code"] } == [.int(503), .int(502), .int(200)])
        #expect(Set(attempts.map(\.context.spanID)).count == 3)
        #expect(Set(attempts.map(\.parentSpanID)).count == 1)
        let sent = self.guarded.transport.requests.map { $0.fields[.traceparent] }
        #expect(sent == attempts.map { W3CPropagator.traceparent($0.context) })
        #expect(try self.guarded.counts.retries("failure") == 1)
        #expect(try self.guarded.counts.retries("success") == 1)
    }

    @Test("Three attempts are all there are; the last answer is the caller's")
    func bounded() async throws {
        self.guarded.answer([.serviceUnavailable])
        #expect(try await self.guarded.send().status == .serviceUnavailable)
        #expect(self.guarded.transport.requests.count == 3)
        #expect(try self.guarded.counts.retries("attempts_exhausted") == 1)
    }

    @Test("The attempt that trips the breaker is the last one")
    func breakerEndsRetries() async throws {
        self.guarded.answer([.serviceUnavailable])
        try await self.guarded.send()
        let error = await #expect(throws: UpstreamError.self) { try await self.guarded.send() }
        #expect(error?.errorType == "circuit_open")
        #expect(self.guarded.transport.requests.count == 4)
    }

    @Test("Other statuses are answers", arguments: [200, 400, 404, 409, 429, 500, 501])
    func answers(status: Int) async {
        let count = await self.guarded.requests { _ in HTTPResponse(HTTPStatus(status)) }
        #expect(count == 1)
    }

    @Test("What changes something twice is made again only if it was not sent")
    func notIdempotent() async throws {
        #expect(await self.guarded.requests(.post) { _ in HTTPResponse(.serviceUnavailable) } == 1)
        #expect(
            await self.guarded.requests(.post) { _ in
                throw HTTPClientError(.connectionLost(IOError(.closed, in: "read")), upstream: "product")
            } == 1)
        #expect(try self.guarded.counts.retries("not_idempotent") == 2)
        self.guarded.guardian.breaker.reset()
        #expect(await self.guarded.requests(.post) { _ in throw HTTPClientError(.queueFull, upstream: "product") } == 3)
    }

    @Test("What changes something, and twice the same, is made again", arguments: [HTTPMethod.put, .delete])
    func idempotent(method: HTTPMethod) async {
        let body = HTTPBody.bytes([1, 2, 3])
        #expect(await self.guarded.requests(method, body: body) { _ in HTTPResponse(.serviceUnavailable) } == 3)
        #expect(self.guarded.transport.requests.allSatisfy { $0.body.length == 3 })
    }

    @Test("A body that streams is read once: it is sent again only if nothing of it was")
    func streamedBody() async throws {
        let stream = WatchedStream()
        let body = HTTPBody.stream(stream, length: nil)
        #expect(await self.guarded.requests(.put, body: body) { _ in HTTPResponse(.serviceUnavailable) } == 1)
        #expect(
            await self.guarded.requests(.put, body: body) { _ in
                throw HTTPClientError(.connectionLost(IOError(.closed, in: "write")), upstream: "product")
            } == 1)
        self.guarded.guardian.breaker.reset()
        #expect(
            await self.guarded.requests(.put, body: body) { _ in
                throw HTTPClientError(.refused, upstream: "product")
            } == 3)
        #expect(!stream.isCancelled)
    }

    @Test("The answer that is thrown away is cancelled, the one that is handed on is not")
    func discarded() async throws {
        let streams = [WatchedStream(), WatchedStream(), WatchedStream()]
        let left = Mutex(streams)
        self.guarded.transport.answer { _ in
            let stream = left.withLock { $0.removeFirst() }
            return HTTPResponse(.serviceUnavailable, body: .stream(stream, length: nil))
        }
        let answer = try await self.guarded.send()
        #expect(streams.map(\.isCancelled) == [true, true, false])
        #expect(try await answer.body.collect(upTo: 10) == [0x61])
    }

    @Test("Whoever is nearest to what failed repeats; the others do not")
    func nearest() async {
        let count = await self.guarded.requests { _ in
            HTTPResponse(.serviceUnavailable, fields: [.xVitrineFailure: "upstream"])
        }
        #expect(count == 1)
    }

    @Test("A longer wait than is allowed is no reason to come earlier")
    func retryAfterTooLong() async throws {
        let count = await self.guarded.requests { _ in HTTPResponse(.serviceUnavailable, fields: .retryAfter(1)) }
        #expect(count == 1)
        #expect(try self.guarded.counts.retries("retry_after_too_long") == 1)
    }

    @Test("A wait that is allowed is kept, or there is no resend when the deadline does not leave it")
    func retryAfterKept() async throws {
        let guarded = GuardedClient(.brief { $0.retries.retryAfterMax = .seconds(2) })
        guarded.transport.answer { _ in HTTPResponse(.serviceUnavailable, fields: .retryAfter(2)) }
        try await guarded.send(timeout: .seconds(2))
        #expect(guarded.transport.requests.count == 1)
        #expect(try guarded.counts.retries("deadline") == 1)
        let left = Mutex<[HTTPStatus]>([.serviceUnavailable, .ok])
        guarded.transport.answer { _ in
            HTTPResponse(left.withLock { $0.removeFirst() }, fields: .retryAfter(1))
        }
        let took = try await duration { () async throws in
            #expect(try await guarded.send().status == .ok)
        }
        #expect(took >= .seconds(1))
    }

    @Test("Nothing is made again past the deadline")
    func pastDeadline() async throws {
        self.guarded.transport.answer { _ in throw HTTPClientError(.timedOut, upstream: "product") }
        await #expect(throws: UpstreamError.self) { try await self.guarded.send(timeout: .milliseconds(5)) }
        #expect(self.guarded.transport.requests.count == 1)
        #expect(try self.guarded.counts.retries("deadline") == 1)
    }

    @Test("Without a budget to draw on there is no resend, and its lack is counted")
    func budgetSpent() async throws {
        let guarded = GuardedClient(
            .brief {
                $0.budget.share = 0
                $0.budget.savedMax = 1
                $0.budget.perSecondMin = 0
            })
        #expect(await guarded.requests { _ in HTTPResponse(.serviceUnavailable) } == 2)
        #expect(await guarded.requests { _ in HTTPResponse(.serviceUnavailable) } == 1)
        #expect(try guarded.counts.retries("budget_exhausted") == 2)
    }

    @Test("While everything fails, the upstream gets a tenth more than without resends")
    func amplification() async {
        let guarded = GuardedClient(.brief { $0.budget.perSecondMin = 0 })
        guarded.guardian.breaker.disable()
        guarded.answer([.serviceUnavailable])
        for _ in 0..<1_000 { _ = try? await guarded.send() }
        // A tenth of the calls, and what was saved up before.
        #expect((1_100...1_110).contains(guarded.transport.requests.count))
    }
}

@Suite("Endpoints that fail where the others do not")
struct EndpointWatchTests {
    @Test("One of three that fails is passed over for a time, by its own address")
    func ejects() {
        let endpoints = (1...3).map { HTTPEndpoint(host: "10.0.0.\($0)", port: 8002) }
        let ejected = Mutex<[(HTTPEndpoint, UInt64)]>([])
        let watch = EndpointWatch(endpoints) { endpoint, until in ejected.withLock { $0.append((endpoint, until)) } }
        for step in 1...200 as ClosedRange<UInt64> {
            for endpoint in endpoints {
                watch.record(endpoint == endpoints[1] ? .failure : .success, of: endpoint, now: step * 1_000_000)
            }
        }
        let found = ejected.withLock { $0 }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.0 == endpoints[1] && $0.1 > 1_000_000 })
        // Nobody is asked about an endpoint that is not of the upstream.
        watch.record(.failure, of: HTTPEndpoint(host: "10.9.9.9", port: 1), now: 1)
    }

    @Test("Ejections are counted, and those in force now are told; of an upstream with one endpoint there are none")
    func counts() throws {
        let test = TestTelemetry()
        let endpoints = (1...3).map { HTTPEndpoint(host: "10.0.0.\($0)", port: 8002) }
        let guardian = UpstreamGuard(.product, .brief(), endpoints: endpoints, telemetry: test.telemetry) { _, _ in }
        let single = UpstreamGuard(.cart, .brief(), endpoints: [endpoints[1]], telemetry: test.telemetry) { _, _ in }
        func expect(ejected: Double, ejections: Double) throws {
            #expect(try test.value("resilience_outlier_ejected", ["client": "product"]) == ejected)
            #expect(try test.value("resilience_outlier_ejections_total", ["client": "product"]) == ejections)
            #expect(try test.value("resilience_outlier_ejected", ["client": "cart"]) == 0)
            #expect(try test.value("resilience_outlier_ejections_total", ["client": "cart"]) == 0)
        }
        let now = vitrine_monotonic_nanoseconds()
        let permit = try guardian.breaker.permit(now: now)
        func fail(_ guardian: UpstreamGuard, at instant: UInt64) {
            for _ in 0..<8 {
                guardian.record(
                    .failure, for: permit, start: instant, end: instant, span: nil,
                    isTimeout: false, endpoint: endpoints[1])
            }
        }
        try expect(ejected: 0, ejections: 0)
        // The first lasts ten seconds, and is over.
        fail(guardian, at: now - 30_000_000_000)
        try expect(ejected: 0, ejections: 1)
        fail(guardian, at: now)
        fail(single, at: now)
        try expect(ejected: 1, ejections: 2)
    }
}
