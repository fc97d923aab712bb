import HTTPCore
import JSON
import Routing
import ServiceKit
import ServiceTesting
import Telemetry
import TelemetryTesting
import Testing

/// Hand-made routes behind the real pipeline, and everything it records.
struct PipelineFixture {
    let telemetry: TestTelemetry
    let pipeline: RequestPipeline

    static let internalToken = "internal-token-of-these-tests"
    static let customer = Identity(
        userID: "0190a8b4-7c3e-7d21-9f00-000000000001", roles: [.customer], token: "customer")
    static let admin = Identity(
        userID: "0190a8b4-7c3e-7d21-9f00-000000000002", roles: [.customer, .admin], token: "admin")

    /// - Parameter internalToken: what callers must send; nil on a listener that faces strangers.
    init(
        internalToken: String? = nil, edge: (any EdgePolicy)? = nil, requestTimeout: Duration? = nil,
        remoteContext: RemoteContextPolicy = .trust, telemetry: TestTelemetry = TestTelemetry(),
        authenticator: (any Authenticator)? = FixedAuthenticator([
            Self.customer.token: Self.customer, Self.admin.token: Self.admin,
        ]),
        faults: FaultInjector? = nil,
        _ declare: (inout RouteTable) -> Void
    ) {
        self.telemetry = telemetry
        var routes = RouteTable()
        declare(&routes)
        var configuration = PipelineConfiguration(internalToken: internalToken)
        configuration.remoteContext = remoteContext
        if let requestTimeout { configuration.requestTimeout = requestTimeout }
        self.pipeline = RequestPipeline(
            routes: routes, configuration: configuration, telemetry: self.telemetry.telemetry,
            authenticator: authenticator, edge: edge, faults: faults)
    }

    @discardableResult
    func send(_ method: HTTPMethod, _ target: String, _ fields: HTTPFields = .init()) async -> HTTPResponse {
        await self.pipeline.respond(to: HTTPRequest(method, target, fields: fields))
    }

    // MARK: What was recorded

    /// The one finished span.
    var span: SpanData {
        get throws {
            let spans = self.telemetry.finishedSpans
            try #require(spans.count == 1)
            return spans[0]
        }
    }

    /// Log lines of requests and of exceptions.
    var lines: (requests: [String], exceptions: [String]) {
        let lines = self.telemetry.logLines
        func isException(_ line: String) -> Bool { line.contains(#""event.name":"exception""#) }
        return (lines.filter { !isException($0) }, lines.filter(isException))
    }

    /// The one log line of a request.
    var line: JSONObject {
        get throws {
            let lines = self.lines.requests
            try #require(lines.count == 1)
            return try #require(try JSONValue(parsing: lines[0]).object)
        }
    }

    /// The series of the duration histogram that have counted something.
    var durations: [PrometheusText.Sample] {
        get throws {
            try self.telemetry.samples().series("http_server_request_duration_seconds_count").filter { $0.value > 0 }
        }
    }
}

extension HTTPResponse {
    /// The body, which must be a JSON object.
    func object() async throws -> JSONObject {
        try #require(try JSONValue(parsing: try await self.body.collect(upTo: 1 << 20)).object)
    }
}
