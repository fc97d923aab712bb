import HTTPCore
import JSON
import Routing
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@Suite("What a request leaves in the telemetry")
struct RequestTelemetryTests {
    private struct Unforeseen: Error {}

    /// How a handler may end, and what that is called.
    struct Outcome: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        var errorType: String?
        var message: String?
        let handler: Handler
        var testDescription: String { self.name }
    }

    static let outcomes: [Outcome] = [
        Outcome(name: "200", status: 200) { _, _ in HTTPResponse(.ok) },
        Outcome(name: "304", status: 304) { _, _ in HTTPResponse(.notModified) },
        Outcome(name: "404 answered", status: 404) { _, _ in HTTPResponse(.notFound) },
        Outcome(name: "404 thrown", status: 404, message: "No such thing.") { _, _ in
            throw Problem.notFound("No such thing.")
        },
        Outcome(name: "409 of a kind", status: 409, message: "Gone.") { _, _ in
            throw Problem.conflict("out-of-stock", "Gone.")
        },
        Outcome(name: "502 answered", status: 502, errorType: "502") { _, _ in HTTPResponse(.badGateway) },
        Outcome(name: "503 thrown", status: 503, errorType: "503", message: "Busy.") { _, _ in
            throw Problem.unavailable("Busy.")
        },
        Outcome(name: "503 of a kind", status: 503, errorType: "store-busy", message: "Busy.") { _, _ in
            throw Problem.unavailable("Busy.", code: "store-busy")
        },
        Outcome(
            name: "500 unforeseen", status: 500, errorType: String(reflecting: Unforeseen.self), message: "Unforeseen()"
        ) { _, _ in throw Unforeseen() },
    ]

    private func fixture(_ outcome: Outcome) -> PipelineFixture {
        PipelineFixture { $0.get("/things/{id}", outcome.handler) }
    }

    @Test("The server span tells route, status and failure", arguments: Self.outcomes)
    func span(outcome: Outcome) async throws {
        let fixture = self.fixture(outcome)
        let response = await fixture.send(
            .get, "/things/7?colour=red&page=2", [.userAgent: "curl/8", .xRequestID: "r-1"])
        #expect(response.status.code == outcome.status)
        let span = try fixture.span
        #expect(span.name == "GET /things/{id}")
        #expect(span.kind == .server)
        #expect(!span.parentSpanID.isValid)
        #expect(span["http.request.method"] == .string("GET"))
        #expect(span["http.route"] == .string("/things/{id}"))
        #expect(span["url.path"] == .string("/things/7"))
        #expect(span["url.query"] == .string("colour=red&page=2"))
        #expect(span["url.scheme"] == .string("http"))
        #expect(span["http.response.status_code"] == .int(outcome.status))
        #expect(span["user_agent.original"] == .string("curl/8"))
        #expect(span["shop.request.id"] == .string("r-1"))
        #expect(span["error.type"] == outcome.errorType.map { .string($0) })
        #expect(span["client.address"] == nil)
    }

    @Test("A 4xx leaves the span's status unset, a 5xx makes it an error", arguments: Self.outcomes)
    func spanStatus(outcome: Outcome) async throws {
        let fixture = self.fixture(outcome)
        await fixture.send(.get, "/things/7")
        #expect(try fixture.span.status == (outcome.status < 500 ? .unset : .error(outcome.message ?? "")))
    }

    @Test("Span, log line and histogram tell the same story", arguments: Self.outcomes)
    func agreement(outcome: Outcome) async throws {
        let fixture = self.fixture(outcome)
        await fixture.send(.get, "/things/7?a=b", [.userAgent: "curl/8"])
        let span = try fixture.span
        let line = try fixture.line
        #expect(line["trace_id"]?.string == span.context.traceID.description)
        #expect(line["span_id"]?.string == span.context.spanID.description)
        for attribute in span.attributes {
            switch attribute.value {
            case .string(let text): #expect(line[attribute.key]?.string == text)
            case .int(let number): #expect(line[attribute.key]?.int == number)
            default: Issue.record("\(attribute.key) has an unexpected type")
            }
        }
        #expect(line["message"]?.string == (outcome.status < 500 ? "request" : "request failed"))
        #expect(line["severity"]?.string == (outcome.status < 500 ? "INFO" : "ERROR"))
        #expect(line["error.message"]?.string == outcome.message)
        #expect(line["shop.request.duration_us"]?.int == Int(span.durationNanoseconds / 1_000))

        let durations = try fixture.durations
        #expect(durations.count == 1)
        var labels = [
            "http_request_method": "GET", "http_route": "/things/{id}", "url_scheme": "http",
            "http_response_status_code": String(outcome.status),
        ]
        labels["error_type"] = outcome.errorType
        #expect(durations.first?.labels == labels)
        let sum = try fixture.telemetry.value("http_server_request_duration_seconds_sum", labels) ?? -1
        #expect(abs(sum - Double(span.durationNanoseconds) / 1e9) < 1e-9)
    }

    @Test("A path without a route has neither route nor path in name and series")
    func unknownPath() async throws {
        let fixture = PipelineFixture { _ in }
        await fixture.send(.get, "/no/such/path")
        let span = try fixture.span
        #expect(span.name == "GET")
        #expect(span["http.route"] == nil)
        #expect(span["url.path"] == .string("/no/such/path"))
        #expect(
            try fixture.durations.map(\.labels) == [
                ["http_request_method": "GET", "http_response_status_code": "404", "url_scheme": "http"]
            ])
    }

    @Test("A method nobody knows makes no series of its own: _OTHER, and the span is called HTTP")
    func unknownMethod() async throws {
        let fixture = PipelineFixture { $0.get("/things") { _, _ in HTTPResponse(.ok) } }
        await fixture.send(.other("BREW"), "/things")
        let span = try fixture.span
        #expect(span.name == "HTTP")
        #expect(span["http.request.method"] == .string("_OTHER"))
        #expect(span["http.request.method_original"] == .string("BREW"))
        #expect(
            try fixture.durations.map(\.labels) == [
                ["http_request_method": "_OTHER", "http_response_status_code": "405", "url_scheme": "http"]
            ])
    }

    @Test("HEAD answered by a GET route is named HEAD everywhere")
    func head() async throws {
        let fixture = PipelineFixture { $0.get("/things") { _, _ in HTTPResponse(.ok) } }
        let response = await fixture.send(.head, "/things")
        #expect(response.status == .ok)
        let span = try fixture.span
        #expect(span.name == "HEAD /things")
        #expect(span["http.request.method"] == .string("HEAD"))
        #expect(span["http.route"] == .string("/things"))
        #expect(try fixture.durations.first?.labels["http_request_method"] == "HEAD")
    }

    @Test("The request counts as active while its handler runs, and no longer")
    func active() async throws {
        let telemetry = TestTelemetry()
        var routes = RouteTable()
        let labels = ["http_request_method": "POST", "url_scheme": "http"]
        routes.post("/things") { _, _ in
            #expect(try telemetry.value("http_server_active_requests", labels) == 1)
            throw Unforeseen()
        }
        let pipeline = RequestPipeline(
            routes: routes, configuration: .init(internalToken: nil), telemetry: telemetry.telemetry)
        _ = await pipeline.respond(to: HTTPRequest(.post, "/things"))
        #expect(try telemetry.value("http_server_active_requests", labels) == 0)
    }

    @Test("Spans and lines of a handler belong to its request")
    func nesting() async throws {
        let fixture = PipelineFixture {
            $0.get("/things") { _, context in
                context.telemetry.tracer.withSpan("inner") { _ in context.telemetry.log.info("in it") }
                return HTTPResponse(.ok)
            }
        }
        await fixture.send(.get, "/things")
        #expect(fixture.telemetry.spanTrees.map(\.outline) == ["GET /things\n  inner"])
        let inner = try #require(fixture.telemetry.span(named: "inner"))
        #expect(fixture.telemetry.logLines.first?.contains(inner.context.spanID.description) == true)
    }

    @Test("A route that is not observed leaves no span, no line and no series, and its own work leaves no span either")
    func unobserved() async throws {
        let fixture = PipelineFixture {
            $0.add(.get, "/probe", isObserved: false) { _, context in
                context.telemetry.tracer.withSpan("inner") { _ in }
                return HTTPResponse(.ok)
            }
            $0.add(.get, "/broken", isObserved: false) { _, _ in throw Unforeseen() }
        }
        #expect(await fixture.send(.get, "/probe").status == .ok)
        let broken = await fixture.send(.get, "/broken")
        #expect(broken.status == .internalServerError)
        #expect(try await broken.object()["trace_id"] == nil)
        #expect(fixture.telemetry.finishedSpans.isEmpty)
        #expect(fixture.telemetry.logLines.isEmpty)
        #expect(try fixture.durations.isEmpty)
    }

    @Test("Every request ends once, however many come at the same time")
    func concurrent() async throws {
        let fixture = PipelineFixture {
            $0.get("/things/{id}") { _, context in
                if try context.parameter("id").hasSuffix("3") { throw Unforeseen() }
                return HTTPResponse(.ok)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 { group.addTask { await fixture.send(.get, "/things/\(number)") } }
        }
        #expect(fixture.telemetry.finishedSpans.count == 200)
        #expect(fixture.lines.requests.count == 200)
        // What nobody foresaw leaves its exception behind.
        #expect(fixture.lines.exceptions.count == 20)
        #expect(fixture.lines.exceptions.allSatisfy { $0.contains("Unforeseen") && $0.contains("ERROR") })
        #expect(try fixture.durations.map(\.value).sorted() == [20, 180])
    }
}
