import Protobuf
import Telemetry
import Testing

@testable import Console

/// Each bound in both encodings: what is beyond is left out and counted, the rest is kept.
@Suite("Bounds of what is received")
struct OTLPLimitsTests {
    private static let ids = "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\""

    /// One span with parts that repeat, in both encodings.
    private static func bodies(_ json: String, _ protobuf: [UInt8]) -> [(OTLPEncoding, [UInt8])] {
        let text = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(self.ids),\(json)}]}]}]}"
        let span = self.field(1, TraceID.sample.bytes) + self.field(2, SpanID.child.bytes) + protobuf
        return [(.json, Array(text.utf8)), (.protobuf, self.field(1, self.field(2, self.field(2, span))))]
    }

    private static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        OTLPProtobufTests.bytes(number, bytes)
    }

    private static func span(
        _ encoding: OTLPEncoding, _ body: [UInt8], _ intake: inout OTLPIntake
    ) throws -> ReceivedSpan {
        let spans: [ReceivedSpan] = try encoding.read(body, &intake)
        return try #require(spans.first)
    }

    private static func many(_ text: String, _ count: Int) -> String {
        Array(repeating: text, count: count).joined(separator: ",")
    }

    private static func many(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        Array(repeating: bytes, count: count).flatMap { $0 }
    }

    @Test("Attributes beyond 128 count as dropped, besides those that were dropped before")
    func attributes() throws {
        let json = "\"attributes\":[\(Self.many("{\"key\":\"k\"}", 130))],\"droppedAttributesCount\":5"
        let protobuf = Self.many(Self.field(9, Self.field(1, [0x6B])), 130) + [0x50, 0x05]
        for (encoding, body) in Self.bodies(json, protobuf) {
            var intake = Decoding.intake()
            let spans: [ReceivedSpan] = try encoding.read(body, &intake)
            #expect(spans.first?.attributes.count == 128)
            #expect(spans.first?.droppedAttributes == 7)
            #expect(intake.cut == [.attribute: 2])
        }
    }

    @Test("Events and links beyond their bounds count as dropped, and links that lead nowhere")
    func parts() throws {
        let json = "\"events\":[\(Self.many("{}", 4))],\"links\":[{},\(Self.many("{\(Self.ids)}", 4))]"
        let link = Self.field(1, TraceID.sample.bytes) + Self.field(2, SpanID.child.bytes)
        let protobuf =
            Self.many(Self.field(11, []), 4) + Self.field(13, []) + Self.many(Self.field(13, link), 4)
        for (encoding, body) in Self.bodies(json, protobuf) {
            var intake = Decoding.intake {
                $0.eventsMax = 3
                $0.linksMax = 2
            }
            let span = try Self.span(encoding, body, &intake)
            #expect(span.events.count == 3)
            #expect(span.droppedEvents == 1)
            #expect(span.links.count == 2)
            #expect(span.droppedLinks == 3)
            #expect(intake.cut == [.event: 1, .link: 3])
        }
    }

    @Test("A count that is at its largest stays there")
    func saturation() {
        var count = UInt32.max - 1
        count.increase(by: 7)
        #expect(count == .max)
    }

    @Test("A text is cut to 64 KiB, between two characters")
    func text() throws {
        // Three bytes each: 65,536 is in the middle of one.
        let long = String(repeating: "€", count: 30_000)
        let json = "\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"\(long)\"}}],\"name\":\"\(long)\""
        let pair = Self.field(1, [0x6B]) + Self.field(2, Self.field(1, Array(long.utf8)))
        let protobuf = Self.field(9, pair) + Self.field(5, Array(long.utf8))
        for (encoding, body) in Self.bodies(json, protobuf) {
            var intake = Decoding.intake()
            let span = try Self.span(encoding, body, &intake)
            let cut = String(repeating: "€", count: 21_845)
            #expect(span.name == cut)
            #expect(span.attributes["k"] == .string(cut))
            #expect(intake.cut == [.text: 2])
        }
    }

    @Test("Text that ends at the bound exactly is not cut")
    func exactText() {
        var intake = Decoding.intake { $0.textBytesMax = 4 }
        #expect(intake.text("abcd") == "abcd")
        #expect(intake.text("aéé") == "aé")
        #expect(intake.text("🙂🙂") == "🙂")
        #expect(intake.bytes([1, 2, 3, 4, 5]) == [1, 2, 3, 4])
        #expect(intake.cut == [.text: 3])
    }

    @Test("Elements of a list beyond the bound are left out")
    func elements() throws {
        let json = """
            "attributes":[{"key":"k","value":{"arrayValue":{"values":[\(Self.many("{\"boolValue\":true}", 5))]}}}]
            """
        let list = Self.many(Self.field(1, [0x10, 0x01]), 5)
        let protobuf = Self.field(9, Self.field(1, [0x6B]) + Self.field(2, Self.field(5, list)))
        for (encoding, body) in Self.bodies(json, protobuf) {
            var intake = Decoding.intake { $0.elementsMax = 3 }
            let span = try Self.span(encoding, body, &intake)
            #expect(span.attributes["k"] == .array([.bool(true), .bool(true), .bool(true)]))
            #expect(intake.cut == [.element: 2])
        }
    }

    @Test("Maps in maps beyond the depth become empty values")
    func depth() throws {
        var json = "{\"intValue\":1}"
        var value: [UInt8] = [0x18, 0x01]
        for _ in 0..<18 {
            json = "{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":\(json)}]}}"
            value = Self.field(6, Self.field(1, Self.field(1, [0x6B]) + Self.field(2, value)))
        }
        let protobuf = Self.field(9, Self.field(1, [0x6B]) + Self.field(2, value))
        for (encoding, body) in Self.bodies("\"attributes\":[{\"key\":\"k\",\"value\":\(json)}]", protobuf) {
            var intake = Decoding.intake()
            let span = try Self.span(encoding, body, &intake)
            var depth = 0
            var inner = span.attributes["k"]
            while case .map(let pairs) = inner {
                depth += 1
                inner = pairs["k"]
            }
            #expect(depth == 16)
            #expect(inner == .empty)
            #expect(intake.cut == [.element: 1])
        }
    }

    @Test("Items beyond the bound are refused, the first ones kept")
    func items() throws {
        let span = "{\(Self.ids)}"
        let text = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(Self.many(span, 5))]}]}]}"
        let wire = Self.field(2, Self.field(1, TraceID.sample.bytes) + Self.field(2, SpanID.child.bytes))
        let protobuf = Self.field(1, Self.field(2, Self.many(wire, 5)))
        for (encoding, body) in [(OTLPEncoding.json, Array(text.utf8)), (.protobuf, protobuf)] {
            var intake = Decoding.intake { $0.itemsMax = 3 }
            let spans: [ReceivedSpan] = try encoding.read(body, &intake)
            #expect(spans.count == 3)
            #expect(intake.refused == [.tooMany: 2])
            #expect(intake.explanation(.traces) == "2 spans beyond the 3 that are taken of a request")
        }
    }

    @Test("Tiny parts that would take much memory are too large")
    func memory() {
        // Resources are not bounded by number, and two bytes are an attribute that takes dozens.
        let resource = Self.field(1, Self.field(1, Self.many(Self.field(1, []), 128)))
        let protobuf = Self.many(resource, 14_000)
        let json = "{\"resourceSpans\":[\(String(repeating: "0,", count: 3_100_000))0]}"
        for (encoding, body) in [(OTLPEncoding.protobuf, protobuf), (.json, Array(json.utf8))] {
            var intake = Decoding.intake()
            #expect {
                let _: [ReceivedSpan] = try encoding.read(body, &intake)
            } throws: { error in
                if case .tooLarge? = error as? OTLPDecodingError { true } else { false }
            }
        }
    }
}
