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

    private func fixture(_ seen: Seen = Seen()) -> PipelineFixture {
        PipelineFixture {
            $0.get("/things") { _, _ in
                let context = TelemetryContext.current
                seen.context.withLock { $0 = context }
                return HTTPResponse(.ok)
            }
        }
    }

    @Test("A valid traceparent is continued")
    func continues() async throws {
        let fixture = self.fixture()
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
        let fixture = self.fixture()
        await fixture.send(.get, "/things", [.traceparent: header])
        let span = try fixture.span
        #expect(span.context.traceID.description != Self.traceID)
        #expect(span.context.traceID.isValid)
        #expect(!span.parentSpanID.isValid)
    }

    @Test("More than one traceparent is as good as none")
    func repeated() async throws {
        for second in [Self.parent, "junk"] {
            let fixture = self.fixture()
            var fields: HTTPFields = [.traceparent: Self.parent]
            fields.append(.traceparent, second)
            await fixture.send(.get, "/things", fields)
            #expect(try fixture.span.context.traceID.description != Self.traceID)
        }
    }

    @Test("An unsampled parent is not recorded, and its trace goes on all the same")
    func unsampled() async {
        let seen = Seen()
        let fixture = self.fixture(seen)
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
        let fixture = self.fixture(seen)
        await fixture.send(.get, "/things", fields)
        #expect(seen.state.header == "a=1,b=2,c=3")
        #expect(try fixture.span.context.traceState.header == "a=1,b=2,c=3")
        await self.fixture(seen).send(.get, "/things", [.tracestate: "a=1"])
        #expect(seen.state.isEmpty)
    }

    @Test("Baggage reaches the handler, with a traceparent, without one and with several")
    func baggage() async {
        for parents in [[], [Self.parent], [Self.parent, Self.parent]] {
            let seen = Seen()
            var fields: HTTPFields = [.baggage: "tenant=blue"]
            fields.append(.baggage, "cohort=b%20c")
            for parent in parents { fields.append(.traceparent, parent) }
            await self.fixture(seen).send(.get, "/things", fields)
            #expect(seen.baggage["tenant"] == "blue")
            #expect(seen.baggage["cohort"] == "b c")
        }
    }

    @Test("What one request carries does not reach the next")
    func separate() async {
        let seen = Seen()
        let fixture = self.fixture(seen)
        await fixture.send(.get, "/things", [.traceparent: Self.parent, .baggage: "tenant=blue"])
        await fixture.send(.get, "/things")
        #expect(seen.baggage.isEmpty)
        #expect(Set(fixture.telemetry.finishedSpans.map(\.context.traceID)).count == 2)
        #expect(TelemetryContext.current.span == nil)
    }
}
