import JSON
import Telemetry
import TelemetryTesting
import Testing

@testable import Resilience

@Suite("Circuit breakers")
struct CircuitBreakerTests {
    private let time = TestTime()

    private func breaker(_ telemetry: TestTelemetry? = nil) -> CircuitBreaker {
        CircuitBreaker("product", .small, seed: 1, clock: self.time.clock, telemetry: telemetry?.telemetry)
    }

    private func trip(_ breaker: CircuitBreaker, span: ActiveSpan? = nil) throws {
        for _ in 0..<4 {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(.failure, for: permit, start: self.time.now, end: self.time.now, span: span)
        }
    }

    @Test("A refusal names the breaker, its state, when to come again, and the call that tripped it")
    func refuses() throws {
        let test = TestTelemetry()
        let breaker = self.breaker()
        let culprit = test.tracer.startSpan("culprit")
        try self.trip(breaker, span: culprit)
        self.time.advance(second / 2)
        let error = #expect(throws: CircuitOpenError.self) { try breaker.permit(now: self.time.now) }
        #expect(error?.breaker == "product")
        #expect(error?.state == .open)
        #expect(error?.retryAfterNanoseconds == 4_500 * millisecond)
        #expect(error?.retryAfterSeconds == 5)
        #expect(error?.trippedBy?.traceID == culprit.context.traceID)
        #expect(error?.trippedBy?.spanID == culprit.context.spanID)
    }

    @Test("A refused call makes a short span in error that links to the trace that tripped the breaker")
    func linksRefusedCalls() throws {
        let test = TestTelemetry()
        let breaker = self.breaker()
        let culprit = test.tracer.startSpan("culprit")
        try self.trip(breaker, span: culprit)
        let error = #expect(throws: CircuitOpenError.self) { try breaker.permit(now: self.time.now) }
        error?.recordSpan("GET /api/v1/products", tracer: test.tracer)
        let span = try #require(test.span(named: "GET /api/v1/products"))
        #expect(span.kind == .client)
        #expect(span.attributes.contains(.errorType("circuit_open")))
        #expect(span.attributes.contains(.breakerName("product")))
        #expect(span.status == .error("the circuit of product is open"))
        #expect(span.links.map(\.context.traceID) == [culprit.context.traceID])
    }

    @Test("A transition writes a log line in the call's trace and an event on its span")
    func reportsTransitions() throws {
        let test = TestTelemetry()
        let breaker = self.breaker(test)
        let span = test.tracer.startSpan("call")
        try self.trip(breaker, span: span)
        span.end()
        let event = try #require(test.span(named: "call")?.events.first { $0.name == "circuit changed" })
        #expect(event.attributes.contains(.breakerReason(.failureRate)))
        let line = try #require(test.logLines.first { $0.contains("circuit opened") })
        #expect(line.contains("failure_rate"))
        #expect(line.contains(span.context.traceID.description))
        #expect(line.contains("WARN"))
    }

