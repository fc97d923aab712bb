import Telemetry
import Testing

@testable import Console

@Suite("OTLP in JSON")
struct OTLPJSONTests {
    private static let head = """
        "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]}
        """
    private static let scope = """
        "scope":{"name":"my.library","version":"1.0.0","attributes":[{"key":"my.scope.attribute",\
        "value":{"stringValue":"some scope attribute"}}]}
        """

    @Test("A trace as opentelemetry-proto's example has it, with ids in upper case")
    func trace() throws {
        let text = """
            {"resourceSpans":[{\(Self.head),"scopeSpans":[{\(Self.scope),"spans":[{
              "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
              "parentSpanId":"EEE19B7EC3C1B173","name":"I'm a server span",
              "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000","kind":2,
              "attributes":[{"key":"my.span.attr","value":{"stringValue":"some value"}}]}]}]}]}
            """
        var expected = ReceivedSpan(
            traceID: .sample, spanID: .child, parentID: .root, name: "I'm a server span", kind: .server,
            start: 1_544_712_660_000_000_000, end: 1_544_712_661_000_000_000)
        expected.attributes = [.init("my.span.attr", .string("some value"))]
        expected.resource = ReceivedResource(attributes: [.init("service.name", .string("my.service"))])
        expected.scope = ReceivedScope(
            name: "my.library", version: "1.0.0",
            attributes: [.init("my.scope.attribute", .string("some scope attribute"))])
        #expect(try Decoding.json(ReceivedSpan.self, text) == [expected])
    }

