import Compression
import HTTPCore
import JSON
import Protobuf
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Console

@Suite("The receiver of OTLP")
struct OTLPReceiverTests {
    private static let trace = """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",\
        "spanId":"eee19b7ec3c1b174"}]}]}]}
        """
    private static let halfGood = """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",\
        "spanId":"eee19b7ec3c1b174"},{"spanId":"eee19b7ec3c1b174"}]}]}]}
        """

    private let test = TestTelemetry()

    private func receiver(
        _ sink: RecordingSink, _ change: (inout OTLPLimits) -> Void = { _ in }
    ) -> OTLPReceiver {
        var limits = OTLPLimits()
        change(&limits)
        return OTLPReceiver(sink: sink, telemetry: self.test.telemetry, limits: limits) { Decoding.now }
    }

    private static func post(
        _ path: String, _ body: [UInt8], _ type: String = "application/json", coding: String? = nil
    ) -> HTTPRequest {
        var request = HTTPRequest(.post, path, fields: [.contentType: type], body: .bytes(body))
        if let coding { request.fields.append(.contentEncoding, coding) }
        return request
    }

    private static func body(_ response: HTTPResponse) async throws -> [UInt8] {
        try await response.body.collect(upTo: 1 << 20)
    }

    private static func text(_ response: HTTPResponse) async throws -> String {
        String(decoding: try await self.body(response), as: UTF8.self)
    }

    // MARK: Who may send

    @Test(
        "A page of a web site may send nothing, whatever name it gives this machine",
        arguments: [
            "origin", "sec-fetch-site",
        ])
    func pages(_ field: HTTPFieldName) async {
        let sink = RecordingSink()
        for path in ["/v1/traces", "/alerts"] {
            var request = Self.post(path, Array(Self.trace.utf8))
            request.fields.append(field, "http://evil.example:4318")
            #expect(await self.receiver(sink).respond(to: request).status == .forbidden)
        }
        #expect(sink.spans.isEmpty)
    }

