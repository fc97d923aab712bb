import HTTPCore
import JSON
import Resilience
import Routing
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The listener that strangers reach")
struct EdgeTests {
    /// An edge that does one visible thing at each of its places, and notes the order.
    private final class NotingEdge: EdgePolicy {
        var remoteContext: RemoteContextPolicy { .trust }
        let steps = Mutex<[String]>([])
        private func note(_ step: String) { self.steps.withLock { $0.append(step) } }

        func prepare(_ request: inout HTTPRequest) {
            self.note("prepare")
            if request.path == "/old" { request.path = "/things" }
        }
        func preflight(_ request: HTTPRequest) -> HTTPResponse? {
            self.note("preflight")
            return request.fields.contains(.accessControlRequestMethod) ? HTTPResponse(.noContent) : nil
        }
        func admit(_ request: HTTPRequest) throws {
            self.note("admit")
            if request.fields.contains(.xForwardedFor) {
                throw Problem.tooManyRequests("Slow down.", retryAfterSeconds: 1)
            }
        }
        func admit(_ identity: Identity) throws {
            self.note("admit user")
            if identity.isAdmin { throw Problem.tooManyRequests("Slow down.", retryAfterSeconds: 2) }
        }
        func priority(of route: Route) -> LoadPriority { .normal }
        func decorate(_ response: inout HTTPResponse, for request: HTTPRequest) {
            self.note("decorate")
            response.fields.append(.xFrameOptions, "DENY")
        }
    }

    private let edge = NotingEdge()
    private let fixture: PipelineFixture

    init() {
        self.fixture = PipelineFixture(edge: self.edge) {
            $0.get("/things") { _, _ in HTTPResponse(.ok) }
            $0.get("/mine", access: .authenticated) { _, _ in HTTPResponse(.ok) }
            $0.get("/broken") { _, _ in throw CancellationError() }
            $0.add(.get, "/health", isObserved: false) { _, _ in HTTPResponse(.ok) }
        }
    }

    private var steps: [String] { self.edge.steps.withLock { $0 } }

    // MARK: Order

    @Test("A request is prepared, let in, and its answer decorated")
    func order() async throws {
        #expect(await self.fixture.send(.get, "/old").status == .ok)
        #expect(self.steps == ["prepare", "preflight", "admit", "decorate"])
        #expect(try self.fixture.span.name == "GET /things")
    }

    @Test("A user is let in after the address, and before access is judged")
    func users() async {
        let admin: HTTPFields = [.authorization: "Bearer admin"]
        let response = await self.fixture.send(.get, "/mine", admin)
        #expect(response.status == .tooManyRequests)
        #expect(response.fields[.retryAfter] == "2")
        #expect(self.steps == ["prepare", "preflight", "admit", "admit user", "decorate"])
    }

    @Test("A flood is turned away before anything is done for it: bad tokens, unknown paths, wrong methods alike")
    func flood() async {
        for (method, path) in [
            (HTTPMethod.get, "/mine"), (.get, "/nowhere"), (.post, "/things"), (.options, "/things"),
        ] {
            let response = await self.fixture.send(
                method, path, [.xForwardedFor: "flood", .authorization: "Bearer forged"])
            #expect(response.status == .tooManyRequests)
            #expect(response.fields[.retryAfter] == "1")
        }
    }

    @Test("A preflight is answered before the request is let in or routed, and is observed")
    func preflight() async throws {
        let response = await self.fixture.send(.options, "/nowhere", [.accessControlRequestMethod: "PUT"])
        #expect(response.status == .noContent)
        #expect(self.steps == ["prepare", "preflight", "decorate"])
        #expect(try self.fixture.span["http.response.status_code"] == .int(204))
    }

    @Test("Probes pass without being let in, and are decorated")
    func probes() async {
        let response = await self.fixture.send(.get, "/health", [.xForwardedFor: "flood"])
        #expect(response.status == .ok)
        #expect(response.fields[.xFrameOptions] == "DENY")
        #expect(response.fields[.traceparent] == nil)
        #expect(self.steps == ["prepare", "decorate"])
    }

    // MARK: Fields

    @Test("Every answer tells its trace, failures included", arguments: ["/things", "/mine", "/nowhere", "/broken"])
    func traceparent(path: String) async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let response = await self.fixture.send(.get, path, [.traceparent: parent])
        let span = try self.fixture.span
        #expect(response.fields.values(of: .traceparent) == [W3CPropagator.traceparent(span.context)])
        #expect(response.fields[.traceparent]?.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
        #expect(response.fields[.xFrameOptions] == "DENY")
    }

    @Test("The caller's request id is kept; without one the trace id serves")
    func requestID() async throws {
        let given = await self.fixture.send(.get, "/things", [.xRequestID: "mine-1"])
        #expect(given.fields.values(of: .xRequestID) == ["mine-1"])
        let made = await self.fixture.send(.get, "/things")
        let span = try #require(self.fixture.telemetry.finishedSpans.last)
        #expect(made.fields.values(of: .xRequestID) == [span.context.traceID.description])
    }

    @Test("server-timing tells the same duration as the span")
    func serverTiming() async throws {
        let response = await self.fixture.send(.get, "/things")
        let nanoseconds = try self.fixture.span.durationNanoseconds
        #expect(response.fields.values(of: .serverTiming) == [EdgeFields.serverTiming(nanoseconds)])
    }

    @Test("A listener within the platform adds none of them")
    func internalListener() async {
        let fixture = PipelineFixture(internalToken: PipelineFixture.internalToken) {
            $0.get("/things") { _, _ in HTTPResponse(.ok) }
        }
        let response = await fixture.send(.get, "/things", [.xInternalToken: PipelineFixture.internalToken])
        for name in [HTTPFieldName.traceparent, .xRequestID, .serverTiming] { #expect(!response.fields.contains(name)) }
    }

    @Test(
        "server-timing is in milliseconds, to the microsecond, cut off",
        arguments: [
            (UInt64(0), "total;dur=0.000"), (999, "total;dur=0.000"), (1_000, "total;dur=0.001"),
            (9_999, "total;dur=0.009"), (10_000, "total;dur=0.010"), (99_999, "total;dur=0.099"),
            (100_000, "total;dur=0.100"), (1_000_000, "total;dur=1.000"), (12_345_678, "total;dur=12.345"),
            (3_600_000_000_000, "total;dur=3600000.000"),
        ])
    func serverTimingText(nanoseconds: UInt64, expected: String) {
        #expect(EdgeFields.serverTiming(nanoseconds) == expected)
    }
}
