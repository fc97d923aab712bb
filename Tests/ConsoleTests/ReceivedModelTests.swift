import Console
import Telemetry
import Testing

@Suite("What is received")
struct ReceivedModelTests {
    @Test("A resource without a name is an unknown service")
    func service() {
        #expect(ReceivedResource().service == "unknown_service")
        let named = ReceivedResource(attributes: [ReceivedAttribute("service.name", .string("order"))])
        #expect(named.service == "order")
    }

    @Test("A span that ends before it begins took no time")
    func duration() {
        let span = ReceivedSpan(
            traceID: TraceID(high: 0, low: 1), spanID: SpanID.random(), name: "x", start: 5, end: 3)
        #expect(span.duration == 0)
    }
}
