import CSystem
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Console

/// Runs nothing, and says so.
private final class StubLauncher: ExperimentLauncher {
    let experiments = [ShippedExperiment(name: "one", title: "One", text: "Breaks nothing.", secondsMax: 5)]
    let started = Mutex<[String]>([])

    var state: ExperimentState {
        ExperimentState(running: self.started.withLock { $0.last }.map { .init(name: $0, phase: "running", since: 1) })
    }

    func start(_ name: String) throws {
        try self.started.withLock { started in
            guard started.isEmpty else { throw LaunchRefusal("\(started[0]) is running; one at a time.") }
            started.append(name)
        }
    }

    func stop(_ name: String) { self.started.withLock { $0.removeAll { $0 == name } } }
}

/// Answers in Prometheus' and the gateway's place: with what it was asked for.
private struct Mirror: HTTPResponder {
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        var json = JSONWriter()
        json.beginObject()
        json.field("target", request.target)
        json.field("method", request.method.name)
        json.field("cookie", request.fields[.cookie] ?? "")
        json.field("authorization", request.fields[.authorization] ?? "")
        json.endObject()
        return HTTPResponse(
            .ok, fields: [.contentType: "application/json", .setCookie: "a=b", .traceparent: "00-1-2-01"],
            body: .bytes(json.bytes))
    }
}

/// A console on free ports, and a client.
private final class Bench: Sendable {
    let console: RunningConsole
    let launcher = StubLauncher()
    private let loops: EventLoopGroup
    private let mirror: HTTPServer
    private let page: HTTPUpstream
    private let receiver: HTTPUpstream

    init(_ settings: [String: String] = [:], hasPrometheus: Bool = true) throws {
        self.loops = try EventLoopGroup(count: 1)
        let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        self.mirror = try HTTPServer(address: address, loops: self.loops.traffic, responder: Mirror())
        let mirrorURL = "http://127.0.0.1:\(self.mirror.address.port)"
        var environment = [
            "VITRINE_PORT": "0", "VITRINE_ADMIN_PORT": "0", "VITRINE_CONSOLE_OTLP_PORT": "0",
            "VITRINE_CONSOLE_GATEWAY": mirrorURL,
        ]
        if hasPrometheus { environment["VITRINE_CONSOLE_PROMETHEUS"] = mirrorURL }
        let config = ConfigReader(environment.merging(settings) { $1 })
        let parsed = ConsoleSettings(config)
        try config.validate()
        self.console = try RunningConsole.start(
            parsed,
            pages: ShippedPages(
                dashboards: [.init(uid: "d1", title: "D", tags: ["t"], text: "x", json: #"{"uid":"d1"}"#)],
                runbooks: ["A": "# A\n"]),
            launcher: self.launcher, telemetry: .disabled(), version: "test")
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4))
        let loops = self.loops
        func upstream(_ address: SocketAddress) -> HTTPUpstream {
            HTTPUpstream(
                name: "console", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: address.port)], loops: loops,
                resolver: resolver)
        }
        self.page = upstream(self.console.address)
        self.receiver = upstream(self.console.receiverAddress)
    }

    deinit { self.loops.stop() }

    func stop() async {
        await self.console.stop()
        await self.mirror.drain(within: .zero)
    }

    func send(
        _ target: String, _ method: HTTPMethod = .get, _ fields: HTTPFields = [:], authority: String? = nil
    ) async throws -> (status: Int, fields: HTTPFields, text: String) {
        var request = HTTPRequest(method, target, fields: fields)
        request.authority = authority
        let response = try await self.page.send(request, deadline: .after(.seconds(10)))
        let body = try await response.body.collect(upTo: 8 << 20)
        return (response.status.code, response.fields, String(decoding: body, as: UTF8.self))
    }

    func json(_ target: String) async throws -> JSONValue { try JSONValue(parsing: try await self.send(target).text) }

    /// The beginning of an answer that does not end.
    func open(_ target: String) async throws -> any HTTPBodyStream {
        let response = try await self.page.send(HTTPRequest(.get, target), deadline: .after(.seconds(10)))
        guard case .stream(let stream, _) = response.body else { throw Problem() }
        return stream
    }
    struct Problem: Error {}

    func export(_ signal: String, _ json: String) async throws {
        let request = HTTPRequest(
            .post, "/v1/\(signal)", fields: [.contentType: "application/json"], body: .bytes(Array(json.utf8)))
        let response = try await self.receiver.send(request, deadline: .after(.seconds(10)))
        #expect(response.status == .ok)
    }

    /// A trace of two services that has just failed, and a log line of it.
    func exportFailure() async throws {
        let now = UInt64(vitrine_realtime_nanoseconds())
        func span(_ id: String, _ parent: String, _ name: String, _ status: Int) -> String {
            """
            {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"\(id)","parentSpanId":"\(parent)","name":"\(name)",
            "kind":2,"startTimeUnixNano":"\(now - 20_000_000)","endTimeUnixNano":"\(now - 10_000_000)",
            "status":{"code":\(status)},"attributes":[{"key":"http.route","value":{"stringValue":"/<b>bold</b>"}}]}
            """
        }
        func resource(_ service: String) -> String {
            #"{"attributes":[{"key":"service.name","value":{"stringValue":"\#(service)"}}]}"#
        }
        try await self.export(
            "traces",
            """
            {"resourceSpans":[
            {"resource":\(resource("gateway")),"scopeSpans":[{"spans":[\(span("b7ad6b7169203331", "", "GET /x", 2))]}]},
            {"resource":\(resource("product")),"scopeSpans":[{"spans":[
            \(span("b7ad6b7169203332", "b7ad6b7169203331", "list", 2))]}]}]}
            """)
        try await self.export(
            "logs",
            """
            {"resourceLogs":[{"resource":\(resource("product")),"scopeLogs":[{"logRecords":[
            {"timeUnixNano":"\(now)","severityNumber":17,"body":{"stringValue":"cannot list"},
            "attributes":[{"key":"reason","value":{"stringValue":"no shelf"}}],
            "traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203332"}]}]}]}
            """)
    }
}

