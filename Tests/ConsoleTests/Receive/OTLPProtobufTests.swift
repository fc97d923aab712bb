import Protobuf
import Telemetry
import Testing

@testable import Console

@Suite("OTLP in Protobuf")
struct OTLPProtobufTests {
    @Test("A span keeps all that was sent of it")
    func span() throws {
        let spans = try Decoding.protobuf(ReceivedSpan.self, Golden.traces)
        try #require(spans.count == 2)
        var expected = ReceivedSpan(
            traceID: .sample, spanID: .child, parentID: .root, name: "POST /orders", kind: .server,
            start: 1_544_712_660_000_000_000, end: 1_544_712_661_000_000_000)
        expected.traceState = "a=1"
        expected.flags = 0x301
        expected.attributes = [
            .init("string", .string("grüß")), .init("bool", .bool(true)), .init("int", .int(-5)),
            .init("double", .double(1.5)), .init("bytes", .bytes([0, 255])),
            .init("array", .array([.string("x"), .int(2)])), .init("map", .map([.init("inner", .bool(false))])),
            .init("empty", .empty),
        ]
        expected.events = [
            .init(name: "retry", time: 1_544_712_660_500_000_000, attributes: [.init("attempt", .int(2))])
        ]
        expected.links = [
            .init(
                traceID: .sample, spanID: .root, traceState: "b=2", attributes: [.init("why", .string("batch"))])
        ]
        (expected.droppedAttributes, expected.droppedEvents, expected.droppedLinks) = (3, 4, 5)
        expected.status = .error
        expected.statusMessage = "no stock"
        expected.resource = ReceivedResource(attributes: [
            .init("service.name", .string("order")), .init("service.instance.id", .string("order-1")),
        ])
        expected.scope = ReceivedScope(
            name: "my.library", version: "1.0.0",
            attributes: [.init("my.scope.attribute", .string("some scope attribute"))])
        #expect(spans[0] == expected)
        #expect(spans[1].parentID == nil)
        #expect(spans[1].kind == .internal)
        #expect(spans[1].resource == expected.resource)
    }

    @Test("A log record keeps its body, its event and its span")
    func logs() throws {
        let logs = try Decoding.protobuf(ReceivedLog.self, Golden.logs)
        try #require(logs.count == 2)
        #expect(logs[0].time == 1_544_712_660_300_000_000)
        #expect(logs[0].severity == 17)
        #expect(logs[0].severityText == "ERROR")
        #expect(logs[0].body == .string("order failed"))
        #expect(logs[0].eventName == "order.failed")
        #expect(logs[0].attributes == [.init("order.id", .int(42))])
        #expect(logs[0].traceID == .sample)
        #expect(logs[0].spanID == .child)
        #expect(logs[0].scope.name == "my.library")
        #expect(logs[0].resource.service == "order")
    }

    @Test("A log record without a time has that of its observation, one without a field for its event its attribute")
    func oldLog() throws {
        let log = try #require(try Decoding.protobuf(ReceivedLog.self, Golden.logs).last)
        #expect(log.time == 7)
        #expect(log.eventName == "old.way")
        #expect(log.body == .map([.init("a", .int(1))]))
        #expect(log.traceID == nil)
        #expect(log.spanID == nil)
    }

    @Test("Each kind of metric gives its points, and none where nothing was recorded")
    func metrics() throws {
        let metrics = try Decoding.protobuf(ReceivedMetric.self, Golden.metrics)
        #expect(
            metrics.map(\.name) == ["my.counter", "my.gauge", "my.histogram", "my.exponential", "my.summary"])
        #expect(metrics.map(\.unit) == ["1", "By", "s", "s", "s"])
        #expect(
            metrics.map(\.point) == [
                .number(-7), .number(2.5), .distribution(count: 3, sum: 6.5), .distribution(count: 4, sum: nil),
                .distribution(count: 5, sum: 10),
            ])
        #expect(metrics.allSatisfy { $0.attributes == [.init("k", .string("v"))] })
        #expect(metrics.allSatisfy { $0.time == 9 && $0.resource.service == "order" })
    }

    @Test("A body that is cut anywhere is malformed", arguments: [Golden.traces, Golden.logs, Golden.metrics])
    func truncation(_ bytes: [UInt8]) {
        // All of each body is one field, so that nothing but no bytes at all is a request too.
        for count in 1..<bytes.count {
            let start = Array(bytes.prefix(count))
            for isMalformed in [
                Self.isMalformed(ReceivedSpan.self, start), Self.isMalformed(ReceivedLog.self, start),
                Self.isMalformed(ReceivedMetric.self, start),
            ] {
                #expect(isMalformed, "the first \(count) bytes")
            }
        }
        #expect(!Self.isMalformed(ReceivedSpan.self, []))
    }

    private static func isMalformed<Item: OTLPItem>(_: Item.Type, _ bytes: [UInt8]) -> Bool {
        do {
            _ = try Decoding.protobuf(Item.self, bytes)
            return false
        } catch {
            guard case .malformed = error else { return false }
            return true
        }
    }

    @Test("A scope and a resource that come behind their spans are theirs all the same")
    func order() throws {
        let spans = Self.message(2, Self.bytes(1, TraceID.sample.bytes) + Self.bytes(2, SpanID.child.bytes))
        let scope = Self.message(1, Self.bytes(1, Array("late".utf8)))
        let name = Self.bytes(1, Array("service.name".utf8)) + Self.message(2, Self.bytes(1, Array("late".utf8)))
        let resource = Self.message(1, Self.message(1, name))
        let body = Self.message(1, Self.message(2, spans + scope) + resource)
        let span = try #require(try Decoding.protobuf(ReceivedSpan.self, body).first)
        #expect(span.scope.name == "late")
        #expect(span.resource.service == "late")
    }

    @Test("Fields that are not known are passed over, groups too")
    func unknownFields() throws {
        // Field 100 as a number, as text, and as a group with a field of its own.
        let unknown: [UInt8] = [0xA0, 0x06, 0x05, 0xA2, 0x06, 0x01, 0x78, 0xA3, 0x06, 0x08, 0x01, 0xA4, 0x06]
        let span = Self.bytes(1, TraceID.sample.bytes) + unknown + Self.bytes(2, SpanID.child.bytes) + unknown
        let body = unknown + Self.message(1, unknown + Self.message(2, unknown + Self.message(2, span)))
        #expect(try Decoding.protobuf(ReceivedSpan.self, body).map(\.spanID) == [.child])
    }

    @Test("Lists beyond the depth become empty values, and are counted")
    func depth() throws {
        // An array in an array, and so on: forty of them.
        var value: [UInt8] = []
        for _ in 0..<40 { value = Self.message(5, Self.message(1, value)) }
        let record = Self.message(5, value)
        let body = Self.message(1, Self.message(2, Self.message(2, record)))
        var intake = Decoding.intake { $0.depthMax = 3 }
        let logs: [ReceivedLog] = try OTLPProtobuf.read(body, &intake)
        #expect(logs.first?.body == .array([.array([.array([.empty])])]))
        #expect(intake.cut == [.element: 1])
    }

    // MARK: Parts of messages

    static func bytes(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.write(.bytes, always: bytes, field: field)
        return writer.bytes
    }

    /// The same on the wire.
    static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] { self.bytes(field, bytes) }
}

extension TraceID {
    var bytes: [UInt8] { Golden.bytes(self.description) }
}

extension SpanID {
    var bytes: [UInt8] { Golden.bytes(self.description) }
}
