import HTTPCore
import Routing
import ServiceKit
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@Suite("Trace context and baggage of a request")
struct PropagationTests {
    private static let traceID = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "00-\(traceID)-b7ad6b7169203331-01"

    /// What a handler sees of its context.
    private final class Seen: Sendable {
        let context = Mutex(TelemetryContext())
        var baggage: Baggage { self.context.withLock { $0.baggage } }
        var state: TraceState { self.context.withLock { $0.spanContext?.traceState ?? .empty } }
    }

    private func fixture(
        _ seen: Seen = Seen(), _ policy: RemoteContextPolicy = .trust, _ environment: [String: String] = [:]
    ) throws -> PipelineFixture {
        PipelineFixture(remoteContext: policy, telemetry: try TestTelemetry(environment: environment)) {
            $0.get("/things") { _, _ in
                let context = TelemetryContext.current
                seen.context.withLock { $0 = context }
                return HTTPResponse(.ok)
            }
        }
    }

    @Test("A valid traceparent is continued")
    func continues() async throws {
        let fixture = try self.fixture()
        await fixture.send(.get, "/things", [.traceparent: Self.parent])
        let span = try fixture.span
        #expect(span.context.traceID.description == Self.traceID)
        #expect(span.parentSpanID.description == "b7ad6b7169203331")
        #expect(span.parentIsRemote)
    }

    @Test(
        "An invalid traceparent begins a new trace",
        arguments: [
            "", "00", "00-\(traceID)-b7ad6b7169203331", "ff-\(traceID)-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-\(traceID)-0000000000000000-01",
            "00-\(traceID.uppercased())-b7ad6b7169203331-01", "00-\(traceID)-b7ad6b7169203331-01-x",
            "00-\(traceID)-b7ad6b7169203331-0g",
        ])
    func restarts(header: String) async throws {
        let fixture = try self.fixture()
        await fixture.send(.get, "/things", [.traceparent: header])
        let span = try fixture.span
        #expect(span.context.traceID.description != Self.traceID)
        #expect(span.context.traceID.isValid)
        #expect(!span.parentSpanID.isValid)
    }

    @Test("Where strangers are linked, a new trace begins that names theirs, sampled or not, and baggage goes on")
    func links() async throws {
        for flags in ["00", "01"] {
            let seen = Seen()
            let fixture = try self.fixture(seen, .link)
            let parent = "00-\(Self.traceID)-b7ad6b7169203331-\(flags)"
            await fixture.send(.get, "/things", [.traceparent: parent, .tracestate: "v=1", .baggage: "k=v"])
            let span = try fixture.span
            #expect(span.context.traceID.description != Self.traceID && !span.parentSpanID.isValid)
            #expect(span.links.map(\.context.traceID.description) == [Self.traceID])
            #expect(span.links[0].context.traceState.header == "v=1" && seen.state.isEmpty)
            #expect(seen.baggage["k"] == "v")
        }
    }

    @Test("Where strangers are ignored, nothing of theirs is taken over")
    func ignores() async throws {
        let seen = Seen()
        let fixture = try self.fixture(seen, .ignore)
        await fixture.send(.get, "/things", [.traceparent: Self.parent, .tracestate: "v=1", .baggage: "k=v"])
        let span = try fixture.span
        #expect(span.context.traceID.description != Self.traceID && span.links.isEmpty && !span.parentSpanID.isValid)
        #expect(seen.baggage.isEmpty && seen.state.isEmpty)
    }

    @Test("Headers of a propagator that was not chosen are not read")
    func unchosen() async throws {
        let seen = Seen()
        let baggageOnly = try self.fixture(seen, .trust, ["OTEL_PROPAGATORS": "baggage"])
        await baggageOnly.send(.get, "/things", [.traceparent: Self.parent, .baggage: "k=v"])
        #expect(try baggageOnly.span.context.traceID.description != Self.traceID)
        #expect(seen.baggage["k"] == "v")
        let none = try self.fixture(seen, .trust, ["OTEL_PROPAGATORS": "none"])
        await none.send(.get, "/things", [.traceparent: Self.parent, .baggage: "k=v"])
        #expect(try none.span.context.traceID.description != Self.traceID)
        #expect(seen.baggage.isEmpty)
    }

    @Test("Generated load is marked on the spans it causes")
    func synthetic() async throws {
        let fixture = try self.fixture()
        await fixture.send(.get, "/things", [.baggage: "user_agent.synthetic.type=test"])
        #expect(try fixture.span["user_agent.synthetic.type"] == .string("test"))
    }

    @Test("More than one traceparent is as good as none")
    func repeated() async throws {
        for second in [Self.parent, "junk"] {
            let fixture = try self.fixture()
            var fields: HTTPFields = [.traceparent: Self.parent]
            fields.append(.traceparent, second)
            await fixture.send(.get, "/things", fields)
            #expect(try fixture.span.context.traceID.description != Self.traceID)
        }
    }

    @Test("An unsampled parent is not recorded, and its trace goes on all the same")
    func unsampled() async throws {
        let seen = Seen()
        let fixture = try self.fixture(seen)
        await fixture.send(.get, "/things", [.traceparent: "00-\(Self.traceID)-b7ad6b7169203331-00"])
        #expect(fixture.telemetry.finishedSpans.isEmpty)
        let context = seen.context.withLock { $0.spanContext }
        #expect(context?.traceID.description == Self.traceID)
        #expect(context?.isSampled == false)
        #expect(fixture.telemetry.logLines.first?.contains(Self.traceID) == true)
    }

    @Test("tracestate goes with the trace, several fields as one list; without a valid parent it is dropped")
    func traceState() async throws {
        let seen = Seen()
        var fields: HTTPFields = [.traceparent: Self.parent, .tracestate: "a=1,b=2"]
        fields.append(.tracestate, "c=3")
        let fixture = try self.fixture(seen)
        await fixture.send(.get, "/things", fields)
        #expect(seen.state.header == "a=1,b=2,c=3")
        #expect(try fixture.span.context.traceState.header == "a=1,b=2,c=3")
        try await self.fixture(seen).send(.get, "/things", [.tracestate: "a=1"])
        #expect(seen.state.isEmpty)
    }

    @Test("Baggage reaches the handler, with a traceparent, without one and with several")
    func baggage() async throws {
        for parents in [[], [Self.parent], [Self.parent, Self.parent]] {
            let seen = Seen()
            var fields: HTTPFields = [.baggage: "tenant=blue"]
            fields.append(.baggage, "cohort=b%20c")
            for parent in parents { fields.append(.traceparent, parent) }
            try await self.fixture(seen).send(.get, "/things", fields)
            #expect(seen.baggage["tenant"] == "blue")
            #expect(seen.baggage["cohort"] == "b c")
        }
    }

    @Test("What one request carries does not reach the next")
    func separate() async throws {
        let seen = Seen()
        let fixture = try self.fixture(seen)
        await fixture.send(.get, "/things", [.traceparent: Self.parent, .baggage: "tenant=blue"])
        await fixture.send(.get, "/things")
        #expect(seen.baggage.isEmpty)
        #expect(Set(fixture.telemetry.finishedSpans.map(\.context.traceID)).count == 2)
        #expect(TelemetryContext.current.span == nil)
    }
}