@Suite("A running console", .timeLimit(.minutes(2)))
struct RunningConsoleTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    @Test("What was sent is found: as overview, trace, log lines, and by Jaeger's API")
    func journey() async throws {
        let bench = try Bench(hasPrometheus: false)
        try await bench.exportFailure()
        #expect(
            try await bench.json("/console/v1/services")["services"]?.array?.compactMap(\.string) == [
                "gateway", "product",
            ])
        let found = try await bench.json("/console/v1/traces?status=error&service=product")
        #expect(found["matched"]?.int == 1)
        #expect(found["traces"]?.array?.first?["root_operation"]?.string == "GET /x")
        let trace = try await bench.json("/console/v1/traces/\(Self.trace)")
        #expect(trace["spans"]?.array?.count == 2)
        #expect(trace["log_count"]?.int == 1)
        #expect(trace["explanation"]?.array?.first?["span_id"]?.string == "b7ad6b7169203332")
        let logs = try await bench.json("/console/v1/logs?level=warn&trace_id=\(Self.trace)")
        #expect(logs["logs"]?.array?.first?["message"]?.string == "cannot list")
        #expect(logs["has_more"]?.bool == false)
        let id = try #require(logs["logs"]?.array?.first?["id"]?.int)
        #expect(try await bench.json("/console/v1/logs?before_id=\(id)&trace_id=\(Self.trace)")["logs"]?.array == [])
        for (query, count) in [
            ("q=list", 1), ("q=shelf", 1), ("q=drawer", 0), ("attribute=reason%3Dno%20shelf", 1),
            ("attribute=service.name%3Dproduct", 1), ("attribute=reason%3Dnone", 0),
        ] {
            let found = try await bench.json("/console/v1/logs?\(query)")["logs"]?.array?.count
            #expect(found == count, "\(query)")
        }
        #expect(try await bench.json("/console/v1/logs?level=fatal")["logs"]?.array?.isEmpty == true)
        let overview = try await bench.json("/console/v1/overview")
        let edge = overview["edges"]?.array?.first
        #expect(edge?["from"]?.string == "gateway")
        #expect(edge?["error_ratio"]?.double == 1)
        #expect(overview["problems"]?.array?.first?["trace_id"]?.string == Self.trace)

        #expect(try await bench.json("/api/services")["data"]?.array?.count == 2)
        let operations = try await bench.json("/api/services/product/operations")
        #expect(operations["data"]?.array?.compactMap(\.string) == ["list"])
        let tags = "%7B%22http.route%22%3A%22%2F%3Cb%3Ebold%3C%2Fb%3E%22%7D"
        let jaeger = try await bench.json(
            "/api/traces?service=gateway&tags=\(tags)&lookback=1h&limit=20&minDuration=5ms")
        #expect(jaeger["data"]?.array?.first?["traceID"]?.string == Self.trace)
        #expect(try await bench.json("/api/traces?service=gateway&minDuration=1s")["data"]?.array?.isEmpty == true)
        #expect(try await bench.json("/api/traces/\(Self.trace)")["data"]?.array?.count == 1)
        let dependencies = try await bench.json("/api/dependencies?lookback=3600000")
        #expect(dependencies["data"]?.array?.first?["callCount"]?.int == 1)
        let missing = try await bench.send("/api/traces/00000000000000000000000000000001")
        #expect(missing.status == 404)
        #expect(try JSONValue(parsing: missing.text)["errors"]?.array?.first?["code"]?.int == 404)
        let download = try await bench.send("/console/v1/traces/\(Self.trace)/otlp")
        #expect(download.fields[.contentDisposition]?.contains("attachment") == true)
        await bench.stop()
    }

    @Test(
        "A question that makes no sense is answered with what is wrong about it",
        arguments: [
            "/console/v1/traces?limit=0", "/console/v1/traces?status=maybe", "/console/v1/traces?tags=nonsense",
            "/console/v1/traces?min_ms=x", "/console/v1/traces/xyz", "/console/v1/logs?level=loud",
            "/console/v1/logs?attribute=x", "/console/v1/logs?trace_id=1", "/console/v1/live?streams=all",
            "/console/v1/overview?window=1", "/api/traces", "/api/traces?service=a&minDuration=long",
            "/api/traces?service=a&start=x",
        ])
    func nonsense(_ target: String) async throws {
        let bench = try Bench()
        let answer = try await bench.send(target)
        #expect(answer.status == 400, "\(answer.text)")
        #expect(answer.text.contains("detail") || answer.text.contains("msg"))
        await bench.stop()
    }

    @Test("The page and each of its files is served, compressed or not, and not twice; nothing else is")
    func page() async throws {
        let bench = try Bench()
        let index = try await bench.send("/")
        #expect(index.status == 200)
        #expect(index.text.contains("/app/app.js"))
        let policy = try #require(index.fields[.contentSecurityPolicy])
        #expect(policy.contains("default-src 'self'") && !policy.contains("unsafe"))
        #expect(index.fields[.xContentTypeOptions] == "nosniff")
        let files = PageFiles().files
        #expect(files.count > 12)
        var total = 0
        for (name, file) in files where name != "index.html" {
            let answer = try await bench.send("/app/\(name)")
            #expect(answer.status == 200 && Array(answer.text.utf8) == file.bytes, "\(name)")
            total += file.gzip?.count ?? file.bytes.count
        }
        // What a browser loads.
        #expect(total < 200_000, "\(total) bytes")
        let tag = try #require(index.fields[.eTag])
        #expect(try await bench.send("/", .get, [.ifNoneMatch: tag]).status == 304)
        let packed = try await bench.send("/app/core.js", .get, [.acceptEncoding: "gzip"])
        #expect(packed.fields[.contentEncoding] == "gzip")
        for path in ["/app/../Package.swift", "/app/nothing.js", "/index.html", "/app/"] {
            #expect(try await bench.send(path).status == 404, "\(path)")
        }
        await bench.stop()
    }

    @Test("Every file of the page is built in")
    func embedded() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Sources/Console/Page"
        let names = try #require(PageFolder.names(folder))
        #expect(Set(PageFiles().files.keys) == Set(names))
    }

    @Test("Without a token only this machine's names are answered to, and changes need the field of the page")
    func loopback() async throws {
        let bench = try Bench()
        #expect(try await bench.send("/console/v1/services", authority: "evil.example:8005").status == 421)
        #expect(try await bench.send("/console/v1/services", authority: "127.0.0.1.evil.example").status == 421)
        for name in ["localhost:8005", "127.0.0.1", "[::1]:8005"] {
            #expect(try await bench.send("/console/v1/services", authority: name).status == 200, "\(name)")
        }
        #expect(try await bench.send("/console/v1/chaos/experiments/one", .post).status == 403)
        #expect(bench.launcher.started.withLock { $0 } == [])
        let page: HTTPFields = [ConsoleAccess.field: "1"]
        #expect(try await bench.send("/console/v1/chaos/experiments/one", .post, page).status == 202)
        #expect(try await bench.send("/console/v1/chaos/experiments/one", .post, page).status == 409)
        #expect(try await bench.send("/console/v1/chaos/experiments/two", .post, page).status == 404)
        #expect(try await bench.json("/console/v1/chaos")["running"]?["name"]?.string == "one")
        #expect(try await bench.send("/console/v1/chaos/experiments/one", .delete, page).status == 204)
        #expect(bench.launcher.started.withLock { $0 } == [])
        await bench.stop()
    }

    @Test("With a token nobody is answered without it, as bearer or cookie, whatever the name")
    func token() async throws {
        let bench = try Bench(["VITRINE_CONSOLE_TOKEN": "0123456789abcdef"])
        #expect(try await bench.send("/").status == 401)
        #expect(try await bench.send("/console/v1/services").status == 401)
        let wrong: HTTPFields = [.authorization: "Bearer 0123456789abcdeg"]
        #expect(try await bench.send("/console/v1/services", .get, wrong).status == 401)
        let right: HTTPFields = [.authorization: "Bearer 0123456789abcdef"]
        #expect(try await bench.send("/console/v1/services", .get, right, authority: "shop.example").status == 200)
        #expect(try await bench.send("/login?token=nonsense").status == 401)
        let login = try await bench.send("/login?token=0123456789abcdef")
        #expect(login.status == 303)
        let cookie = try #require(login.fields[.setCookie])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let pair = String(cookie.prefix { $0 != ";" })
        let shop: HTTPFields = [.cookie: "x=1; \(pair)", .authorization: "Bearer of-the-shop"]
        let forwarded = try await bench.send("/shop/api/v1/cart", .get, shop)
        #expect(forwarded.status == 200)
        let mirrored = try JSONValue(parsing: forwarded.text)
        #expect(mirrored["authorization"]?.string == "Bearer of-the-shop")
        #expect(mirrored["cookie"]?.string == "")
        // The console's own goes no further.
        let own = try JSONValue(parsing: try await bench.send("/shop/api/v1/cart", .get, right).text)
        #expect(own["authorization"]?.string == "")
        await bench.stop()
    }

    @Test("A listener for others needs a token")
    func exposed() {
        let config = ConfigReader(["VITRINE_HOST": "0.0.0.0"])
        _ = ConsoleSettings(config)
        #expect(throws: ConfigurationError.self) { try config.validate() }
    }

    @Test("Prometheus is asked questions alone; the gateway is passed everything; what is not there is said")
    func forwarding() async throws {
        let bench = try Bench()
        let asked = try await bench.json("/prometheus/api/v1/query_range?query=up&start=1")
        #expect(asked["target"]?.string == "/api/v1/query_range?query=up&start=1")
        #expect(
            try await bench.json("/prometheus/api/v1/label/job/values")["target"]?.string == "/api/v1/label/job/values")
        for path in [
            "/-/quit", "/api/v1/admin/tsdb/delete_series", "/api/v1/status/config", "/graph", "/api/v1/query/../x",
        ] {
            #expect(try await bench.send("/prometheus\(path)").status == 404, "\(path)")
        }
        let shop = try await bench.send("/shop/api/v1/products?limit=2")
        #expect(shop.text.contains("/api/v1/products?limit=2"))
        #expect(shop.fields[.traceparent] != nil)
        #expect(shop.fields[.setCookie] == nil)
        await bench.stop()
        let alone = try Bench(hasPrometheus: false)
        #expect(try await alone.send("/prometheus/api/v1/query?query=up").status == 503)
        #expect(try await alone.json("/console/v1/alerts")["is_reachable"]?.bool == false)
        await alone.stop()
    }

    @Test("Dashboards and runbooks are shown as they are shipped")
    func shipped() async throws {
        let bench = try Bench()
        #expect(try await bench.json("/console/v1/dashboards")["dashboards"]?.array?.first?["uid"]?.string == "d1")
        #expect(try await bench.send("/console/v1/dashboards/d1").text == #"{"uid":"d1"}"#)
        #expect(try await bench.send("/console/v1/dashboards/d2").status == 404)
        #expect(try await bench.send("/console/v1/runbooks/A").text == "# A\n")
        await bench.stop()
    }

    @Test("With a folder for it, what was held is there again after a restart; without one it is not")
    func restart() async throws {
        let folder = TemporaryFolder()
        let settings = ["VITRINE_CONSOLE_DATA": folder.path]
        let first = try Bench(settings)
        try await first.exportFailure()
        await first.stop()
        let second = try Bench(settings)
        #expect(try await second.json("/console/v1/traces/\(Self.trace)")["spans"]?.array?.count == 2)
        #expect(try await second.json("/console/v1/logs")["logs"]?.array?.count == 1)
        await second.stop()
        let forgetful = try Bench()
        #expect(try await forgetful.send("/console/v1/traces/\(Self.trace)").status == 404)
        await forgetful.stop()
    }

    @Test("A page that listens is told of a trace, a log line and the overview as they come")
    func live() async throws {
        let bench = try Bench(hasPrometheus: false)
        let stream = try await bench.open("/console/v1/live?streams=overview,traces,logs&level=error")
        try await bench.exportFailure()
        var text = ""
        while !["event: overview", "event: trace\n", "event: log"].allSatisfy({ text.contains($0) }) {
            let piece = try #require(try await stream.next())
            text += String(decoding: piece, as: UTF8.self)
        }
        #expect(text.contains("cannot list"))
        #expect(text.contains("\"trace_id\":\"\(Self.trace)\""))
        stream.cancel()
        await bench.stop()
    }
}

/// The names of a folder's files.
private enum PageFolder {
    static func names(_ path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
