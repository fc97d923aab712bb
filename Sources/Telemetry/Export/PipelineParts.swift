/// Builds queues and exporters as the configuration says.
struct PipelineParts {
    let configuration: TelemetryConfiguration
    let transport: (any OTLPTransport)?
    let timer: ExportTimer
    let metrics: MetricRegistry
    let scopeName: String

    private var scopeVersion: String { self.configuration.resource["service.version"]?.text ?? "" }

    /// Nil where finished spans go nowhere.
    func makeSpanQueue(keepsSpans: Bool) -> BatchQueue<RecordingSpan>? {
        let isExported: Bool =
            switch self.configuration.tracesExporter {
            case .none: false
            case .otlp: self.transport != nil
            case .console: true
            }
        guard keepsSpans || isExported && !self.configuration.isDisabled else { return nil }
        let settings = self.configuration.spanBatches
        let queue = BatchQueue<RecordingSpan>(capacity: settings.queueMax, batch: settings.batchMax)
        PipelineMetrics.spans.register(queue, in: self.metrics)
        return queue
    }

    func makeLogQueue() -> BatchQueue<LogRecord>? {
        guard self.configuration.logsExporter == .otlp, self.transport != nil, !self.configuration.isDisabled else {
            return nil
        }
        let settings = self.configuration.logBatches
        let queue = BatchQueue<LogRecord>(capacity: settings.queueMax, batch: settings.batchMax)
        PipelineMetrics.logs.register(queue, in: self.metrics)
        return queue
    }

    func makeSpanExporter(_ queue: BatchQueue<RecordingSpan>, log: Logger) -> BatchExporter<RecordingSpan>? {
        let encoder = OTLPTraceEncoder(
            resource: self.configuration.resource, scopeName: self.scopeName, scopeVersion: self.scopeVersion,
            limits: self.configuration.spanLimits)
        let counts = ExporterCounts()
        let duration = PipelineMetrics.spans.register(counts, in: self.metrics)
        let sender = self.makeSender(.traces, self.configuration.tracesEndpoint)
        let isConsole = self.configuration.tracesExporter == .console
        guard isConsole || sender != nil else { return nil }
        return BatchExporter(
            queue: queue, settings: self.configuration.spanBatches, counts: counts, timer: self.timer,
            duration: duration, log: log
        ) { batch, deadline in
            let body = encoder.encode(batch)
            guard !isConsole, let sender else { return ConsoleExport.write(body, count: batch.count) }
            return await sender.send(body, count: batch.count, deadline: deadline)
        }
    }

    func makeLogExporter(_ queue: BatchQueue<LogRecord>, log: Logger) -> BatchExporter<LogRecord>? {
        guard let sender = self.makeSender(.logs, self.configuration.logsEndpoint) else { return nil }
        let encoder = OTLPLogEncoder(
            resource: self.configuration.resource, scopeName: self.scopeName, scopeVersion: self.scopeVersion)
        let counts = ExporterCounts()
        let duration = PipelineMetrics.logs.register(counts, in: self.metrics)
        return BatchExporter(
            queue: queue, settings: self.configuration.logBatches, counts: counts, timer: self.timer,
            duration: duration, log: log
        ) { batch, deadline in
            await sender.send(encoder.encode(batch), count: batch.count, deadline: deadline)
        }
    }

    /// Lines the sink could not take.
    static func registerLogLines(_ logs: LogPipeline, in metrics: MetricRegistry) {
        metrics.observableCounter(
            CounterDescriptor<NoLabels>(
                "shop.log.lines.dropped", unit: .count("line"),
                help: "Log lines dropped because a buffer was full or the descriptor failed.")
        ) { [(NoLabels(), Double(logs.droppedCount))] }
    }

    private func makeSender(_ signal: OTLPSignal, _ endpoint: OTLPEndpoint) -> OTLPSender? {
        self.transport.map { OTLPSender(signal: signal, endpoint: endpoint, transport: $0, timer: self.timer) }
    }
}
