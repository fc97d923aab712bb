import Synchronization

/// The self-telemetry of one signal's queue and exporter (`otel.sdk.*`, OpenTelemetry semantic conventions, "SDK").
struct PipelineMetrics: Sendable {
    /// `span` or `log`.
    let signal: String
    let processorType: String
    let exporterType: String

    static let spans = PipelineMetrics(
        signal: "span", processorType: "batching_span_processor", exporterType: "otlp_http_json_span_exporter")
    static let logs = PipelineMetrics(
        signal: "log", processorType: "batching_log_processor", exporterType: "otlp_http_json_log_exporter")

    private static let labels = ["otel.component.type", "otel.component.name"]
    private static let outcomeLabels = Self.labels + ["error.type"]
    private var processor: [String] { [self.processorType, self.processorType + "/0"] }
    private var exporter: [String] { [self.exporterType, self.exporterType + "/0"] }

    func register<Element>(_ queue: BatchQueue<Element>, in registry: MetricRegistry) {
        let processor = self.processor
        registry.observable(
            self.describe("processor", "processed", .counter, "finished processing", Self.outcomeLabels)
        ) {
            [(processor + [""], Double(queue.takenCount)), (processor + ["queue_full"], Double(queue.droppedCount))]
        }
        registry.observable(self.describe("processor", "queue.size", .upDownCounter, "waiting to be exported")) {
            [(processor, Double(queue.count))]
        }
        registry.observable(self.describe("processor", "queue.capacity", .upDownCounter, "that may wait")) {
            [(processor, Double(queue.capacity))]
        }
    }

    func register(_ counts: ExporterCounts, in registry: MetricRegistry) -> HistogramSeries {
        let exporter = self.exporter
        registry.observable(self.describe("exporter", "exported", .counter, "exported or given up", Self.outcomeLabels))
        {
            [
                (exporter + [""], Double(counts.exported.load(ordering: .relaxed))),
                (exporter + ["rejected"], Double(counts.rejected.load(ordering: .relaxed))),
                (exporter + ["export_failed"], Double(counts.failed.load(ordering: .relaxed))),
            ]
        }
        registry.observable(self.describe("exporter", "inflight", .upDownCounter, "in the present request")) {
            [(exporter, Double(counts.inFlight.load(ordering: .relaxed)))]
        }
        let durations = registry.dynamicHistogram(
            DynamicDescriptor(
                "otel.sdk.exporter.operation.duration", kind: .histogram, unit: .seconds,
                help: "Duration of exporting a batch, retries included.", labelNames: Self.labels), seriesMax: 8)
        return durations.series(exporter)
    }

    private func describe(
        _ component: String, _ what: String, _ kind: MetricKind, _ help: String, _ labels: [String] = Self.labels
    ) -> DynamicDescriptor {
        DynamicDescriptor(
            "otel.sdk.\(component).\(self.signal).\(what)", kind: kind, unit: .count(self.signal),
            help: "Telemetry: \(self.signal)s \(help).", labelNames: labels)
    }
}
