/// Builds queues and exporters as the configuration says.
struct PipelineParts {
    let configuration: TelemetryConfiguration
    let transport: (any OTLPTransport)?
    let timer: ExportTimer
    let metrics: MetricRegistry
    let costs: TelemetryCosts
    let scopeName: String

    private var scopeVersion: String { self.configuration.resource["service.version"]?.text ?? "" }

    // MARK: Queues

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

    // MARK: Exporters

    func makeSpanExporter(_ queue: BatchQueue<RecordingSpan>, log: Logger) -> BatchExporter<RecordingSpan>? {
        let isConsole = self.configuration.tracesExporter == .console
        guard let transport = isConsole ? ConsoleTransport() : self.transport else { return nil }
        let encoder = OTLPTraceEncoder(
            resource: self.configuration.resource, scopeName: self.scopeName, scopeVersion: self.scopeVersion,
            limits: self.configuration.spanLimits)
        let settings = self.configuration.spanBatches
        let deliverer = self.makeDeliverer(
            .traces, self.configuration.tracesEndpoint, transport, .spans, timeout: settings.exportTimeout,
            spooled: !isConsole, log)
        return BatchExporter(
            queue: queue, settings: settings, deliverer: deliverer, timer: self.timer, costs: self.costs
        ) { encoder.encode($0) }
    }

    func makeLogExporter(_ queue: BatchQueue<LogRecord>, log: Logger) -> BatchExporter<LogRecord>? {
        guard let transport else { return nil }
        let encoder = OTLPLogEncoder(
            resource: self.configuration.resource, scopeName: self.scopeName, scopeVersion: self.scopeVersion,
            limits: self.configuration.logLimits)
        let settings = self.configuration.logBatches
        let deliverer = self.makeDeliverer(
            .logs, self.configuration.logsEndpoint, transport, .logs, timeout: settings.exportTimeout, spooled: true,
            log)
        return BatchExporter(
            queue: queue, settings: settings, deliverer: deliverer, timer: self.timer, costs: self.costs
        ) { encoder.encode($0) }
    }

    func makeMetricExporter(log: Logger) -> MetricExporter? {
        guard !self.configuration.isDisabled, self.configuration.metricsExporter != .none else { return nil }
        let isConsole = self.configuration.metricsExporter == .console
        guard let transport = isConsole ? ConsoleTransport() : self.transport else { return nil }
        let settings = self.configuration.metricPush
        let encoder = OTLPMetricEncoder(
            resource: self.configuration.resource, scopeName: self.scopeName, scopeVersion: self.scopeVersion,
            temporality: settings.temporality)
        let deliverer = self.makeDeliverer(
            .metrics, self.configuration.metricsEndpoint, transport, .metrics, timeout: settings.timeout,
            spooled: false, log)
        return MetricExporter(
            metrics: self.metrics, settings: settings, encoder: encoder, deliverer: deliverer, timer: self.timer,
            costs: self.costs)
    }

    private func makeDeliverer(
        _ signal: OTLPSignal, _ endpoint: OTLPEndpoint, _ transport: any OTLPTransport, _ names: PipelineMetrics,
        timeout: Duration, spooled: Bool, _ log: Logger
    ) -> Deliverer {
        let counts = ExporterCounts()
        let durations = names.register(counts, in: self.metrics)
        let spool = spooled ? self.makeSpool(signal, counts, log) : nil
        if let spool { names.register(spool, in: self.metrics) }
        return Deliverer(
            queue: DeliveryQueue(spool: spool, counts: counts),
            sender: OTLPSender(signal: signal, endpoint: endpoint, transport: transport), timer: self.timer,
            exportTimeout: timeout, counts: counts, durations: durations, log: log)
    }

    private func makeSpool(_ signal: OTLPSignal, _ counts: ExporterCounts, _ log: Logger) -> Spool? {
        guard let settings = self.configuration.spool, settings.bytesMax > 0 else { return nil }
        let spool = Spool(
            folder: settings.folder, signal: signal.rawValue, bytesMax: settings.bytesMax, counts: counts)
        if spool == nil {
            log.warning(
                "telemetry spool unusable",
                [.errorMessage("\(settings.folder) cannot be written: an outage of the receiver will lose records")])
        }
        return spool
    }
}
