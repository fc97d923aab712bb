/// Every setting of one `Telemetry`, read from the environment variables of the OpenTelemetry specification.
public struct TelemetryConfiguration: Sendable {
    /// Where finished spans go.
    public enum TracesExporter: Sendable, Hashable { case none, otlp, console }
    /// Where log records go besides the log sink.
    public enum LogsExporter: Sendable, Hashable { case none, otlp }
    /// Where metrics are pushed to, besides being there to be scraped.
    public enum MetricsExporter: Sendable, Hashable { case none, otlp, console }
    /// How errors are recorded: `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`.
    public enum ExceptionSignal: Sendable, Hashable {
        /// As log records; the default.
        case logs
        /// As span events too.
        case logsAndSpanEvents
    }

    /// `OTEL_SDK_DISABLED`: no span is recorded and nothing exported; logs and metrics stay. False by default.
    public var isDisabled = false
    /// `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, and what is detected of process and host.
    public var resource: Resource
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`; `parentbased_always_on` by default.
    public var sampler = Sampler.parentBased(root: .alwaysOn)
    /// `OTEL_SPAN_*_LIMIT`, `OTEL_EVENT_*_LIMIT`, `OTEL_LINK_*_LIMIT`, `OTEL_ATTRIBUTE_*_LIMIT`.
    public var spanLimits = SpanLimits()
    /// `OTEL_TRACES_EXPORTER`: `otlp` (default), `console`, `none`.
    public var tracesExporter = TracesExporter.otlp
    /// `OTEL_LOGS_EXPORTER`: `otlp` by default; `none` or `console` for the lines on standard output alone.
    public var logsExporter = LogsExporter.otlp
    /// `OTEL_METRICS_EXPORTER`: `prometheus` (default), `otlp`, `console`, `none`, or several between commas. Metrics can
    /// be scraped either way; this says where they are pushed besides.
    public var metricsExporter = MetricsExporter.none
    /// `OTEL_METRIC_EXPORT_*`, `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
    public var metricPush = MetricPushSettings()
    /// Whether OpenMetrics expositions carry `_created` samples; false.
    public var writesCreatedSamples = false
    /// Which traces are kept once their outcome is known; nil, the default, keeps all.
    public var tail: TailSettings?
    /// Where batches wait on disk while the receiver is away; nil, the default, for nowhere.
    public var spool: SpoolSettings?
    /// `OTEL_BSP_*`.
    public var spanBatches = BatchSettings()
    /// `OTEL_BLRP_*`.
    public var logBatches = BatchSettings(scheduleDelay: .seconds(1))
    /// `OTEL_EXPORTER_OTLP_*`, `OTEL_EXPORTER_OTLP_TRACES_*`.
    public var tracesEndpoint = OTLPEndpoint(path: OTLPSignal.traces.path)
    /// `OTEL_EXPORTER_OTLP_*`, `OTEL_EXPORTER_OTLP_LOGS_*`.
    public var logsEndpoint = OTLPEndpoint(path: OTLPSignal.logs.path)
    /// `OTEL_EXPORTER_OTLP_*`, `OTEL_EXPORTER_OTLP_METRICS_*`.
    public var metricsEndpoint = OTLPEndpoint(path: OTLPSignal.metrics.path)
    /// `OTEL_LOG_LEVEL`: `debug`, `info` (default), `warn`, `error`.
    public var logLevel = LogLevel.info
    /// How lines look: JSON, or text on a terminal.
    public var logFormat = LogFormat.automatic
    /// How often one message may be written.
    public var logRepeats = LogRepeats()
    /// `OTEL_LOGRECORD_*_LIMIT`, `OTEL_ATTRIBUTE_*_LIMIT`.
    public var logLimits = LogLimits()
    /// `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`: `logs` (default) or `logs/dup`.
    public var exceptionSignal = ExceptionSignal.logs
    /// `OTEL_METRICS_EXEMPLAR_FILTER`: `trace_based` (default), `always_on`, `always_off`.
    public var exemplarFilter = ExemplarFilter.traceBased
    /// `OTEL_PROPAGATORS`: `tracecontext,baggage` by default, or `none`.
    public var propagators: Propagators = [.traceContext, .baggage]

    /// Defaults throughout, nothing read from outside.
    public init(serviceName: String, serviceVersion: String = "0") {
        self.resource = .detected(serviceName: serviceName, serviceVersion: serviceVersion)
    }

