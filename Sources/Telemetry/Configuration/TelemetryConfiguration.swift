/// Every setting of one `Telemetry`, read from the environment variables of the OpenTelemetry specification.
public struct TelemetryConfiguration: Sendable {
    /// Where finished spans go.
    public enum TracesExporter: Sendable, Hashable { case none, otlp, console }
    /// Where log records go besides the log sink.
    public enum LogsExporter: Sendable, Hashable { case none, otlp }
    /// Which headers carry context.
    public enum Propagator: Sendable, Hashable { case traceContext, baggage }

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
    /// `OTEL_LOGS_EXPORTER`: `otlp` by default, `none` for the lines on standard output alone.
    public var logsExporter = LogsExporter.otlp
    /// `OTEL_BSP_*`.
    public var spanBatches = BatchSettings()
    /// `OTEL_BLRP_*`.
    public var logBatches = BatchSettings(scheduleDelay: .seconds(1))
    /// `OTEL_EXPORTER_OTLP_*`, `OTEL_EXPORTER_OTLP_TRACES_*`.
    public var tracesEndpoint = OTLPEndpoint(path: OTLPSignal.traces.path)
    /// `OTEL_EXPORTER_OTLP_*`, `OTEL_EXPORTER_OTLP_LOGS_*`.
    public var logsEndpoint = OTLPEndpoint(path: OTLPSignal.logs.path)
    /// `OTEL_LOG_LEVEL`: `debug`, `info` (default), `warn`, `error`.
    public var logLevel = LogLevel.info
    /// `OTEL_METRICS_EXEMPLAR_FILTER`: `trace_based` (default), `always_on`, `always_off`.
    public var exemplarFilter = ExemplarFilter.traceBased
    /// `OTEL_PROPAGATORS`: `tracecontext,baggage` by default, or `none`.
    public var propagators: Set<Propagator> = [.traceContext, .baggage]

    /// Defaults throughout, nothing read from outside.
    public init(serviceName: String, serviceVersion: String = "0") {
        self.resource = .detected(serviceName: serviceName, serviceVersion: serviceVersion)
    }

    /// - Throws: `TelemetryConfigurationError` for the first value that is not understood.
    public init(
        environment: [String: String], serviceName: String, serviceVersion: String
    ) throws(TelemetryConfigurationError) {
        self.init(serviceName: serviceName, serviceVersion: serviceVersion)
        let reader = EnvironmentReader(environment: environment)
        try self.readResource(reader)
        self.isDisabled = try reader.bool("OTEL_SDK_DISABLED") ?? false
        self.sampler = try Sampler(reader)
        self.spanLimits = try SpanLimits(reader)
        let traces: KeyValuePairs<String, TracesExporter> = ["otlp": .otlp, "console": .console, "none": .none]
        self.tracesExporter = try reader.choice("OTEL_TRACES_EXPORTER", traces) ?? .otlp
        self.logsExporter = try reader.choice("OTEL_LOGS_EXPORTER", ["none": .none, "otlp": .otlp]) ?? .otlp
        _ = try reader.choice("OTEL_METRICS_EXPORTER", ["prometheus": true, "none": false])
        self.spanBatches = try BatchSettings(reader, prefix: "OTEL_BSP", scheduleDelay: .seconds(5))
        self.logBatches = try BatchSettings(reader, prefix: "OTEL_BLRP", scheduleDelay: .seconds(1))
        self.tracesEndpoint = try OTLPEndpoint(reader, signal: .traces)
        self.logsEndpoint = try OTLPEndpoint(reader, signal: .logs)
        let levels: KeyValuePairs<String, LogLevel> = [
            "debug": .debug, "info": .info, "warn": .warning, "warning": .warning, "error": .error,
        ]
        self.logLevel = try reader.choice("OTEL_LOG_LEVEL", levels) ?? .info
        let filters: KeyValuePairs<String, ExemplarFilter> = [
            "trace_based": .traceBased, "always_on": .alwaysOn, "always_off": .alwaysOff,
        ]
        self.exemplarFilter = try reader.choice("OTEL_METRICS_EXEMPLAR_FILTER", filters) ?? .traceBased
        self.propagators = try Self.propagators(reader)
    }

    /// `OTEL_SERVICE_NAME` wins over `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, which wins over the program's own.
    private mutating func readResource(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        var attributes = try reader.pairs("OTEL_RESOURCE_ATTRIBUTES").map { Attribute($0.key, $0.value) }
        if let name = reader.text("OTEL_SERVICE_NAME") { attributes.append(.init("service.name", name)) }
        self.resource = self.resource.merging(attributes)
    }

    private static func propagators(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) -> Set<Propagator>
    {
        guard let text = reader.text("OTEL_PROPAGATORS") else { return [.traceContext, .baggage] }
        var chosen: Set<Propagator> = []
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