    @Test("A body that trickles in for longer than it may is to come again, and its place is free")
    func trickle() async throws {
        final class Trickle: HTTPBodyStream {
            let pieces = Mutex(100)
            let clock: Mutex<UInt64>
            init() { self.clock = Mutex(Decoding.now) }
            var trailers: HTTPFields? { nil }
            func next() async throws -> [UInt8]? {
                self.clock.withLock { $0 += 1_000_000_000 }
                return self.pieces.withLock { left in
                    left -= 1
                    return left < 0 ? nil : [0x20]
                }
            }
            func cancel() { self.pieces.withLock { $0 = -1 } }
        }
        let stream = Trickle()
        var limits = OTLPLimits()
        limits.requestsMax = 1
        let sink = RecordingSink()
        let receiver = OTLPReceiver(sink: sink, telemetry: self.test.telemetry, limits: limits) {
            stream.clock.withLock { $0 }
        }
        var request = Self.post("/v1/traces", [])
        request.body = .stream(stream, length: nil)
        let answer = await receiver.respond(to: request)
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.fields[.retryAfter] == "1")
        #expect(stream.pieces.withLock { $0 } == -1)
        #expect(await receiver.respond(to: Self.post("/v1/traces", Array(Self.trace.utf8))).status == .ok)
    }

    // MARK: What is taken

    @Test("Each signal in Protobuf goes to the sink, and the answer is an empty message")
    func protobuf() async throws {
        let sink = RecordingSink()
        let receiver = self.receiver(sink)
        for (path, body) in [
            ("/v1/traces", Golden.traces), ("/v1/logs", Golden.logs), ("/v1/metrics", Golden.metrics),
        ] {
            let answer = await receiver.respond(to: Self.post(path, body, "application/x-protobuf"))
            #expect(answer.status == .ok)
            #expect(answer.fields[.contentType] == "application/x-protobuf")
            #expect(try await Self.body(answer) == [])
        }
        #expect(sink.spans.count == 2)
        #expect(sink.logs.count == 2)
        #expect(sink.metrics.count == 5)
    }

    @Test("JSON is taken with parameters of its type, and the answer is an empty object")
    func json() async throws {
        let sink = RecordingSink()
        let request = Self.post("/v1/traces", Array(Self.trace.utf8), "Application/JSON; charset=utf-8")
        let answer = await self.receiver(sink).respond(to: request)
        #expect(answer.status == .ok)
        #expect(answer.fields[.contentType] == "application/json")
        #expect(try await Self.text(answer) == "{}")
        #expect(sink.spans.map(\.spanID) == [.child])
    }

    @Test("A request without items is taken and hands the sink nothing")
    func empty() async throws {
        let sink = RecordingSink()
        let receiver = self.receiver(sink)
        #expect(await receiver.respond(to: Self.post("/v1/logs", Array("{}".utf8))).status == .ok)
        #expect(await receiver.respond(to: Self.post("/v1/logs", [], "application/x-protobuf")).status == .ok)
        #expect(sink.batches == 0)
    }

    @Test("A compressed body is expanded", arguments: ["gzip", "GZIP", "x-gzip"])
    func gzip(_ coding: String) async throws {
        let sink = RecordingSink()
        let body = try #require(Gzip.compress(Golden.traces))
        let answer = await self.receiver(sink).respond(
            to: Self.post("/v1/traces", body, "application/x-protobuf", coding: coding))
        #expect(answer.status == .ok)
        #expect(sink.spans.count == 2)
    }

    @Test("Identity is no compression")
    func identity() async {
        let sink = RecordingSink()
        let request = Self.post("/v1/traces", Array(Self.trace.utf8), coding: "identity")
        #expect(await self.receiver(sink).respond(to: request).status == .ok)
        #expect(sink.spans.count == 1)
    }

    // MARK: What is taken in part

    @Test("Spans that are no good are counted in JSON, and the rest is taken")
    func partialJSON() async throws {
        let sink = RecordingSink()
        let answer = await self.receiver(sink).respond(to: Self.post("/v1/traces", Array(Self.halfGood.utf8)))
        #expect(answer.status == .ok)
        let partial = try JSONValue(parsing: try await Self.body(answer))["partialSuccess"]
        #expect(partial?["rejectedSpans"] == .string("1"))
        #expect(
            partial?["errorMessage"] == .string("1 span with a trace id that is not 16 bytes or all zero"))
        #expect(sink.spans.count == 1)
    }

    @Test("Spans that are no good are counted in Protobuf, and the rest is taken")
    func partialProtobuf() async throws {
        let sink = RecordingSink()
        let bad = OTLPProtobufTests.message(1, OTLPProtobufTests.message(2, OTLPProtobufTests.message(2, [])))
        let answer = await self.receiver(sink).respond(
            to: Self.post("/v1/traces", Golden.traces + bad, "application/x-protobuf"))
        #expect(answer.status == .ok)
        let message = Array("1 span with a trace id that is not 16 bytes or all zero".utf8)
        let partial = [0x08, 0x01, 0x12, UInt8(message.count)] + message
        #expect(try await Self.body(answer) == [0x0A, UInt8(partial.count)] + partial)
        #expect(sink.spans.count == 2)
    }

    @Test("What the sink refuses counts too, with its reason")
    func sinkRefuses() async throws {
        let sink = RecordingSink(Admission(refused: 1, reason: "no room for another series"))
        let answer = await self.receiver(sink).respond(
            to: Self.post("/v1/metrics", Golden.metrics, "application/x-protobuf"))
        #expect(answer.status == .ok)
        #expect(try await Self.text(answer).contains("1 data point not kept: no room for another series"))
        #expect(try self.test.value("shop_console_items_accepted_total", ["signal": "metrics"]) == 4)
        let labels = ["signal": "metrics", "reason": "sink"]
        #expect(try self.test.value("shop_console_items_refused_total", labels) == 1)
    }

    // MARK: What is not taken

    @Test("A body that cannot be read is 400, with the reason in its encoding")
    func malformed() async throws {
        let sink = RecordingSink()
        let receiver = self.receiver(sink)
        let json = await receiver.respond(to: Self.post("/v1/traces", Array("{".utf8)))
        #expect(json.status == .badRequest)
        let status = try JSONValue(parsing: try await Self.body(json))
        #expect(status["code"]?.int == 3)
        #expect(status["message"]?.string?.hasPrefix("the body is no JSON") == true)
        let protobuf = await receiver.respond(to: Self.post("/v1/traces", [0x0A, 0x05], "application/x-protobuf"))
        #expect(protobuf.status == .badRequest)
        #expect(protobuf.fields[.contentType] == "application/x-protobuf")
        let decoded = try GoogleRPC.Status(decoding: try await Self.body(protobuf))
        #expect(decoded.code == 3)
        #expect(decoded.message.hasPrefix("the body is no Protobuf message of this kind"))
        #expect(sink.batches == 0)
        #expect(self.test.logLines.count == 2)
    }

    @Test("A body that is no gzip is 400; the start of one too")
    func damagedGzip() async throws {
        let receiver = self.receiver(RecordingSink())
        let whole = try #require(Gzip.compress(Golden.traces))
        for count in 0..<whole.count {
            let request = Self.post("/v1/traces", Array(whole.prefix(count)), "application/x-protobuf", coding: "gzip")
            #expect(await receiver.respond(to: request).status == .badRequest, "the first \(count) bytes")
        }
    }

    @Test("Too much is 413: as it is sent, as it claims to be, and once it is expanded")
    func tooLarge() async throws {
        let sink = RecordingSink()
        let receiver = self.receiver(sink)
        let sent = [UInt8](repeating: 0x20, count: (4 << 20) + 1)
        #expect(await receiver.respond(to: Self.post("/v1/logs", sent)).status == .contentTooLarge)
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0x20, count: (32 << 20) + 1)))
        #expect(bomb.count < 1 << 20)
        let answer = await receiver.respond(to: Self.post("/v1/logs", bomb, coding: "gzip"))
        #expect(answer.status == .contentTooLarge)
        #expect(try JSONValue(parsing: try await Self.body(answer))["code"]?.int == 8)
        #expect(sink.batches == 0)
        let labels = ["signal": "logs", "encoding": "json", "outcome": "too_large"]
        #expect(try self.test.value("shop_console_requests_total", labels) == 2)
    }

    @Test("Other types are 415, with those that are taken", arguments: ["text/plain", "", "application/grpc"])
    func contentType(_ type: String) async throws {
        let answer = await self.receiver(RecordingSink()).respond(to: Self.post("/v1/logs", [], type))
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.fields[.accept] == "application/x-protobuf, application/json")
        #expect(answer.fields[.contentType] == "application/json")
        let labels = ["signal": "logs", "encoding": "unknown", "outcome": "unsupported"]
        #expect(try self.test.value("shop_console_requests_total", labels) == 1)
    }

    @Test("Other codings are 415, with those that are taken", arguments: ["br", "gzip, gzip"])
    func contentEncoding(_ coding: String) async {
        let request = Self.post("/v1/logs", Array("{}".utf8), coding: coding)
        let answer = await self.receiver(RecordingSink()).respond(to: request)
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.fields[.acceptEncoding] == "gzip, identity")
    }

    @Test("Other methods are 405, other paths 404")
    func routes() async throws {
        let receiver = self.receiver(RecordingSink())
        let get = await receiver.respond(to: HTTPRequest(.get, "/v1/traces"))
        #expect(get.status == .methodNotAllowed)
        #expect(get.fields[.allow] == "POST")
        for path in ["/", "/v1/traces/", "/v1/profiles", "/V1/traces"] {
            let answer = await receiver.respond(to: Self.post(path, [], "application/x-protobuf"))
            #expect(answer.status == .notFound)
            #expect(try GoogleRPC.Status(decoding: try await Self.body(answer)).code == 5)
        }
    }

    // MARK: What may come again

    @Test("A sink without room is 503, to come again when it says")
    func overloaded() async throws {
        let sink = RecordingSink(.later(afterSeconds: 7, "the store is being cleared"))
        let answer = await self.receiver(sink).respond(to: Self.post("/v1/traces", Array(Self.trace.utf8)))
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.fields[.retryAfter] == "7")
        let status = try JSONValue(parsing: try await Self.body(answer))
        #expect(status["code"]?.int == 14)
        #expect(status["message"] == .string("the store is being cleared"))
        #expect(try self.test.value("shop_console_items_accepted_total", ["signal": "traces"]) == 0)
        let labels = ["signal": "traces", "encoding": "json", "outcome": "overloaded"]
        #expect(try self.test.value("shop_console_requests_total", labels) == 1)
    }

    @Test("Requests beyond the bound are 429, and there is room again when one is done")
    func requestsAtOnce() async throws {
        let receiver = self.receiver(RecordingSink()) { $0.requestsMax = 1 }
        let slow = HeldBody(Array(Self.trace.utf8))
        let first = Task {
            await receiver.respond(
                to: HTTPRequest(
                    .post, "/v1/traces", fields: [.contentType: "application/json"],
                    body: .stream(slow, length: nil)))
        }
        await slow.untilAsked()
        let second = await receiver.respond(to: Self.post("/v1/traces", Array(Self.trace.utf8)))
        #expect(second.status == .tooManyRequests)
        #expect(second.fields[.retryAfter] == "1")
        slow.release()
        #expect(await first.value.status == .ok)
        #expect(await receiver.respond(to: Self.post("/v1/traces", Array(Self.trace.utf8))).status == .ok)
    }

    // MARK: What it tells of itself

    @Test("Requests, items and what was cut are counted")
    func counts() async throws {
        let receiver = self.receiver(RecordingSink()) { $0.attributesMax = 2 }
        _ = await receiver.respond(to: Self.post("/v1/traces", Golden.traces, "application/x-protobuf"))
        _ = await receiver.respond(to: Self.post("/v1/traces", Array(Self.halfGood.utf8)))
        let samples = try self.test.samples()
        func requests(_ encoding: String, _ outcome: String) -> Double? {
            samples.value(
                "shop_console_requests_total", ["signal": "traces", "encoding": encoding, "outcome": outcome])
        }
        #expect(requests("protobuf", "taken") == 1)
        #expect(requests("json", "partial") == 1)
        #expect(requests("json", "taken") == 0)
        #expect(samples.value("shop_console_items_accepted_total", ["signal": "traces"]) == 3)
        let refused = ["signal": "traces", "reason": "trace_id"]
        #expect(samples.value("shop_console_items_refused_total", refused) == 1)
        #expect(samples.value("shop_console_cut_total", ["signal": "traces", "part": "attribute"]) == 6)
    }

    @Test("It makes no spans, and none begins in the sink")
    func noSpans() async {
        let sink = TracingSink(self.test.tracer)
        let receiver = OTLPReceiver(sink: sink, telemetry: self.test.telemetry)
        var request = Self.post("/v1/traces", Array(Self.trace.utf8))
        request.fields.append(.traceparent, "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01")
        #expect(await receiver.respond(to: request).status == .ok)
        #expect(sink.isReached)
        #expect(self.test.finishedSpans.isEmpty)
    }
}
