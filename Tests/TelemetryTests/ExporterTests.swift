import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@Suite("Batch processor and exporter")
struct ExporterTests {
    private func spans(_ exporting: ExportingTelemetry, _ count: Int) {
        for _ in 0..<count { exporting.telemetry.tracer.startSpan("s", parent: nil).end() }
    }

    private func count(_ body: String) -> Int { body.split(separator: "\"traceId\"").count - 1 }

    private static let exported = "otel_sdk_exporter_span_exported_total"

    @Test("A part batch goes after the schedule delay, a whole one at once")
    func schedule() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport()
        let exporting = try ExportingTelemetry(
            transport: transport, clock: clock,
            environment: ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "64", "OTEL_BSP_MAX_QUEUE_SIZE": "256"])
        let run = Task { await exporting.telemetry.run() }
        await clock.waitForSleepers()
        self.spans(exporting, 3)
        clock.advance(by: .seconds(5))
        await transport.waitForRequests(1)
        #expect(self.count(transport.bodies[0]) == 3)
        await clock.waitForSleepers()
        self.spans(exporting, 64)
        await transport.waitForRequests(2)
        #expect(self.count(transport.bodies[1]) == 64)
        run.cancel()
        await run.value
        #expect(transport.wasSuppressed == [true, true])
        #expect(try exporting.count(Self.exported, errorType: nil) == 67)
        #expect(try exporting.count("otel_sdk_exporter_span_inflight") == 0)
    }

    @Test("Cancelling run flushes what waits")
    func shutdown() async throws {
        let transport = RecordingTransport()
        let exporting = try ExportingTelemetry(transport: transport, clock: ManualClock())
        let run = Task { await exporting.telemetry.run() }
        self.spans(exporting, 1_200)
        run.cancel()
        await run.value
        #expect(transport.bodies.map(self.count).reduce(0, +) == 1_200)
        #expect(transport.bodies.allSatisfy { self.count($0) <= 512 })
    }

    @Test("A full queue drops the newest, counts them, and the recorder goes on")
    func bounded() throws {
        let exporting = try ExportingTelemetry(
            transport: RecordingTransport(), clock: ManualClock(),
            environment: ["OTEL_BSP_MAX_QUEUE_SIZE": "100", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "50"])
        self.spans(exporting, 1_000)
        let waiting = try #require(try exporting.count("otel_sdk_processor_span_queue_size"))
        let dropped = try #require(
            try exporting.count("otel_sdk_processor_span_processed_total", errorType: "queue_full"))
        #expect(waiting + dropped == 1_000)
        // The slot's buffer may hold a few more than the queue.
        #expect((100...106).contains(waiting))
        #expect(try exporting.count("otel_sdk_processor_span_queue_capacity") == 100)
    }

    @Test(
        "Retryable statuses and broken connections are tried again, with growing waits",
        arguments: [429, 502, 503, 504, 0])
    func retries(status: Int) async throws {
        let clock = ManualClock()
        let answer: RecordingTransport.Answer = status == 0 ? .failure : .response(OTLPResponse(status: status))
        let transport = RecordingTransport(answers: [answer, answer])
        let exporting = try ExportingTelemetry(transport: transport, clock: clock)
        self.spans(exporting, 2)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(100)) { transport.requests.count == 3 }
        await flush.value
        #expect(transport.requests.count == 3)
        #expect(Set(transport.bodies).count == 1)
        #expect(clock.now.sinceStart >= .seconds(1.25))
        #expect(try exporting.count(Self.exported, errorType: nil) == 2)
        // A receiver that says "not now" has taken nothing; a lost connection or a proxy's word tells nothing.
        let isUnclear = [0, 502, 504].contains(status)
        #expect(try exporting.count("shop_telemetry_resent_records_total") == (isUnclear ? 4 : 0))
    }

    @Test("A receiver that cannot be reached gets no duplicates when it comes back")
    func notSent() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: [.unreachable, .unreachable])
        let exporting = try ExportingTelemetry(transport: transport, clock: clock)
        self.spans(exporting, 2)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(100)) { transport.requests.count == 3 }
        await flush.value
        #expect(try exporting.count("shop_telemetry_resent_records_total") == 0)
        #expect(try exporting.count(Self.exported, errorType: nil) == 2)
    }

    @Test("Retry-After is waited for")
    func retryAfter() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: [.response(OTLPResponse(status: 503, retryAfter: .seconds(20)))])
        let exporting = try ExportingTelemetry(transport: transport, clock: clock)
        self.spans(exporting, 1)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(500)) { transport.requests.count == 2 }
        #expect(clock.now.sinceStart >= .seconds(20))
        await flush.value
    }

    @Test(
        "Other statuses are final: the batch is given up, counted, and told once", arguments: [400, 401, 404, 500, 301])
    func finalStatus(status: Int) async throws {
        let answer = RecordingTransport.Answer.response(OTLPResponse(status: status))
        let transport = RecordingTransport(answers: [answer, answer])
        let exporting = try ExportingTelemetry(transport: transport, clock: ManualClock())
        for _ in 0..<3 {
            self.spans(exporting, 5)
            await exporting.telemetry.flush()
        }
        #expect(transport.requests.count == 3)
        #expect(try exporting.count(Self.exported, errorType: "refused") == 10)
        #expect(exporting.lines.all.count == 2)
        #expect(
            exporting.lines.all[0].contains("telemetry export fails")
                && exporting.lines.all[0].contains("status \(status)"))
        #expect(exporting.lines.all[1].contains("telemetry export works again"))
    }

    @Test("A partial success is not sent again; what was rejected is counted", arguments: ["\"2\"", "2"])
    func partialSuccess(rejected: String) async throws {
        let body = Array(#"{"partialSuccess":{"errorMessage":"no room","rejectedSpans":\#(rejected)}}"#.utf8)
        let transport = RecordingTransport(answers: [.response(OTLPResponse(status: 200, body: body))])
        let exporting = try ExportingTelemetry(transport: transport, clock: ManualClock())
        self.spans(exporting, 5)
        await exporting.telemetry.flush()
        #expect(transport.requests.count == 1)
        #expect(try exporting.count(Self.exported, errorType: "rejected") == 2)
        #expect(try exporting.count(Self.exported, errorType: nil) == 3)
        #expect(exporting.lines.all.first?.contains("rejected 2 of 5: no room") == true)
    }

    @Test(
        "An answer that is garbage counts as accepted",
        arguments: [
            "", "{", "[]", "{\"partialSuccess\":{\"rejectedSpans\":\"-9\"}}", "{\"partialSuccess\":7}", "\u{0}",
        ])
    func garbage(body: String) async throws {
        let transport = RecordingTransport(answers: [.response(OTLPResponse(status: 200, body: Array(body.utf8)))])
        let exporting = try ExportingTelemetry(transport: transport, clock: ManualClock())
        self.spans(exporting, 5)
        await exporting.telemetry.flush()
        #expect(try exporting.count(Self.exported, errorType: nil) == 5)
    }

    @Test("At the end, a receiver that never answers costs the deadline and no more; without a spool, the batch too")
    func silence() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: [.silence], clock: clock)
        let exporting = try ExportingTelemetry(transport: transport, clock: clock)
        self.spans(exporting, 1)
        let isOver = Atomic(false)
        let run = Task {
            await exporting.telemetry.run(flushTimeout: .seconds(4))
            isOver.store(true, ordering: .releasing)
        }
        run.cancel()
        await clock.advance(by: .milliseconds(100)) { isOver.load(ordering: .acquiring) }
        await run.value
        #expect(clock.now.sinceStart >= .seconds(4) && transport.requests.count == 1)
        #expect(try exporting.count(Self.exported, errorType: "timeout") == 1)
    }

    @Test("A receiver that answers slowly is not asked twice when the process ends")
    func slowAtTheEnd() async throws {
        let transport = RecordingTransport(answers: [.held])
        let exporting = try ExportingTelemetry(transport: transport, clock: ManualClock())
        self.spans(exporting, 512)
        let run = Task { await exporting.telemetry.run() }
        await transport.waitForRequests(1)
        run.cancel()
        transport.release()
        await run.value
        #expect(transport.requests.count == 1)
        #expect(try exporting.count(Self.exported, errorType: nil) == 512)
    }

    @Test("Without a spool a batch is tried for the export timeout, then given up for the next one")
    func givesUp() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(
            answers: Array(repeating: .response(OTLPResponse(status: 503)), count: 1_000))
        let exporting = try ExportingTelemetry(
            transport: transport, clock: clock, environment: ["OTEL_BSP_EXPORT_TIMEOUT": "10000"])
        self.spans(exporting, 3)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(100)) {
            (try? exporting.count(Self.exported, errorType: "timeout")) == 3
        }
        await flush.value
        #expect(clock.now.sinceStart > .seconds(5) && clock.now.sinceStart < .seconds(12))
    }

    @Test("A body is compressed where that is asked for, once, and says so")
    func gzip() async throws {
        let transport = RecordingTransport(answers: [.response(OTLPResponse(status: 429))])
        let clock = ManualClock()
        let exporting = try ExportingTelemetry(
            transport: transport, clock: clock, environment: ["OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"])
        self.spans(exporting, 1)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(100)) { transport.requests.count == 2 }
        await flush.value
        #expect(transport.requests.allSatisfy { $0.contentEncoding == "gzip" && $0.body.starts(with: [0x1f, 0x8b]) })
        #expect(transport.gzipCount == 1)
    }

    @Test("Nothing is exported without a transport, and spans then cost no queue")
    func noTransport() async throws {
        let telemetry = Telemetry(TelemetryConfiguration(serviceName: "s"), logSink: .discard)
        telemetry.tracer.startSpan("s").end()
        await telemetry.flush()
        let text = String(decoding: telemetry.metrics.exposition(), as: UTF8.self)
        #expect(!text.contains("otel_sdk_processor_span"))
    }
}
