import Compression
import HTTPCore
import JSON
import Protobuf
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Console

/// Takes everything, and keeps it.
private final class Basket: TelemetrySink {
    let spans = Mutex<[ReceivedSpan]>([])
    let logs = Mutex<[ReceivedLog]>([])
    let metrics = Mutex<[ReceivedMetric]>([])

    func take(_ spans: [ReceivedSpan]) -> Admission {
        self.spans.withLock { $0 += spans }
        return .all
    }
    func take(_ logs: [ReceivedLog]) -> Admission {
        self.logs.withLock { $0 += logs }
        return .all
    }
    func take(_ metrics: [ReceivedMetric]) -> Admission {
        self.metrics.withLock { $0 += metrics }
        return .all
    }
}

@Suite("The receiver of OTLP")
struct ReceiverTests {
    fileprivate let basket = Basket()
    private let receiver: OTLPReceiver

    init() { self.receiver = OTLPReceiver(sink: self.basket, telemetry: .disabled()) }

    fileprivate func send(
        _ path: String, _ body: [UInt8], _ type: String? = "application/json", encoding: String? = nil,
        _ method: HTTPMethod = .post
    ) async throws -> (status: Int, fields: HTTPFields, body: [UInt8]) {
        var fields = HTTPFields()
        if let type { fields.append(.contentType, type) }
        if let encoding { fields.append(.contentEncoding, encoding) }
        let response = await self.receiver.respond(
            to: HTTPRequest(method, path, fields: fields, body: .bytes(body)))
        return (response.status.code, response.fields, try await response.body.collect(upTo: 1 << 20))
    }

