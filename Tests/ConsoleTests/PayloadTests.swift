import Telemetry
import Testing

@testable import Console

@Suite("Spans, packed and unpacked")
struct PayloadTests {
    /// One of everything, with the odd ones.
    private static var odd: ReceivedSpan {
        var span = Made.span(
            1, 2, in: 3, "order", "place order", 0...7, kind: .producer, isError: true,
            attributes: [
                ReceivedAttribute("text", .string("ä < b & c\u{0}")), ReceivedAttribute("yes", .bool(true)),
                ReceivedAttribute("no", .bool(false)), ReceivedAttribute("least", .int(.min)),
                ReceivedAttribute("most", .int(.max)), ReceivedAttribute("pi", .double(3.25)),
                ReceivedAttribute("endless", .double(.infinity)), ReceivedAttribute("bytes", .bytes([0, 255, 7])),
                ReceivedAttribute("list", .array([.string("a"), .int(-1), .array([])])),
                ReceivedAttribute("map", .map([ReceivedAttribute("inner", .map([]))])),
                ReceivedAttribute("nothing", .empty), ReceivedAttribute("", .string("")),
            ])
        span.traceState = "a=1"
        span.flags = 0x301
        span.droppedAttributes = .max
        span.droppedEvents = 2
        span.droppedLinks = 3
        span.statusMessage = "it broke"
        span.events = [.init(name: "exception", time: .max, attributes: [ReceivedAttribute("k", .int(0))])]
        span.links = [.init(traceID: Made.trace(9), spanID: SpanID(rawValue: 9), traceState: "b=2")]
        return span
    }

    @Test("A span comes out as it went in")
    func roundTrip() {
        var tables = SharedTables()
        let stored = tables.pack(Self.odd)
        #expect(tables.unpack(stored, of: Self.odd.traceID) == Self.odd)
    }

    @Test("What a table has no room for is kept in full, or under a name for all")
    func full() {
        var tables = SharedTables()
        for number in 0..<25_000 { _ = tables.name("operation \(number)") }
        for number in 0..<25_000 { _ = tables.keys.number("key \(number)") }
        let span = Made.span(
            1, 1, 0, "service", "another", 0...1, [ReceivedAttribute("a new key", .int(5))])
        let stored = tables.pack(span)
        let back = tables.unpack(stored, of: span.traceID)
        #expect(back.name == SharedTables.beyond)
        #expect(back.attributes == span.attributes)
    }

    @Test("A pair that is there is never ruled out by its bits")
    func bits() {
        var tables = SharedTables()
        let stored = tables.pack(Self.odd)
        for attribute in Self.odd.attributes {
            let bits = StoredSpan.bits(attribute.key, attribute.value.text)
            #expect(stored.pairBits & bits == bits)
        }
    }
}

extension Made {
    fileprivate static func span(
        _ trace: UInt64, _ id: UInt64, _ parent: UInt64, _ service: String, _ name: String,
        _ milliseconds: ClosedRange<UInt64>, _ attributes: [ReceivedAttribute]
    ) -> ReceivedSpan {
        self.span(
            trace, id, in: parent, service, name, milliseconds, kind: .server, isError: false, attributes: attributes)
    }
}
