import Telemetry
import Testing

@testable import Console

@Suite("Items that are refused")
struct RefusedItemsTests {
    private static func request(_ spans: [String]) -> [UInt8] {
        Array("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(spans.joined(separator: ","))]}]}]}".utf8)
    }

    private static let trace = "\"traceId\":\"5b8efff798038103d269b633813fc60c\""
    private static let span = "\"spanId\":\"eee19b7ec3c1b174\""

    @Test(
        "An id that is none refuses its span",
        arguments: [
            ("{}", .traceID), ("{\"traceId\":\"\",\(span)}", .traceID),
            ("{\"traceId\":\"00000000000000000000000000000000\",\(span)}", .traceID),
            ("{\"traceId\":\"5b8efff798038103d269b633813fc60\",\(span)}", .traceID),
            ("{\"traceId\":\"5b8efff798038103d269b633813fc60g\",\(span)}", .traceID),
            ("{\(trace)}", .spanID), ("{\(trace),\"spanId\":\"0000000000000000\"}", .spanID),
            ("{\(trace),\"spanId\":\"eee19b7ec3c1b17\"}", .spanID),
            ("{\(trace),\(span),\"parentSpanId\":\"ee\"}", .parentID),
        ] as [(String, OTLPRefusal)])
    func spans(_ span: String, _ reason: OTLPRefusal) throws {
        var intake = Decoding.intake()
        let good = "{\(Self.trace),\(Self.span)}"
        let spans: [ReceivedSpan] = try OTLPJSON.read(Self.request([span, good]), &intake)
        #expect(spans.map(\.spanID) == [.child])
        #expect(intake.refused == [reason: 1])
    }

    @Test(
        "In Protobuf an id of another length refuses its span",
        arguments: [
            (15, 8, nil, .traceID), (0, 8, nil, .traceID), (17, 8, nil, .traceID), (16, 7, nil, .spanID),
            (16, 0, nil, .spanID), (16, 8, 5, .parentID), (16, 8, 0, nil), (16, 8, 8, nil),
        ] as [(Int, Int, Int?, OTLPRefusal?)])
    func lengths(_ trace: Int, _ span: Int, _ parent: Int?, _ reason: OTLPRefusal?) throws {
        func field(_ number: Int, _ count: Int) -> [UInt8] {
            OTLPProtobufTests.bytes(number, Array(repeating: 1, count: count))
        }
        let message = field(1, trace) + field(2, span) + (parent.map { field(4, $0) } ?? [])
        let group = OTLPProtobufTests.message(2, OTLPProtobufTests.message(2, message))
        var intake = Decoding.intake()
        let spans: [ReceivedSpan] = try OTLPProtobuf.read(OTLPProtobufTests.message(1, group), &intake)
        #expect(spans.count == (reason == nil ? 1 : 0))
        #expect(intake.refused == (reason.map { [$0: 1] } ?? [:]))
    }

    @Test("A parent of zeros is no parent")
    func noParent() throws {
        #expect(try Decoding.span("\"parentSpanId\":\"0000000000000000\"")?.parentID == nil)
    }

    @Test("A span that ends before it begins takes no time")
    func times() throws {
        let span = try #require(try Decoding.span("\"startTimeUnixNano\":9,\"endTimeUnixNano\":5"))
        #expect(span.start == 9)
        #expect(span.duration == 0)
    }

    @Test("A log record whose ids are none belongs to no trace, and is kept")
    func logs() throws {
        let text = """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
            {"traceId":"12","spanId":"eee19b7ec3c1b174"},
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"0000000000000000","severityNumber":99}]}]}]}
            """
        let logs = try Decoding.json(ReceivedLog.self, text)
        #expect(logs.map(\.traceID) == [nil, .sample])
        #expect(logs.map(\.spanID) == [nil, nil])
        #expect(logs.map(\.time) == [Decoding.now, Decoding.now])
        #expect(logs.map(\.severity) == [0, 0])
    }

    @Test("Points without a value or of a metric without a name are refused")
    func metrics() throws {
        let text = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
            {"name":"m","gauge":{"dataPoints":[{},{"asInt":1}]}},
            {"gauge":{"dataPoints":[{"asInt":1},{"asInt":2}]}},{"name":"none"},{}]}]}]}
            """
        var intake = Decoding.intake()
        let metrics: [ReceivedMetric] = try OTLPJSON.read(Array(text.utf8), &intake)
        #expect(metrics.map(\.point) == [.number(1)])
        #expect(intake.refused == [.value: 1, .name: 2])
        #expect(
            intake.explanation(.metrics) == "2 data points of a metric without a name; 1 data point without a value")
    }
}