    @Test("What counts as a failure is the caller's to say, and a cancelled call counts as neither")
    func classifies() async throws {
        let breaker = self.breaker()
        for _ in 0..<8 {
            let status = try await breaker.withPermit(classify: { (try? $0.get()) == 503 ? .failure : .success }) {
                200
            }
            #expect(status == 200)
        }
        await #expect(throws: CancellationError.self) {
            try await breaker.withPermit { throw CancellationError() }
        }
        for _ in 0..<3 {
            await #expect(throws: Broken.self) {
                try await breaker.withPermit(classify: { _ in .ignored }) { throw Broken() }
            }
        }
        let totals = breaker.snapshot.totals(now: self.time.now)
        #expect(totals == WindowTotals(calls: 8, failures: 0, slow: 0))
        #expect(breaker.snapshot.callCount(.ignored) == 4)
    }

    @Test("Errors fail where nothing else is said, and an open breaker does not run the operation")
    func runs() async throws {
        let breaker = self.breaker()
        for _ in 0..<4 {
            await #expect(throws: Broken.self) { try await breaker.withPermit { throw Broken() } }
        }
        await #expect(throws: CircuitOpenError.self) {
            try await breaker.withPermit { Issue.record("an open breaker let a call through") }
        }
    }

    @Test("A probe whose task is cancelled gives its place back")
    func cancelsProbes() async throws {
        let breaker = self.breaker()
        try self.trip(breaker)
        self.time.advance(5 * second)
        let (started, starter) = AsyncStream<Void>.makeStream()
        let probe = Task {
            try await breaker.withPermit {
                starter.yield()
                try await ManualClock().sleep(until: .init(sinceStart: .seconds(1)))
            }
        }
        for await _ in started { break }
        #expect(breaker.snapshot.probesInFlight == 1)
        probe.cancel()
        await #expect(throws: CancellationError.self) { try await probe.value }
        #expect(breaker.snapshot.probesInFlight == 0)
        #expect(breaker.state == .halfOpen)
    }

    @Test("Permits and records of many tasks lose no call, and never exceed the probes")
    func isSafe() async throws {
        let test = TestTelemetry()
        var settings = CircuitBreakerSettings.small
        settings.openBase = .nanoseconds(1)
        settings.openMax = .nanoseconds(1)
        let breaker = CircuitBreaker("product", settings, seed: 1, telemetry: test.telemetry)
        let perTask = 20_000
        let permitted = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(task))
                    var permitted = 0
                    for turn in 0..<perTask {
                        let now = UInt64(turn)
                        guard let permit = try? breaker.permit(now: now) else { continue }
                        permitted += 1
                        let outcome: CallOutcome = Bool.random(using: &random) ? .success : .failure
                        breaker.record(outcome, for: permit, start: now, end: now)
                    }
                    return permitted
                }
            }
            return await group.reduce(0, +)
        }
        let machine = breaker.snapshot
        let counted = [CircuitCallLabel.success, .failure, .slow, .ignored].reduce(0) { $0 + machine.callCount($1) }
        #expect(counted == UInt64(permitted))
        #expect(machine.callCount(.rejected) == UInt64(8 * perTask - permitted))
        #expect(machine.probesInFlight <= 2)
    }

    @Test("Orders of an operator take effect for permits at once")
    func obeys() throws {
        let registry = BreakerRegistry([self.breaker(), CircuitBreaker("cart", .small)])
        let breaker = try #require(registry.breaker("product"))
        #expect(registry.names == ["cart", "product"])
        #expect(registry.apply(.open, to: "product"))
        #expect(throws: CircuitOpenError.self) { try breaker.permit(now: self.time.now) }
        #expect(registry.apply(.disable, to: "product"))
        _ = try breaker.permit(now: self.time.now)
        #expect(registry.apply(.reset, to: "product"))
        #expect(breaker.state == .closed)
        #expect(!registry.apply(.open, to: "nobody"))
    }

    @Test("The flight recorder keeps the calls that tripped it: outcome, latency, time, trace and settings")
    func records() throws {
        let test = TestTelemetry()
        let breaker = self.breaker()
        let ok = try breaker.permit(now: self.time.now)
        breaker.record(.success, for: ok, start: self.time.now, end: self.time.now + 7 * millisecond)
        let span = test.tracer.startSpan("culprit")
        for _ in 0..<3 {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(
                .failure, for: permit, start: self.time.now, end: self.time.now + 3 * second, span: span)
        }
        let registry = BreakerRegistry([breaker])
        var writer = JSONWriter()
        #expect(registry.writeFlights(of: "product", to: &writer))
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text.hasPrefix(#"{"breaker":"product","flights":[{"from":"closed","to":"open","reason":"failure_rate","#))
        #expect(text.contains(#"{"outcome":"success","is_slow":false,"latency_us":7000,"at_unix_ms":1000007}"#))
        #expect(
            text.contains(
                #""is_slow":true,"latency_us":3000000,"at_unix_ms":1003000,"trace_id":"\#(span.context.traceID)","#))
        #expect(text.contains(#""window":{"calls":4,"failures":3,"slow":3,"failure_ratio":0.75,"slow_ratio":0.75}"#))
        #expect(text.contains(#""failure_ratio_max":0.5"#))
        #expect(breaker.snapshot.flights.first?.calls.count == 4)
        var list = JSONWriter()
        registry.write(to: &list)
        #expect(
            String(decoding: list.bytes, as: UTF8.self).contains(
                #"{"breaker":"product","state":"open","open_remaining_ms":"#))
        #expect(!registry.writeFlights(of: "nobody", to: &list))
    }

    @Test("The flight recorder keeps the last transitions only, and of each the last calls only")
    func boundsFlights() {
        var settings = CircuitBreakerSettings.small
        settings.window = .calls(1_000)
        settings.callsMin = 500
        settings.recordedCallsMax = 16
        settings.flightsMax = 3
        var machine = CircuitBreakerMachine(settings, seed: 1, now: 0)
        for turn: UInt64 in 1...5 {
            machine.trip(at: turn * 1_000 * second)
            _ = machine.reset(now: turn * 1_000 * second)
        }
        #expect(machine.flights.map(\.transition.kind.to) == [.closed, .open, .closed])
        #expect(machine.flights[1].calls.count == 16)
    }
}
