import Telemetry
import TelemetryTesting
import Testing

@testable import Console

@Suite("What the shop exports is what is received")
struct OwnExportTests {
    /// Records with a process's own telemetry, and the bodies that it exports.
    private static func exported(_ record: (Telemetry) -> Void) async throws -> [OTLPSignal: [UInt8]] {
        let environment = [
            "OTEL_METRICS_EXPORTER": "otlp", "OTEL_RESOURCE_ATTRIBUTES": "service.instance.id=order-1",
        ]
        let configuration = try TelemetryConfiguration(
            environment: environment, serviceName: "order", serviceVersion: "1.2.3")
        let transport = RecordingTransport()
        let telemetry = Telemetry(configuration, logSink: .discard, transport: transport)
        record(telemetry)
        let running = Task { await telemetry.run() }
        await telemetry.flush()
        running.cancel()
        await running.value
        return Dictionary(transport.requests.map { ($0.signal, $0.body) }) { first, _ in first }
    }

    @Test("Spans, with their attributes, events, links and status")
    func spans() async throws {
        let linked = SpanContext(traceID: .sample, spanID: .root, flags: .sampled)
        let bodies = try await Self.exported { telemetry in
            let root = telemetry.tracer.startSpan(
                "POST /api/v1/orders", kind: .server, links: [SpanLink(linked)])
            root.setAttributes([
                Attribute("text", "\"quoted\" \u{1F642}"), Attribute("count", 3), Attribute("ratio", 0.25),
                Attribute("flag", true), Attribute("list", .strings(["a", "b"])),
            ])
            root.addEvent("retry", [Attribute("attempt", 2)])
            root.setStatus(.error("no stock"))
            root.end()
        }
        let body = try #require(bodies[.traces])
        var intake = Decoding.intake()
        let spans: [ReceivedSpan] = try OTLPJSON.read(body, &intake)
        let span = try #require(spans.first)
        #expect(intake.refused.isEmpty)
        #expect(span.name == "POST /api/v1/orders")
        #expect(span.kind == .server)
        #expect(span.parentID == nil)
        #expect(span.attributes["text"] == .string("\"quoted\" \u{1F642}"))
        #expect(span.attributes["count"] == .int(3))
        #expect(span.attributes["ratio"] == .double(0.25))
        #expect(span.attributes["flag"] == .bool(true))
        #expect(span.attributes["list"] == .array([.string("a"), .string("b")]))
        #expect(span.events.map(\.name) == ["retry"])
        #expect(span.events.first?.attributes["attempt"] == .int(2))
        #expect(span.links.map(\.traceID) == [.sample])
        #expect(span.status == .error)
        #expect(span.statusMessage == "no stock")
        #expect(span.start > 0)
        #expect(span.resource.service == "order")
        #expect(span.resource.instance == "order-1")
        #expect(span.scope.name == "vitrine")
    }

    @Test("Log records, with their level and attributes")
    func logs() async throws {
        let bodies = try await Self.exported { telemetry in
            telemetry.log.error("order failed", [Attribute("order.id", 42)])
        }
        let body = try #require(bodies[.logs])
        var intake = Decoding.intake()
        let logs: [ReceivedLog] = try OTLPJSON.read(body, &intake)
        let log = try #require(logs.first { $0.body == .string("order failed") })
        #expect(log.severity == 17)
        #expect(log.severityText == "ERROR")
        #expect(log.attributes["order.id"] == .int(42))
        #expect(log.traceID == nil)
        #expect(log.time > 0)
        #expect(log.resource.service == "order")
    }

    @Test("Metrics: a counter, a gauge, a histogram")
    func metrics() async throws {
        let bodies = try await Self.exported { telemetry in
            telemetry.metrics.counter(CounterDescriptor<NoLabels>("t.count", unit: .count("call"), help: "Calls.")).add(
                3)
            telemetry.metrics.gauge(GaugeDescriptor<NoLabels>("t.level", unit: .none, help: "Level.")).set(0.5)
            telemetry.metrics.histogram(
                HistogramDescriptor<NoLabels>("t.time", unit: .seconds, help: "Time.")
            ).record(2)
        }
        let body = try #require(bodies[.metrics])
        var intake = Decoding.intake()
        let metrics: [ReceivedMetric] = try OTLPJSON.read(body, &intake)
        #expect(intake.refused.isEmpty)
        func point(_ name: String) -> ReceivedMetric.Point? { metrics.first { $0.name == name }?.point }
        #expect(point("t.count") == .number(3))
        #expect(point("t.level") == .number(0.5))
        #expect(point("t.time") == .distribution(count: 1, sum: 2))
        #expect(metrics.first { $0.name == "t.time" }?.unit == "s")
    }
}
