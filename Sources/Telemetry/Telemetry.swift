/// Everything a process records: spans, log lines and metrics, and their way out.
///
/// Passed in, never global. Recording needs no `run()`; exporting does. What the recording side owns (buffers, cells)
/// lives as long as the process, so a process makes one.
public final class Telemetry: Sendable {
    public let configuration: TelemetryConfiguration
    public let tracer: Tracer
    public let log: Logger
    public let metrics: MetricRegistry
    private let logs: LogPipeline
    private let spanQueue: BatchQueue<RecordingSpan>?
    private let spanExporter: BatchExporter<RecordingSpan>?
    private let logExporter: BatchExporter<LogRecord>?
    private let metricExporter: MetricExporter?
    private let clock: TelemetryClock
    private let costs: TelemetryCosts
    private let collectionDuration: HistogramSeries
    /// The name of the instrumentation scope.
    private static let scopeName = "vitrine"

    public var resource: Resource { self.configuration.resource }
    /// Which headers carry context.
    public var propagators: Propagators { self.configuration.propagators }
    /// False under `OTEL_SDK_DISABLED`: contexts still pass through, log lines are still written, nothing else is recorded.
    public var isEnabled: Bool { !self.configuration.isDisabled }

    /// - Parameters:
    ///   - logSink: Where log lines go; a writer thread starts for standard output.
    ///   - transport: Carries OTLP; without one nothing is exported over OTLP, whatever the configuration says.
    public convenience init(
        _ configuration: TelemetryConfiguration, logSink: LogSink = .standardOutput,
        transport: (any OTLPTransport)? = nil
    ) {
        self.init(
            configuration, logSink: logSink, transport: transport, timer: ExportTimer(ContinuousClock()), manual: nil,
            keepsSpans: false)
    }

    /// With time and finished spans in the hands of a test.
    ///
    /// - Parameter keepsSpans: Spans wait in the queue for `takeFinishedSpans()` and are not exported.
    package init(
        _ configuration: TelemetryConfiguration, logSink: LogSink, transport: (any OTLPTransport)?, timer: ExportTimer,
        manual: ManualTime?, keepsSpans: Bool
    ) {
        self.configuration = configuration
        let clock = TelemetryClock(manual: manual)
        let costs = TelemetryCosts()
        let metrics = MetricRegistry(
            resource: configuration.resource, exemplarFilter: configuration.exemplarFilter,
            writesCreated: configuration.writesCreatedSamples, isDisabled: configuration.isDisabled
        ) { clock.unixNanoseconds() }
        let parts = PipelineParts(
            configuration: configuration, transport: transport, timer: timer, metrics: metrics, costs: costs,
            scopeName: Self.scopeName)
        let logQueue = parts.makeLogQueue()
        let logs = LogPipeline(
            clock: clock, settings: LogPipelineSettings(configuration), sink: logSink, records: logQueue, costs: costs)
        let log = Logger(logs, minimumLevel: configuration.logLevel)
        let spanQueue = parts.makeSpanQueue(keepsSpans: keepsSpans)
        let tailCounts = TailCounts(in: metrics)
        self.clock = clock
        self.costs = costs
        self.metrics = metrics
        self.logs = logs
        self.log = log
        self.tracer = Tracer(
            SpanRecorder(
                .init(
                    clock: clock, sampler: configuration.sampler, limits: configuration.spanLimits,
                    destination: SpanDestination(spanQueue), isEnabled: !configuration.isDisabled,
                    metrics: metrics, costs: costs, exceptionLog: log,
                    recordsExceptionEvents: configuration.exceptionSignal == .logsAndSpanEvents,
                    tail: configuration.tail.map { TailKeeper($0, counts: tailCounts) })))
        self.spanQueue = spanQueue
        self.spanExporter = keepsSpans ? nil : spanQueue.flatMap { parts.makeSpanExporter($0, log: log) }
        self.logExporter = logQueue.flatMap { parts.makeLogExporter($0, log: log) }
        self.metricExporter = parts.makeMetricExporter(log: log)
        self.collectionDuration = SelfMetrics.collectionSeries(in: metrics)
        ProcessMetrics.register(in: metrics)
        SelfMetrics.register(metrics, logs)
        costs.register(in: metrics)
    }

