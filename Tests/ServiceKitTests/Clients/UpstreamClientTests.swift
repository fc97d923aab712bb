import HTTPCore
import HTTPEngine
import Routing
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Calling another service")
struct UpstreamClientTests {
    private let telemetry = TestTelemetry()
    private let transport = ScriptedTransport()
    private let client: UpstreamClient

    init() {
        self.client = UpstreamClient(
            name: .product, transport: self.transport, serverAddress: "10.0.0.7", serverPort: 8002,
            internalToken: PipelineFixture.internalToken, telemetry: self.telemetry.telemetry)
    }

    private var sent: HTTPFields { self.transport.requests.last?.fields ?? [:] }

    private func send(
        _ method: HTTPMethod = .get, _ target: String = "/api/v1/products/7?full=1", fields: HTTPFields = [:],
        template: String? = "/api/v1/products/{id}", timeout: Duration = .seconds(60)
    ) async throws -> HTTPResponse {
        try await self.client.send(
            HTTPRequest(method, target, fields: fields), template: template, deadline: .after(timeout))
    }

    // MARK: What is sent

    @Test("A call carries the internal token, the span, and the time that is left")
    func ownFields() async throws {
        _ = try await self.send()
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(self.sent.values(of: .xInternalToken) == [PipelineFixture.internalToken])
        #expect(self.sent.values(of: .traceparent) == [W3CPropagator.traceparent(span.context)])
        let left = try #require(self.sent[.xVitrineTimeout].flatMap { Int($0) })
        #expect((1...60_000).contains(left))
        #expect(!self.sent.contains(.tracestate))
        #expect(!self.sent.contains(.baggage))
        #expect(self.transport.requests.last?.target == "/api/v1/products/7?full=1")
    }

    @Test("What the caller sent of them is replaced, once; everything else passes")
    func replaces() async throws {
        var fields: HTTPFields = [
            .xInternalToken: "guess", .traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            .tracestate: "a=1", .baggage: "x=y", .xVitrineTimeout: "999999999", .accept: "application/json",
            .authorization: "Bearer t",
        ]
        fields.append(.xInternalToken, "second guess")
        _ = try await self.send(fields: fields)
        #expect(self.sent.values(of: .xInternalToken) == [PipelineFixture.internalToken])
        #expect(self.sent.values(of: .traceparent).count == 1)
        #expect(self.sent[.traceparent]?.contains("0af7651916cd43dd") == false)
        #expect(!self.sent.contains(.tracestate) && !self.sent.contains(.baggage))
        #expect(self.sent.values(of: .xVitrineTimeout).count == 1)
        #expect(self.sent[.xVitrineTimeout] != "999999999")
        #expect(self.sent[.accept] == "application/json")
        #expect(self.sent[.authorization] == "Bearer t")
    }

