/// The levels of log lines, as lines spell them but in lower case; in the order of `LogLevel`.
package enum LogSeverity: String, MetricLabel {
    case debug, info, warn, error
    package static var labelName: String { "severity" }
}

/// What telemetry tells of itself beside its queues and exporters.
package enum SelfMetrics {
    private static let readerLabels = ["otel.component.type", "otel.component.name"]
    private static let readerType = "prometheus_http_text_metric_exporter"

    package static let collectionDuration = DynamicDescriptor(
        "otel.sdk.metric_reader.collection.duration", kind: .histogram, unit: .seconds,
        help: "Duration of rendering an exposition.", labelNames: Self.readerLabels,
        buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5])
    package static let series = GaugeDescriptor<NoLabels>(
        "shop.telemetry.series", unit: .count("series"), help: "Series of metrics that exist, observed ones left out.")
    package static let overflowed = CounterDescriptor<NoLabels>(
        "shop.telemetry.series_overflows", unit: .count("lookup"),
        help: "Look-ups of a series for which the metric had no room: they share one overflow series.")
    package static let processorTime = CounterDescriptor<TelemetryComponent>(
        "shop.telemetry.cpu", unit: .seconds, help: "Processor time spent on telemetry, by what it was spent on.")
    package static let lines = CounterDescriptor<LogSeverity>(
        "shop.log.lines", unit: .count("line"),
        help: "Log lines put out, by severity; those that a failing descriptor lost are among them.")
    package static let linesDropped = CounterDescriptor<NoLabels>(
        "shop.log.lines.dropped", unit: .count("line"),
        help: "Log lines dropped because a buffer was full or the descriptor failed.")
    package static let linesSkipped = CounterDescriptor<NoLabels>(
        "shop.log.lines.skipped", unit: .count("line"), help: "Log lines left out because their message repeats.")
    package static let logsCreated = CounterDescriptor<NoLabels>(
        "otel.sdk.log.created", unit: .count("log_record"), help: "Log records submitted, those left out included.")

    static func register(_ metrics: MetricRegistry, _ logs: LogPipeline) {
        metrics.observableGauge(self.series) { [(NoLabels(), Double(metrics.seriesCounts.series))] }
        metrics.observableCounter(self.overflowed) { [(NoLabels(), Double(metrics.seriesCounts.overflowed))] }
        metrics.observableCounter(self.lines) {
            zip(LogSeverity.allCases, logs.counts.written).map { ($0, Double($1)) }
        }
        metrics.observableCounter(self.linesDropped) { [(NoLabels(), Double(logs.droppedCount))] }
        metrics.observableCounter(self.linesSkipped) { [(NoLabels(), Double(logs.counts.skipped))] }
        metrics.observableCounter(self.logsCreated) { [(NoLabels(), Double(logs.counts.created))] }
    }

    static func collectionSeries(in metrics: MetricRegistry) -> HistogramSeries {
        metrics.dynamicHistogram(self.collectionDuration, seriesMax: 4).series([
            self.readerType, self.readerType + "/0",
        ])
    }
}