    @Test("Log records as opentelemetry-proto's example has them, with every kind of value")
    func logs() throws {
        let text = """
            {"resourceLogs":[{\(Self.head),"scopeLogs":[{\(Self.scope),"logRecords":[{
              "timeUnixNano":"1544712660300000000","observedTimeUnixNano":"1544712660300000000",
              "severityNumber":10,"severityText":"Information","traceId":"5B8EFFF798038103D269B633813FC60C",
              "spanId":"EEE19B7EC3C1B174","body":{"stringValue":"Example log record"},"attributes":[
              {"key":"string.attribute","value":{"stringValue":"some string"}},
              {"key":"boolean.attribute","value":{"boolValue":true}},
              {"key":"int.attribute","value":{"intValue":"10"}},
              {"key":"double.attribute","value":{"doubleValue":637.704}},
              {"key":"array.attribute","value":{"arrayValue":{"values":[
                {"stringValue":"many"},{"stringValue":"values"}]}}},
              {"key":"map.attribute","value":{"kvlistValue":{"values":[
                {"key":"some.map.key","value":{"stringValue":"some value"}}]}}},
              {"key":"bytes.attribute","value":{"bytesValue":"AP8="}}]}]}]}]}
            """
        let log = try #require(try Decoding.json(ReceivedLog.self, text).first)
        #expect(log.time == 1_544_712_660_300_000_000)
        #expect(log.severity == 10)
        #expect(log.severityText == "Information")
        #expect(log.body == .string("Example log record"))
        #expect(log.traceID == .sample)
        #expect(log.spanID == .child)
        #expect(
            log.attributes.map(\.value) == [
                .string("some string"), .bool(true), .int(10), .double(637.704),
                .array([.string("many"), .string("values")]), .map([.init("some.map.key", .string("some value"))]),
                .bytes([0, 255]),
            ])
    }

    @Test("Metrics as opentelemetry-proto's example has them")
    func metrics() throws {
        let attributes = "\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"v\"}}]"
        let times = "\"startTimeUnixNano\":\"1544712660300000000\",\"timeUnixNano\":\"1544712660300000000\""
        let text = """
            {"resourceMetrics":[{\(Self.head),"scopeMetrics":[{\(Self.scope),"metrics":[
              {"name":"my.counter","unit":"1","description":"I am a Counter","sum":{"aggregationTemporality":1,
                "isMonotonic":true,"dataPoints":[{"asDouble":5,\(times),\(attributes)}]}},
              {"name":"my.gauge","unit":"1","gauge":{"dataPoints":[{"asInt":"10",\(times),\(attributes)},
                {"flags":1,\(times)}]}},
              {"name":"my.histogram","unit":"1","histogram":{"aggregationTemporality":1,"dataPoints":[{\(times),
                "count":"2","sum":2,"bucketCounts":["1","1"],"explicitBounds":[1],"min":0,"max":2,\(attributes)}]}},
              {"name":"my.exponential.histogram","unit":"1","exponentialHistogram":{"aggregationTemporality":1,
                "dataPoints":[{\(times),"count":"3","scale":0,"zeroCount":"1",
                "positive":{"offset":1,"bucketCounts":["0","2"]},\(attributes)}]}},
              {"name":"my.summary","unit":"1","summary":{"dataPoints":[{\(times),"count":4,\(attributes)}]}}]}]}]}
            """
        let metrics = try Decoding.json(ReceivedMetric.self, text)
        #expect(
            metrics.map(\.name)
                == ["my.counter", "my.gauge", "my.histogram", "my.exponential.histogram", "my.summary"])
        #expect(
            metrics.map(\.point) == [
                .number(5), .number(10), .distribution(count: 2, sum: 2), .distribution(count: 3, sum: nil),
                .distribution(count: 4, sum: 0),
            ])
        #expect(metrics.allSatisfy { $0.time == 1_544_712_660_300_000_000 && $0.resource.service == "my.service" })
        #expect(metrics.allSatisfy { $0.attributes == [.init("k", .string("v"))] })
    }

    @Test(
        "A number of 64 bits is a number or a text",
        arguments: [
            ("5", 5), ("\"5\"", 5), ("5e0", 5), ("5.0", 5), ("18446744073709551615", .max),
            ("\"18446744073709551615\"", .max), ("null", 0),
        ] as [(String, UInt64)])
    func integers(_ text: String, _ number: UInt64) throws {
        #expect(try Decoding.span("\"startTimeUnixNano\":\(text)")?.start == number)
    }

    @Test(
        "A double is a number or a text; what JSON has no number for is a text",
        arguments: [
            ("1.5", 1.5), ("\"1.5\"", 1.5), ("\"Infinity\"", .infinity), ("\"-Infinity\"", -.infinity), ("3", 3),
        ])
    func doubles(_ text: String, _ number: Double) throws {
        let span = try Decoding.span("\"attributes\":[{\"key\":\"k\",\"value\":{\"doubleValue\":\(text)}}]")
        #expect(span?.attributes["k"] == .double(number))
    }

    @Test("Names that are not known are passed over, whatever they hold")
    func unknown() throws {
        let span = try Decoding.span("\"name\":\"x\",\"invented\":{\"deep\":[1,{\"name\":2}]},\"kind\":77")
        #expect(span?.name == "x")
        #expect(span?.kind == .unspecified)
        #expect(try Decoding.json(ReceivedSpan.self, "{\"resourceLogs\":7}").isEmpty)
        let value = try Decoding.span("\"attributes\":[{\"key\":\"k\",\"value\":{\"laterValue\":1}}]")
        #expect(value?.attributes["k"] == .empty)
    }

    @Test(
        "A field of another kind is malformed, and the answer says which",
        arguments: [
            ("\"name\":5", "name must be a text"),
            ("\"kind\":\"SPAN_KIND_SERVER\"", "kind must be the number of a case"),
            ("\"startTimeUnixNano\":-1", "startTimeUnixNano must be an integer from 0 to 18446744073709551615"),
            ("\"startTimeUnixNano\":1.5", "startTimeUnixNano must be an integer from 0 to 18446744073709551615"),
            ("\"flags\":4294967296", "flags must be an integer from 0 to 4294967295"),
            ("\"status\":[]", "status must be an object"), ("\"events\":{}", "events must be an array"),
            ("\"events\":[{},{\"name\":1}]", "events[1].name must be a text"),
            (
                "\"attributes\":[{\"key\":\"k\",\"value\":{\"boolValue\":1}}]",
                "attributes[0].value.boolValue must be true or false"
            ),
            (
                "\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":\"x\"}}]",
                "attributes[0].value.intValue must be an integer of 64 bits"
            ),
            (
                "\"attributes\":[{\"key\":\"k\",\"value\":{\"bytesValue\":\"!\"}}]",
                "attributes[0].value.bytesValue must be Base64"
            ),
            (
                "\"attributes\":[{\"key\":\"k\",\"value\":{\"doubleValue\":\"x\"}}]",
                "attributes[0].value.doubleValue must be a number"
            ),
        ])
    func faults(_ members: String, _ fault: String) throws {
        let text = try #require(Decoding.fault(members))
        #expect(text == "the body is no request of this kind: resourceSpans[0].scopeSpans[0].spans[0].\(fault)")
    }

    @Test("What is no JSON is malformed, with the place")
    func noJSON() {
        for (text, part) in [("", "byte 0"), ("{", "byte 1"), ("[]", "the document must be an object")] {
            #expect(throws: OTLPDecodingError.self) { try Decoding.json(ReceivedSpan.self, text) }
            do { _ = try Decoding.json(ReceivedSpan.self, text) } catch {
                guard case .malformed(let reason) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(reason.contains(part))
            }
        }
    }

    @Test("Both encodings of one request give the same")
    func agreement() throws {
        let text = """
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"my.library","version":"1.0.0","attributes":[{"key":
            "my.scope.attribute","value":{"stringValue":"some scope attribute"}}]},"spans":[{"traceId":
            "5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173",
            "traceState":"a=1","flags":769,"name":"POST \\/orders","kind":2,
            "startTimeUnixNano":1544712660000000000,"endTimeUnixNano":1544712661000000000,
            "droppedAttributesCount":3,"droppedEventsCount":4,"droppedLinksCount":5,"attributes":[
            {"key":"string","value":{"stringValue":"gr\\u00fc\\u00df"}},{"key":"bool","value":{"boolValue":true}},
            {"key":"int","value":{"intValue":-5}},{"key":"double","value":{"doubleValue":1.5}},
            {"key":"bytes","value":{"bytesValue":"AP8"}},{"key":"array","value":{"arrayValue":{"values":[
            {"stringValue":"x"},{"intValue":"2"}]}}},{"key":"map","value":{"kvlistValue":{"values":[{"key":"inner",
            "value":{"boolValue":false}}]}}},{"key":"empty","value":{}}],"events":[{"name":"retry","timeUnixNano":
            "1544712660500000000","attributes":[{"key":"attempt","value":{"intValue":"2"}}]}],"links":[{"traceId":
            "5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b173","traceState":"b=2","attributes":[{"key":
            "why","value":{"stringValue":"batch"}}]}],"status":{"code":2,"message":"no stock"}},{"traceId":
            "5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b173","parentSpanId":"","name":"root","kind":1,
            "startTimeUnixNano":"1","endTimeUnixNano":"2","status":{}}]}],"resource":{"attributes":[{"key":
            "service.name","value":{"stringValue":"order"}},{"key":"service.instance.id","value":{"stringValue":
            "order-1"}}]}}]}
            """
        let spans = try Decoding.json(ReceivedSpan.self, text)
        #expect(spans == (try Decoding.protobuf(ReceivedSpan.self, Golden.traces)))
    }
}