    /// - Throws: `TelemetryConfigurationError` for the first value that is not understood.
    public init(
        environment: [String: String], serviceName: String, serviceVersion: String
    ) throws(TelemetryConfigurationError) {
        self.init(serviceName: serviceName, serviceVersion: serviceVersion)
        self.resource = .detected(
            serviceName: serviceName, serviceVersion: serviceVersion, environment: environment)
        let reader = EnvironmentReader(environment: environment)
        try self.readResource(reader)
        self.isDisabled = try reader.bool("OTEL_SDK_DISABLED") ?? false
        self.sampler = try Sampler(reader)
        self.spanLimits = try SpanLimits(reader)
        try self.readExporters(reader)
        self.spanBatches = try BatchSettings(reader, prefix: "OTEL_BSP", scheduleDelay: .seconds(5))
        self.logBatches = try BatchSettings(reader, prefix: "OTEL_BLRP", scheduleDelay: .seconds(1))
        self.tracesEndpoint = try OTLPEndpoint(reader, signal: .traces)
        self.logsEndpoint = try OTLPEndpoint(reader, signal: .logs)
        self.metricsEndpoint = try OTLPEndpoint(reader, signal: .metrics)
        try self.readMetricPush(reader)
        try self.readLogging(reader)
        let filters: KeyValuePairs<String, ExemplarFilter> = [
            "trace_based": .traceBased, "always_on": .alwaysOn, "always_off": .alwaysOff,
        ]
        self.exemplarFilter = try reader.choice("OTEL_METRICS_EXEMPLAR_FILTER", filters) ?? .traceBased
        self.propagators = try Self.propagators(reader)
    }

    /// Whether a variable is one that is read here: one of which nonsense is complained of, or the service's name, which
    /// may be anything.
    public static func knows(_ variable: String) -> Bool {
        do throws(TelemetryConfigurationError) {
            _ = try TelemetryConfiguration(environment: [variable: "!"], serviceName: "", serviceVersion: "")
            return variable == "OTEL_SERVICE_NAME"
        } catch {
            return error.variable == variable
        }
    }

    private mutating func readExporters(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        let traces: KeyValuePairs<String, TracesExporter> = ["otlp": .otlp, "console": .console, "none": .none]
        self.tracesExporter = try reader.choice("OTEL_TRACES_EXPORTER", traces) ?? .otlp
        let logs: KeyValuePairs<String, LogsExporter> = ["none": .none, "otlp": .otlp, "console": .none]
        self.logsExporter = try reader.choice("OTEL_LOGS_EXPORTER", logs) ?? .otlp
        let metrics: KeyValuePairs<String, MetricsExporter> = [
            "prometheus": .none, "otlp": .otlp, "console": .console, "none": .none,
        ]
        let chosen = try reader.choices("OTEL_METRICS_EXPORTER", metrics) ?? []
        self.metricsExporter = chosen.first { $0 != .none } ?? .none
    }

    private mutating func readMetricPush(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        self.metricPush.interval = try reader.milliseconds("OTEL_METRIC_EXPORT_INTERVAL") ?? .seconds(60)
        guard self.metricPush.interval > .zero else {
            throw reader.unexpected("OTEL_METRIC_EXPORT_INTERVAL", "milliseconds from 1 to 86400000")
        }
        self.metricPush.timeout = try reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT") ?? .seconds(30)
        // Low memory asks for differences of counters and totals of up-down counters: what is done for delta.
        let preferences: KeyValuePairs<String, MetricTemporality> = [
            "cumulative": .cumulative, "delta": .delta, "lowmemory": .delta,
        ]
        let preference = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"
        self.metricPush.temporality = try reader.choice(preference, preferences) ?? .cumulative
        _ = try reader.choice(
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", ["explicit_bucket_histogram": true])
    }

    private mutating func readLogging(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        let levels: KeyValuePairs<String, LogLevel> = [
            "debug": .debug, "info": .info, "warn": .warning, "warning": .warning, "error": .error,
        ]
        self.logLevel = try reader.choice("OTEL_LOG_LEVEL", levels) ?? .info
        self.logLimits = try LogLimits(reader)
        let signals: KeyValuePairs<String, ExceptionSignal> = ["logs": .logs, "logs/dup": .logsAndSpanEvents]
        self.exceptionSignal = try reader.choice("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", signals) ?? .logs
    }

    /// `OTEL_SERVICE_NAME` wins over `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, which wins over the program's own.
    private mutating func readResource(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        var attributes = try reader.pairs("OTEL_RESOURCE_ATTRIBUTES").map { Attribute($0.key, $0.value) }
        if let name = reader.text("OTEL_SERVICE_NAME") { attributes.append(.init("service.name", name)) }
        self.resource = self.resource.merging(attributes)
    }

    private static func propagators(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) -> Propagators {
        guard let text = reader.text("OTEL_PROPAGATORS") else { return [.traceContext, .baggage] }
        var chosen: Propagators = []
        for word in text.lowercased().split(separator: ",").map({ EnvironmentReader.trimmed(String($0)) }) {
            switch word {
            case "tracecontext": chosen.insert(.traceContext)
            case "baggage": chosen.insert(.baggage)
            case "none": return []
            default: throw reader.unexpected("OTEL_PROPAGATORS", "tracecontext, baggage or none")
            }
        }
        return chosen
    }
}