    @Test("Trace, tracestate and baggage of the current request go along")
    func context() async throws {
        let (parent, baggage) = W3CPropagator.extract(
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "vendor=1",
            baggage: "tenant=blue")
        let context = TelemetryContext(remoteParent: parent, baggage: baggage)
        _ = try await TelemetryContext.$current.withValue(context) { try await self.send() }
        #expect(self.sent[.traceparent]?.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
        #expect(self.sent[.traceparent]?.contains("b7ad6b7169203331") == false)
        #expect(self.sent[.tracestate] == "vendor=1")
        #expect(self.sent[.baggage] == "tenant=blue")
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span.parentSpanID.description == "b7ad6b7169203331")
    }

    @Test("A deadline that has passed is sent as the shortest time, and the transport judges it", arguments: [-5, 0])
    func pastDeadline(seconds: Int) async throws {
        _ = try await self.send(timeout: .seconds(seconds))
        #expect(self.sent[.xVitrineTimeout] == "1")
        #expect(self.transport.deadlines.first?.isPast == true)
    }

    // MARK: What is recorded

    @Test("The client span tells method, address, path and status")
    func span() async throws {
        self.transport.answer { _ in HTTPResponse(.ok) }
        _ = try await self.send()
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span.name == "GET /api/v1/products/{id}")
        #expect(span.kind == .client)
        #expect(span.status == .unset)
        #expect(span["http.request.method"] == .string("GET"))
        #expect(span["server.address"] == .string("10.0.0.7"))
        #expect(span["server.port"] == .int(8002))
        #expect(span["url.full"] == .string("http://10.0.0.7:8002/api/v1/products/7"))
        #expect(span["url.template"] == .string("/api/v1/products/{id}"))
        #expect(span["http.response.status_code"] == .int(200))
        #expect(span["error.type"] == nil)
        #expect(span.attributes.allSatisfy { !"\($0.value)".contains(PipelineFixture.internalToken) })
    }

    @Test("Without a template the span is named by its method, never by the path")
    func withoutTemplate() async throws {
        _ = try await self.send(.delete, "/carts/17", template: nil)
        #expect(self.telemetry.finishedSpans.first?.name == "DELETE")
        #expect(self.telemetry.finishedSpans.first?["url.template"] == nil)
    }

    @Test("A 4xx or 5xx is an answer to the caller and an error in the span", arguments: [400, 404, 409, 500, 503])
    func errorStatus(status: Int) async throws {
        self.transport.answer { _ in HTTPResponse(HTTPStatus(status)) }
        #expect(try await self.send().status.code == status)
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span.status == .error(""))
        #expect(span["error.type"] == .string(String(status)))
        #expect(try self.count(["http_response_status_code": String(status), "error_type": String(status)]) == 1)
    }

    @Test("No answer is an error to the caller, the span and the metrics alike")
    func failure() async throws {
        self.transport.answer { _ in throw HTTPClientError(.timedOut, upstream: "product") }
        let error = await #expect(throws: UpstreamError.self) { try await self.send() }
        #expect(error?.name == .product)
        #expect(error?.isTimeout == true)
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span["http.response.status_code"] == nil)
        #expect(span["error.type"] == .string("timeout"))
        #expect(span.status == .error("product: no answer before the deadline"))
        #expect(try self.count(["error_type": "timeout"]) == 1)
    }

    @Test("Calls are counted by upstream and status, their durations those of the spans")
    func metrics() async throws {
        self.transport.answer { _ in HTTPResponse(.ok) }
        for _ in 0..<3 { _ = try await self.send() }
        #expect(try self.count(["http_response_status_code": "200"]) == 3)
        let sum = try self.telemetry.value(
            "http_client_request_duration_seconds_sum",
            [
                "http_request_method": "GET", "server_address": "10.0.0.7", "server_port": "8002",
                "http_response_status_code": "200",
            ])
        let spans = self.telemetry.finishedSpans.reduce(0) { $0 + $1.durationNanoseconds }
        #expect(abs((sum ?? -1) - Double(spans) / 1e9) < 1e-9)
    }

    @Test("A method nobody knows makes no series of its own")
    func unknownMethod() async throws {
        _ = try await self.send(.other("BREW"), template: nil)
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span.name == "HTTP")
        #expect(span["http.request.method"] == .string("_OTHER"))
        let series = try self.telemetry.samples().series("http_client_request_duration_seconds_count")
        #expect(series.map(\.labels["http_request_method"]) == ["_OTHER"])
    }

    @Test("While telemetry is suppressed, a call makes no span")
    func suppressed() async throws {
        let context = TelemetryContext(isSuppressed: true)
        _ = try await TelemetryContext.$current.withValue(context) { try await self.send() }
        #expect(self.telemetry.finishedSpans.isEmpty)
    }

    @Test("The whole way over a pipeline: one trace, the handler a child of the call")
    func throughPipeline() async throws {
        var routes = RouteTable()
        routes.get("/api/v1/products/{id}") { _, _ in HTTPResponse(.ok) }
        let pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: PipelineFixture.internalToken),
            telemetry: self.telemetry.telemetry)
        self.transport.answer { request in
            // As in another process: nothing but the fields tells of the caller.
            await TelemetryContext.$current.withValue(TelemetryContext()) { await pipeline.respond(to: request) }
        }
        let status = try await self.telemetry.tracer.withSpan("outer") { _ in try await self.send().status }
        #expect(status == .ok)
        let trees = self.telemetry.spanTrees
        #expect(trees.count == 1)
        #expect(trees.first?.edges.count == 2)
        #expect(trees.first?.span.name == "outer")
        #expect(trees.first?.isConsistent == true)
    }

    /// The count of the one series with these labels besides method and address.
    private func count(_ labels: [String: String]) throws -> Double? {
        let fixed = ["http_request_method": "GET", "server_address": "10.0.0.7", "server_port": "8002"]
        return try self.telemetry.value(
            "http_client_request_duration_seconds_count", fixed.merging(labels) { $1 })
    }
}
