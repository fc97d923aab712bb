import JSON
import Telemetry
import TelemetryTesting
import Testing

@Suite("OTLP over HTTP as JSON")
struct OTLPTests {
    private func telemetry(
        _ transport: RecordingTransport, _ clock: ManualClock, _ environment: [String: String] = [:]
    ) throws -> ExportingTelemetry {
        try ExportingTelemetry(transport: transport, clock: clock, environment: environment)
    }

    @Test("A batch of spans, byte for byte")
    func golden() async throws {
        let transport = RecordingTransport()
        let exporting = try self.telemetry(transport, ManualClock(), ["OTEL_SPAN_EVENT_COUNT_LIMIT": "1"])
        let (remote, _) = W3CPropagator.extract(traceparent: TraceContextTests.header, tracestate: "a=b")
        let span = exporting.telemetry.tracer.startSpan("GET /x", kind: .server, parent: remote)
        span.setAttributes([
            .init("s", "a\"\n"), .init("i", Int.max), .init("d", 0.5), .init("b", false), .init("l", .strings(["x"])),
            .init("inf", -Double.infinity), .userEmail("ada@example.org"), .init("i", -1),
        ])
        exporting.advance(by: .milliseconds(1))
        span.addEvent("e", [.init("n", 1)])
        span.addEvent("dropped")
        let linked = SpanContext(traceID: TraceID(high: 0, low: 1), spanID: SpanID(rawValue: 2), isRemote: true)
        span.addLink(linked, [.init("k", "v")])
        span.setStatus(.error("bad"))
        exporting.advance(by: .milliseconds(1))
        span.end()
        await exporting.telemetry.flush()
        let request = try #require(transport.requests.first)
        #expect(request.signal == .traces && request.contentType == "application/json")
        #expect(request.endpoint.path == "/v1/traces" && request.endpoint.port == 4318)
        let body = try #require(transport.bodies.first)
        _ = try JSONValue(parsing: Array(body.utf8))
        let start = try #require(body.range(of: "\"spans\":["))
        let expected = [
            #""spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"\#(span.context.spanID)","#,
            #""parentSpanId":"b7ad6b7169203331","traceState":"a=b","flags":769,"name":"GET /x","kind":2,"#,
            #""startTimeUnixNano":"1767323045000000000","endTimeUnixNano":"1767323045002000000","#,
            #""attributes":[{"key":"s","value":{"stringValue":"a\"\n"}},{"key":"i","value":{"intValue":"-1"}},"#,
            #"{"key":"d","value":{"doubleValue":0.5}},{"key":"b","value":{"boolValue":false}},"#,
            #"{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"x"}]}}},"#,
            #"{"key":"inf","value":{"doubleValue":"-Infinity"}},"#,
            #"{"key":"user.email","value":{"stringValue":"[redacted]"}}],"#,
            #""events":[{"timeUnixNano":"1767323045001000000","name":"e","attributes":[{"key":"n","value":"#,
            #"{"intValue":"1"}}]}],"droppedEventsCount":1,"#,
            #""links":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","flags":768,"#,
            #""attributes":[{"key":"k","value":{"stringValue":"v"}}]}],"status":{"code":2,"message":"bad"}}]}]}]}"#,
        ].joined()
        #expect(body[start.lowerBound...] == expected)
        #expect(
            body.hasPrefix(
                #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"test"}}"#))
        #expect(body.contains(#""scopeSpans":[{"scope":{"name":"vitrine","version":"1.2.3"},"#))
    }

    @Test("Values beyond the length limit are cut at a character")
    func valueLength() async throws {
        let transport = RecordingTransport()
        let exporting = try self.telemetry(transport, ManualClock(), ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "3"])
        exporting.telemetry.tracer.startSpan("s", attributes: [.init("a", "éééé"), .init("l", .strings(["abcd"]))])
            .end()
        await exporting.telemetry.flush()
        #expect(
            transport.bodies[0].contains(#""stringValue":"ééé"}"#)
                && transport.bodies[0].contains(#""stringValue":"abc"}"#))
    }

    @Test("Log records go the same way when asked for, and stay on the sink too")
    func logs() async throws {
        let transport = RecordingTransport()
        let exporting = try self.telemetry(transport, ManualClock(), ["OTEL_LOGS_EXPORTER": "otlp"])
        let context = try #require(W3CPropagator.extract(traceparent: TraceContextTests.header).0)
        exporting.telemetry.log.error("broken", [.init("n", 1)], in: context)
        await exporting.telemetry.flush()
        #expect(transport.requests.map(\.endpoint.path) == ["/v1/logs"])
        let expected = [
            #""logRecords":[{"timeUnixNano":"1767323045000000000","observedTimeUnixNano":"1767323045000000000","#,
            #""severityNumber":17,"severityText":"ERROR","body":{"stringValue":"broken"},"#,
            #""attributes":[{"key":"n","value":{"intValue":"1"}}],"traceId":"0af7651916cd43dd8448eb211c80319c","#,
            #""spanId":"b7ad6b7169203331","flags":1}]}]}]}"#,
        ].joined()
        #expect(transport.bodies[0].hasSuffix(expected))
        #expect(exporting.lines.all.count == 1)
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? {
        self.indices.first { self[$0...].hasPrefix(text) }.map { $0..<self.index($0, offsetBy: text.count) }
    }
}
