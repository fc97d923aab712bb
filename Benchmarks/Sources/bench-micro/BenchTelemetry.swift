import Glibc
import Telemetry

/// Takes every export and forgets it.
struct ForgettingTransport: OTLPTransport {
    func send(_ request: OTLPRequest) async throws -> OTLPResponse { OTLPResponse(status: 200) }
}

/// What the operations record with.
struct BenchTelemetry: Sendable {
    /// All on: spans and log records are exported, lines go to /dev/null.
    let exporting: Telemetry
    /// Lines go to /dev/null, and nothing is exported: what a log line alone costs.
    let lines: Telemetry
    let unsampled: Telemetry
    /// As `exporting`, with no exporter at work: two threads have both cores for themselves.
    let resting: Telemetry

    init() {
        let null = LogSink.descriptor(open("/dev/null", O_WRONLY | O_CLOEXEC))
        var configuration = TelemetryConfiguration(serviceName: "bench")
        configuration.spanBatches = BatchSettings(scheduleDelay: .milliseconds(5), queueMax: 65_536, batchMax: 512)
        configuration.logBatches = configuration.spanBatches
        // One message, over and over: none may be thinned out.
        configuration.logRepeats = LogRepeats(first: .max)
        self.exporting = Telemetry(configuration, logSink: null, transport: ForgettingTransport())
        self.resting = Telemetry(configuration, logSink: null, transport: ForgettingTransport())
        configuration.logsExporter = .none
        self.lines = Telemetry(configuration, logSink: null, transport: ForgettingTransport())
        configuration.sampler = .alwaysOff
        self.unsampled = Telemetry(configuration, logSink: .discard, transport: ForgettingTransport())
    }

    /// Spans, log records and lines that were dropped: an operation that drops is no operation.
    var droppedCount: Int {
        [self.exporting, self.lines, self.unsampled, self.resting].reduce(0) { $0 + Self.dropped(by: $1) }
    }

    private static func dropped(by telemetry: Telemetry) -> Int {
        var total = 0.0
        for line in String(decoding: telemetry.metrics.exposition(), as: UTF8.self).split(separator: "\n") {
            let isDrop =
                line.hasPrefix("otel_sdk_processor_") && line.contains("error_type=\"queue_full\"")
                || line.hasPrefix("shop_log_lines_dropped") || line.hasPrefix("shop_log_lines_skipped")
            if isDrop, let last = line.split(separator: " ").last { total += Double(last) ?? 0 }
        }
        return Int(total)
    }
}

/// The samples that operations record.
enum Sample {
    static let parent = SpanContext(
        traceID: .random(), spanID: .random(), flags: [.sampled, .random], isRemote: true)

    @inline(never)
    static func attributes(_ turn: Int) -> [Attribute] {
        [
            .httpRequestMethod("GET"), .httpRoute("/api/v1/products/{id}"), .httpResponseStatusCode(200),
            .urlScheme("http"), .serverPort(8_000 &+ turn & 1),
        ]
    }
}
