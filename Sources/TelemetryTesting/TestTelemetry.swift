import Synchronization
public import Telemetry

/// A `Telemetry` whose spans, log lines and metrics a test can read, with time that moves only when told.
///
/// Everything recorded before an accessor is called is seen by it: nothing is asynchronous, nothing to wait for.
public final class TestTelemetry: Sendable {
    public let telemetry: Telemetry
    private let lines: LogMemory
    private let time: ManualTime
    private let taken = Mutex<[SpanData]>([])

    /// 2026-01-02T03:04:05Z
    public static let startUnixNanoseconds: UInt64 = 1_767_323_045_000_000_000

    /// - Parameter environment: `OTEL_*` variables.
    public convenience init(
        serviceName: String = "test", environment: [String: String], logLevel: LogLevel = .debug
    ) throws(TelemetryConfigurationError) {
        let configuration = try TelemetryConfiguration(
            environment: environment, serviceName: serviceName, serviceVersion: "1.2.3")
        self.init(configuration, logLevel: logLevel)
    }

    /// Defaults throughout.
    public convenience init(
        serviceName: String = "test", startUnixNanoseconds: UInt64 = TestTelemetry.startUnixNanoseconds
    ) {
        self.init(
            TelemetryConfiguration(serviceName: serviceName, serviceVersion: "1.2.3"),
            startUnixNanoseconds: startUnixNanoseconds)
    }

    public init(
        _ configuration: TelemetryConfiguration, logLevel: LogLevel = .debug,
        startUnixNanoseconds: UInt64 = TestTelemetry.startUnixNanoseconds
    ) {
        var configuration = configuration
        configuration.logLevel = logLevel
        // Tests look at every span, however many.
        configuration.spanBatches.queueMax = 1_000_000
        let lines = LogMemory()
        let time = ManualTime(startUnixNanoseconds: startUnixNanoseconds)
        self.lines = lines
        self.time = time
        self.telemetry = Telemetry(
            configuration, logSink: .memory(lines), transport: nil, timer: ExportTimer(ContinuousClock()),
            manual: time, keepsSpans: true)
    }

    public var tracer: Tracer { self.telemetry.tracer }
    public var log: Logger { self.telemetry.log }
    public var metrics: MetricRegistry { self.telemetry.metrics }

    /// Moves the time that spans and log lines read.
    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.time.advance(nanoseconds: UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }

    /// Now, as spans read it.
    public var monotonicNanoseconds: UInt64 { self.time.monotonicNanoseconds }

    /// Spans ended so far, in the order they ended on each thread.
    public var finishedSpans: [SpanData] {
        let fresh = self.telemetry.takeFinishedSpans()
        return self.taken.withLock { taken in
            taken += fresh
            return taken
        }
    }

    /// The finished spans as trees.
    public var spanTrees: [SpanTree] { SpanTree.build(self.finishedSpans) }

    /// The one finished span of this name; nil if there is none or several.
    public func span(named name: String) -> SpanData? {
        let found = self.finishedSpans.filter { $0.name == name }
        return found.count == 1 ? found[0] : nil
    }

    /// Log lines so far, without line feeds.
    public var logLines: [String] { self.lines.all }

    /// What a scrape would get.
    public func exposition(_ format: ExpositionFormat = .prometheusText) -> String {
        String(decoding: self.telemetry.metrics.exposition(format), as: UTF8.self)
    }

    /// The exposition, strictly parsed.
    public func samples() throws(PrometheusTextError) -> PrometheusText {
        try PrometheusText(parsing: self.exposition())
    }

    /// The value of one series; nil if there is no such series.
    public func value(_ name: String, _ labels: [String: String] = [:]) throws(PrometheusTextError) -> Double? {
        try self.samples().value(name, labels)
    }
}
