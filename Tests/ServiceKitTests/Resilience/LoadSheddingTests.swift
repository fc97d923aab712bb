import HTTPCore
import JSON
import RPC
import Resilience
import Routing
import ServiceTesting
import Telemetry
import TelemetryTesting
import Testing

@testable import RPC
@testable import ServiceKit

/// Ten requests in flight at most.
private func shedder(_ telemetry: TestTelemetry) -> LoadShedder {
    var limit = AdaptiveConcurrencyLimit.Settings()
    limit.initial = 10
    limit.smallest = 10
    limit.largest = 10
    return LoadShedder("requests", limit, telemetry: telemetry.telemetry)
}

extension LoadShedder {
    /// Lets so many requests more be in flight.
    fileprivate func fill(_ count: Int) { for _ in 0..<count { #expect(self.admit(.critical, now: 1) != nil) } }
}

@Suite("Shedding requests")
struct RequestSheddingTests {
    /// A gateway for which orders matter most.
    private struct Edge: EdgePolicy {
        var remoteContext: RemoteContextPolicy { .trust }
        func prepare(_ request: inout HTTPRequest) {}
        func preflight(_ request: HTTPRequest) -> HTTPResponse? { nil }
        func admit(_ request: HTTPRequest) throws {}
        func admit(_ identity: Identity) throws {}
        func priority(of route: Route) -> LoadPriority { route.method == .post ? .critical : .sheddable }
        func decorate(_ response: inout HTTPResponse, for request: HTTPRequest) {}
    }

    private let telemetry = TestTelemetry()
    private let shedder: LoadShedder

    init() { self.shedder = ServiceKitTests.shedder(self.telemetry) }

    private func pipeline(edge: (any EdgePolicy)? = nil) -> RequestPipeline {
        var routes = RouteTable()
        routes.get("/things") { _, _ in HTTPResponse(.ok) }
        routes.add(.post, "/things") { _, _ in HTTPResponse(.ok) }
        routes.get("/broken") { _, _ in throw Problem.notFound("Gone.") }
        routes.add(.get, "/healthz", isObserved: false) { _, _ in HTTPResponse(.ok) }
        return RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: nil),
            telemetry: self.telemetry.telemetry, edge: edge, shedder: self.shedder)
    }

    private func send(
        _ pipeline: RequestPipeline, _ method: HTTPMethod, _ path: String = "/things"
    ) async -> HTTPResponse { await pipeline.respond(to: HTTPRequest(method, path)) }

    @Test("What is too much is answered with 503 `overloaded` and Retry-After, and counted")
    func overloaded() async throws {
        self.shedder.fill(10)
        let response = await self.send(self.pipeline(), .get)
        #expect(response.status == .serviceUnavailable)
        #expect(response.fields[.retryAfter] == "1")
        // Busy is not broken: callers' breakers are told.
        #expect(response.fields.contains(.xVitrineFailure))
        #expect(try await response.object()["type"]?.string == "/problems/overloaded")
        let span = try #require(self.telemetry.finishedSpans.last)
        #expect(span["error.type"] == .string("overloaded"))
        #expect(try self.telemetry.value("resilience_load_shed_total", ["priority": "sheddable"]) == 1)
    }

    @Test("Between services reading goes first, and the rest later")
    func internalOrder() async {
        let pipeline = self.pipeline()
        self.shedder.fill(7)
        #expect(await self.send(pipeline, .get).status == .serviceUnavailable)
        #expect(await self.send(pipeline, .post).status == .ok)
        self.shedder.fill(2)
        #expect(await self.send(pipeline, .post).status == .serviceUnavailable)
    }

    @Test("At the edge what is critical is let in where browsing no longer is")
    func edgeOrder() async {
        let pipeline = self.pipeline(edge: Edge())
        self.shedder.fill(9)
        #expect(await self.send(pipeline, .get).status == .serviceUnavailable)
        #expect(await self.send(pipeline, .post).status == .ok)
        self.shedder.fill(1)
        #expect(await self.send(pipeline, .post).status == .serviceUnavailable)
    }

    @Test("Every request gives its place back, however it ends")
    func givesBack() async {
        let pipeline = self.pipeline()
        self.shedder.fill(6)
        for path in ["/things", "/broken", "/nowhere", "/things"] {
            _ = await self.send(pipeline, .get, path)
            #expect(self.shedder.inFlight == 6)
        }
        #expect(await self.send(pipeline, .get).status == .ok)
    }

    @Test("A probe is answered, whatever the load")
    func probes() async {
        self.shedder.fill(10)
        #expect(await self.send(self.pipeline(), .get, "/healthz").status == .ok)
    }
}

@Suite("Shedding calls of gRPC")
struct RPCSheddingTests {
    private let telemetry = TestTelemetry()
    private let shedder: LoadShedder
    private let client: RPCClient

    init() {
        let shedder = ServiceKitTests.shedder(self.telemetry)
        self.shedder = shedder
        let service = CallService { name, _ in if name == "Put" { throw RPCError(.notFound, "Gone.") } }
        let server = service.server([RPCShedding(shedder: shedder)], health: RPCHealth())
        self.client = RPCClient(
            transport: ResponderTransport(responder: server), serverAddress: "127.0.0.1", serverPort: 8002,
            telemetry: TestTelemetry().telemetry)
    }

    @Test("What is too much is RESOURCE_EXHAUSTED, with RetryInfo, and counted")
    func overloaded() async throws {
        self.shedder.fill(10)
        let error = try #require(await self.client.failure(of: CallService.add))
        #expect(error.code == .resourceExhausted)
        #expect(error.retryAfter == .seconds(1))
        #expect(try self.telemetry.value("resilience_load_shed_total", ["priority": "critical"]) == 1)
        // Seen by a caller further up: nothing has been done, and it may come again.
        #expect(!UpstreamStatus(error, from: .product).mayHaveHadEffect)
    }

    @Test("Reading goes before what changes something")
    func order() async {
        self.shedder.fill(9)
        #expect(await self.client.failure(of: CallService.look)?.code == .resourceExhausted)
        #expect(await self.client.failure(of: CallService.add) == nil)
        #expect(await self.client.failure(of: CallService.put)?.code == .notFound)
    }

    @Test("Every call gives its place back, however it ends")
    func givesBack() async {
        self.shedder.fill(6)
        for method in [CallService.look, CallService.put, CallService.add] {
            _ = await self.client.failure(of: method)
            #expect(self.shedder.inFlight == 6)
        }
    }

    @Test("A probe is answered, whatever the load")
    func probes() async throws {
        self.shedder.fill(10)
        let answer: GRPCHealthV1.HealthCheckResponse = try await self.client.unary(
            GRPCHealthV1.HealthDescriptor.check, GRPCHealthV1.HealthCheckRequest(service: ""))
        #expect(answer.status == .serving)
    }
}