    /// What the specification's own example has: a span with a parent, an event, a link, and attributes of each type.
    private static let traces = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]},
        "scopeSpans":[{"scope":{"name":"my.library","version":"1.0.0","attributes":[
        {"key":"my.scope.attribute","value":{"stringValue":"some scope attribute"}}]},
        "spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
        "parentSpanId":"EEE19B7EC3C1B173","name":"I'm a server span","startTimeUnixNano":"1544712660000000000",
        "endTimeUnixNano":"1544712661000000000","kind":2,"attributes":[
        {"key":"text","value":{"stringValue":"some value"}},{"key":"count","value":{"intValue":"10"}},
        {"key":"number","value":{"intValue":-3}},{"key":"ratio","value":{"doubleValue":637.704}},
        {"key":"flag","value":{"boolValue":true}},{"key":"raw","value":{"bytesValue":"AQID"}},
        {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"many"},{"stringValue":"values"}]}}},
        {"key":"map","value":{"kvlistValue":{"values":[{"key":"some.map.key","value":{"stringValue":"v"}}]}}}],
        "events":[{"timeUnixNano":"1544712660500000000","name":"an event","attributes":[]}],
        "links":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B175"}],
        "status":{"code":2,"message":"no"},"flags":1,"aFieldOfTomorrow":{"x":[1]}}]}]}]}
        """

    private static var expected: ReceivedSpan {
        var span = ReceivedSpan(
            traceID: TraceID(hex: "5b8efff798038103d269b633813fc60c")!, spanID: SpanID(hex: "eee19b7ec3c1b174")!,
            parentID: SpanID(hex: "eee19b7ec3c1b173")!, name: "I'm a server span", kind: .server,
            start: 1_544_712_660_000_000_000, end: 1_544_712_661_000_000_000, resource: Made.resource("my.service"),
            scope: ReceivedScope(
                name: "my.library", version: "1.0.0",
                attributes: [ReceivedAttribute("my.scope.attribute", .string("some scope attribute"))]))
        span.attributes = [
            ReceivedAttribute("text", .string("some value")), ReceivedAttribute("count", .int(10)),
            ReceivedAttribute("number", .int(-3)), ReceivedAttribute("ratio", .double(637.704)),
            ReceivedAttribute("flag", .bool(true)), ReceivedAttribute("raw", .bytes([1, 2, 3])),
            ReceivedAttribute("list", .array([.string("many"), .string("values")])),
            ReceivedAttribute("map", .map([ReceivedAttribute("some.map.key", .string("v"))])),
        ]
        span.events = [.init(name: "an event", time: 1_544_712_660_500_000_000)]
        span.links = [.init(traceID: span.traceID, spanID: SpanID(hex: "eee19b7ec3c1b175")!)]
        span.status = .error
        span.statusMessage = "no"
        span.flags = 1
        return span
    }

    /// The same in Protobuf.
    private static var protobuf: [UInt8] {
        var item = OTLP.Span()
        let span = Self.expected
        item.traceID = Self.bytes(span.traceID.high) + Self.bytes(span.traceID.low)
        item.spanID = Self.bytes(span.spanID.rawValue)
        item.parentID = Self.bytes(0xeee1_9b7e_c3c1_b173)
        item.name = span.name
        item.kind = 2
        (item.start, item.end) = (span.start, span.end)
        item.attributes = span.attributes.map { OTLP.Pair($0) }
        var event = OTLP.Event()
        (event.name, event.time) = ("an event", 1_544_712_660_500_000_000)
        item.events = [event]
        var link = OTLP.Link()
        (link.traceID, link.spanID) = (item.traceID, Self.bytes(0xeee1_9b7e_c3c1_b175))
        item.links = [link]
        (item.status.code, item.status.message, item.flags) = (2, "no", 1)
        var scoped = OTLP.Scoped<OTLP.Span>()
        scoped.scope.name = "my.library"
        scoped.scope.version = "1.0.0"
        scoped.scope.attributes = span.scope.attributes.map { OTLP.Pair($0) }
        scoped.items = [item]
        var origin = OTLP.Origin<OTLP.Span>()
        origin.resource.attributes = span.resource.attributes.map { OTLP.Pair($0) }
        origin.scopes = [scoped]
        var request = OTLP.Request<OTLP.Span>()
        request.origins = [origin]
        return request.bytes
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }

    // MARK: What is taken

    @Test("A span as JSON")
    func json() async throws {
        let answer = try await self.send("/v1/traces", Array(Self.traces.utf8), "application/json; charset=utf-8")
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "{}")
        #expect(self.basket.spans.withLock { $0 } == [Self.expected])
    }

    @Test("The same as Protobuf, plain and gzip, answered in Protobuf", arguments: [nil, "gzip"])
    func protobuf(_ encoding: String?) async throws {
        let body = encoding == nil ? Self.protobuf : try #require(Gzip.compress(Self.protobuf))
        let answer = try await self.send("/v1/traces", body, "application/x-protobuf", encoding: encoding)
        #expect(answer.status == 200)
        #expect(answer.fields[.contentType] == "application/x-protobuf")
        #expect(answer.body == [])
        #expect(self.basket.spans.withLock { $0 } == [Self.expected])
    }

    @Test("Log records, with what is said of them, and what is not")
    func logs() async throws {
        let body = """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
            {"timeUnixNano":"5","severityNumber":17,"severityText":"ERROR","body":{"stringValue":"it broke"},
            "attributes":[{"key":"event.name","value":{"stringValue":"broken"}}],
            "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"},
            {"observedTimeUnixNano":7,"severityNumber":99,"body":{"kvlistValue":{"values":[]}},"traceId":""}]}]}]}
            """
        #expect(try await self.send("/v1/logs", Array(body.utf8)).status == 200)
        let logs = self.basket.logs.withLock { $0 }
        #expect(logs.map(\.time) == [5, 7])
        #expect(logs.map(\.severity) == [17, 0])
        #expect(logs[0].eventName == "broken")
        #expect(logs[0].traceID?.description == "5b8efff798038103d269b633813fc60c")
        #expect(logs[1].traceID == nil)
        #expect(logs[1].resource.service == "unknown_service")
    }

    @Test("Points of all five kinds of metrics")
    func metrics() async throws {
        let body = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
            {"name":"a","unit":"1","gauge":{"dataPoints":[{"asDouble":1.5,"timeUnixNano":"3"}]}},
            {"name":"b","sum":{"dataPoints":[{"asInt":"7"}]}},
            {"name":"c","histogram":{"dataPoints":[{"count":"4","sum":2.5}]}},
            {"name":"d","exponentialHistogram":{"dataPoints":[{"count":5}]}},
            {"name":"e","summary":{"dataPoints":[{"count":"6","sum":1}]}},{"name":""}]}]}]}
            """
        let answer = try await self.send("/v1/metrics", Array(body.utf8))
        let json = try JSONValue(parsing: answer.body)
        #expect(json["partialSuccess"]?["rejectedDataPoints"]?.string == "1")
        #expect(json["partialSuccess"]?["errorMessage"]?.string == "a metric must have a name")
        #expect(
            self.basket.metrics.withLock { $0.map(\.point) } == [
                .number(1.5), .number(7), .distribution(count: 4, sum: 2.5), .distribution(count: 5, sum: nil),
                .distribution(count: 6, sum: 1),
            ])
    }

    @Test("What our own exporter sends is taken whole")
    func ownExporter() async throws {
        let transport = RecordingTransport()
        let telemetry = Telemetry(
            TelemetryConfiguration(serviceName: "gateway", serviceVersion: "1"), logSink: .discard,
            transport: transport)
        let span = telemetry.tracer.startSpan("GET /", kind: .server)
        telemetry.finish(span, "request", attributes: [.httpRoute("/")])
        await telemetry.flush()
        for request in transport.requests {
            #expect(try await self.send("/v1/traces", request.body).status == 200)
        }
        #expect(self.basket.spans.withLock { $0.map(\.name) } == ["GET /"])
        #expect(self.basket.spans.withLock { $0.first?.resource.service } == "gateway")
    }

    // MARK: What is not

    @Test("Spans without a valid id are refused, the rest is taken, and both encodings say so")
    func partialSuccess() async throws {
        let body = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"good"},
            {"traceId":"00000000000000000000000000000000","spanId":"eee19b7ec3c1b174","name":"zero"},
            {"traceId":"5b8e","spanId":"eee19b7ec3c1b174","name":"short"},
            {"traceId":"zz8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"no hex"}]}]}]}
            """
        let answer = try await self.send("/v1/traces", Array(body.utf8))
        #expect(answer.status == 200)
        let json = try JSONValue(parsing: answer.body)["partialSuccess"]
        #expect(json?["rejectedSpans"]?.string == "3")
        #expect(json?["errorMessage"]?.string?.contains("trace id must be 16 bytes") == true)
        #expect(self.basket.spans.withLock { $0.map(\.name) } == ["good"])

        var request = OTLP.Request<OTLP.Span>()
        var origin = OTLP.Origin<OTLP.Span>()
        var scoped = OTLP.Scoped<OTLP.Span>()
        scoped.items = [OTLP.Span()]
        origin.scopes = [scoped]
        request.origins = [origin]
        let binary = try await self.send("/v1/traces", request.bytes, "application/x-protobuf")
        #expect(binary.status == 200)
        #expect(try OTLP.Answer(decoding: binary.body).partial?.refused == 1)
    }

    @Test("What cannot be read is 400 and says why; what is not known, too large or no POST says that")
    func refusals() async throws {
        #expect(try await self.send("/v1/traces", Array("nonsense".utf8)).status == 400)
        #expect(try await self.send("/v1/traces", Array("[]".utf8)).status == 400)
        #expect(try await self.send("/v1/traces", Array("{}".utf8), "application/json", encoding: "gzip").status == 400)
        #expect(try await self.send("/v1/traces", Array("{}".utf8), "application/json", encoding: "br").status == 415)
        #expect(try await self.send("/v1/traces", [], "text/plain").status == 415)
        #expect(try await self.send("/v1/traces", [], nil).status == 415)
        #expect(try await self.send("/v1/nothing", []).status == 404)
        let get = try await self.send("/v1/traces", [], "application/json", .get)
        #expect(get.status == 405)
        #expect(get.fields[.allow] == "POST")
        let broken = try await self.send("/v1/traces", [0xFF, 0xFF], "application/x-protobuf")
        #expect(broken.status == 400)
        #expect(broken.fields[.contentType] == "application/x-protobuf")
        let large = [UInt8](repeating: 0x20, count: OTLPReceiver.bodyBytesMax + 1)
        #expect(try await self.send("/v1/traces", large).status == 413)
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0x20, count: OTLPReceiver.expandedBytesMax + 1)))
        #expect(bomb.count < 200_000)
        #expect(try await self.send("/v1/traces", bomb, "application/json", encoding: "gzip").status == 413)
    }

    @Test("A body cut off anywhere is refused, or taken for a shorter one; never more")
    func everyTruncation() async throws {
        let whole = Self.protobuf
        for count in 0..<whole.count {
            let answer = try await self.send("/v1/traces", Array(whole[..<count]), "application/x-protobuf")
            #expect(answer.status == 200 || answer.status == 400, "\(count) bytes")
        }
        #expect(self.basket.spans.withLock { $0.count } <= 1)
    }

    @Test("A body with bytes changed is answered", arguments: 0..<8)
    func mutations(_ seed: UInt64) async throws {
        var state = seed &+ 99
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<200 {
            var body = Self.protobuf
            for _ in 0..<(1 + next() % 4) { body[next() % body.count] = UInt8(next() & 0xFF) }
            let status = try await self.send("/v1/traces", body, "application/x-protobuf").status
            #expect(status == 200 || status == 400)
            var text = Array(Self.traces.utf8)
            for _ in 0..<(1 + next() % 4) { text[next() % text.count] = UInt8(next() & 0xFF) }
            let other = try await self.send("/v1/traces", text).status
            #expect(other == 200 || other == 400)
        }
    }

    @Test("What is too long is cut, what is too deep or too much is left out")
    func limits() async throws {
        let long = String(repeating: "ä", count: 50_000)
        let many = (0..<300).map { #"{"key":"k\#($0)","value":{"intValue":1}}"# }.joined(separator: ",")
        var deep = #"{"stringValue":"end"}"#
        for _ in 0..<20 { deep = #"{"arrayValue":{"values":[\#(deep)]}}"# }
        func body(_ attributes: String) -> [UInt8] {
            Array(
                """
                {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
                "spanId":"eee19b7ec3c1b174","name":"x","attributes":[\(attributes)]}]}]}]}
                """.utf8)
        }
        for attributes in [
            #"{"key":"long","value":{"stringValue":"\#(long)"}}"#, many, #"{"key":"deep","value":\#(deep)}"#,
        ] {
            #expect(try await self.send("/v1/traces", body(attributes)).status == 200)
        }
        let spans = self.basket.spans.withLock { $0 }
        try #require(spans.count == 3)
        #expect(spans[0].attributes[0].value.text.utf8.count == Intake.textBytesMax)
        #expect(spans[1].attributes.count == Intake.attributesMax)
        #expect(spans[1].droppedAttributes == 44)
        #expect(!spans[2].attributes[0].value.text.contains("end"))
    }
}

extension ReceiverTests {
    @Test("What Alertmanager posts is a log record for each alert; what is none is refused")
    func alerts() async throws {
        let body = """
            {"version":"4","alerts":[
            {"status":"firing","labels":{"alertname":"ServiceDown","severity":"page","service":"cart"},
            "annotations":{"summary":"cart is down"}},
            {"status":"resolved","labels":{"alertname":"LoadShedding","severity":"ticket"},"annotations":{}}]}
            """
        #expect(try await self.send("/alerts", Array(body.utf8)).status == 204)
        let logs = self.basket.logs.withLock { $0 }
        #expect(logs.map(\.body) == [.string("cart is down"), .string("over: LoadShedding")])
        #expect(logs.map(\.severity) == [17, 9])
        #expect(logs.map(\.eventName) == ["alert.firing", "alert.resolved"])
        #expect(logs.first?.resource.service == "alertmanager")
        #expect(logs.first?.attributes["alert.service"] == .string("cart"))
        for nonsense in ["{}", "nonsense", "[]"] {
            #expect(try await self.send("/alerts", Array(nonsense.utf8)).status == 400)
        }
        #expect(try await self.send("/alerts", Array(body.utf8), "text/plain").status == 415)
    }
}