    /// Records no span, writes no line, exports nothing, exposes nothing. For tools and for tests that do not look.
    public static func disabled() -> Telemetry {
        var configuration = TelemetryConfiguration(serviceName: "disabled")
        configuration.isDisabled = true
        configuration.tracesExporter = .none
        configuration.logLevel = .error
        return Telemetry(configuration, logSink: .discard)
    }

    /// Exports until the task is cancelled, then flushes for at most `flushTimeout`; what cannot be delivered by then goes
    /// to the spool, or is lost and counted.
    ///
    /// - Parameter executor: Where batches are sent from; best where the transport runs, and away from traffic.
    public func run(on executor: (any TaskExecutor)? = nil, flushTimeout: Duration = .seconds(5)) async {
        await withTaskGroup(of: Void.self) { group in
            if let spanExporter { group.addTask { await spanExporter.run(on: executor) } }
            if let logExporter { group.addTask { await logExporter.run(on: executor) } }
            if let metricExporter { group.addTask { await metricExporter.run(on: executor) } }
            group.addTask { await Signal().wait { false } }  // Ends when the task is cancelled.
            await group.waitForAll()
        }
        // A task of its own, because this one is cancelled and would refuse to wait.
        await Task { await self.stop(timeout: flushTimeout) }.value
    }

    /// Exports what has been recorded so far and writes out waiting log lines; returns after `timeout` at the latest, and
    /// what is not delivered by then goes on being tried.
    public func flush(timeout: Duration = .seconds(5)) async {
        await withTaskGroup(of: Void.self) { group in
            if let spanExporter { group.addTask { await spanExporter.drain(timeout: timeout) } }
            if let logExporter { group.addTask { await logExporter.drain(timeout: timeout) } }
            if let metricExporter { group.addTask { await metricExporter.drain(timeout: timeout) } }
            group.addTask { await self.logs.flush(timeout: timeout) }
        }
    }

    private func stop(timeout: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            if let spanExporter { group.addTask { await spanExporter.stop(timeout: timeout) } }
            if let logExporter { group.addTask { await logExporter.stop(timeout: timeout) } }
            if let metricExporter { group.addTask { await metricExporter.stop(timeout: timeout) } }
            group.addTask { await self.logs.flush(timeout: timeout) }
        }
    }

    /// The text of a scrape, with its own duration counted for the next one.
    public func scrape(_ format: ExpositionFormat = .prometheusText) -> [UInt8] {
        let begun = self.clock.monotonicNanoseconds()
        let text = self.costs.scraping { self.metrics.exposition(format) }
        self.collectionDuration.record(nanoseconds: self.clock.monotonicNanoseconds() &- begun)
        return text
    }

    /// Ends a span and writes the log line that goes with it, both from one array and one clock reading: how the server
    /// pipeline finishes a request. Nothing is copied, and the line is written however often it repeats.
    ///
    /// - Parameter nanoseconds: The monotonic end; now by default.
    public func finish(
        _ span: ActiveSpan, _ message: StaticString, level: LogLevel = .info, attributes: [Attribute],
        status: SpanStatus = .unset, at nanoseconds: UInt64? = nil
    ) {
        let end = nanoseconds ?? self.clock.monotonicNanoseconds()
        self.log.record(level, message, attributes, in: span.context, at: end)
        span.end(at: end, attributes: attributes, status: status)
        if TelemetryCosts.isSampled(span.context.spanID.rawValue), self.isEnabled {
            self.costs.recorded(nanoseconds: self.clock.monotonicNanoseconds() &- end)
        }
    }

    /// The finished spans a test left in the queue, oldest first by end within each thread.
    package func takeFinishedSpans() -> [SpanData] {
        guard let spanQueue else { return [] }
        var spans: [SpanData] = []
        while case let batch = spanQueue.takeBatch(), !batch.isEmpty { spans += batch.map { $0.snapshot() } }
        return spans
    }
}

extension LogPipelineSettings {
    init(_ configuration: TelemetryConfiguration) {
        self.init(
            serviceName: configuration.resource.serviceName, format: configuration.logFormat,
            repeats: configuration.logRepeats, limits: configuration.logLimits)
    }
}
