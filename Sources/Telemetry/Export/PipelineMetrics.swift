import Synchronization

/// The self-telemetry of one signal's queue and exporter (`otel.sdk.*`, OpenTelemetry semantic conventions, "SDK").
package struct PipelineMetrics: Sendable {
    /// `span`, `log` or `metric_data_point`.
    let signal: String
    /// What it counts, in the singular.
    let unit: String
    let processorType: String
    let exporterType: String

    static let spans = PipelineMetrics(
        signal: "span", unit: "span", processorType: "batching_span_processor",
        exporterType: "otlp_http_json_span_exporter")
    static let logs = PipelineMetrics(
        signal: "log", unit: "log_record", processorType: "batching_log_processor",
        exporterType: "otlp_http_json_log_exporter")
    static let metrics = PipelineMetrics(
        signal: "metric_data_point", unit: "data_point", processorType: "periodic_metric_reader",
        exporterType: "otlp_http_json_metric_exporter")

    private static let labels = ["otel.component.type", "otel.component.name"]
    private static let outcomeLabels = Self.labels + ["error.type"]
    private var processor: [String] { [self.processorType, self.processorType + "/0"] }
    private var exporter: [String] { [self.exporterType, self.exporterType + "/0"] }

    func register<Element>(_ queue: BatchQueue<Element>, in registry: MetricRegistry) {
        let processor = self.processor
        registry.observable(self.processed) {
            [(processor + [""], Double(queue.takenCount)), (processor + ["queue_full"], Double(queue.droppedCount))]
        }
        registry.observable(self.queueSize) {
            [(processor, Double(queue.count))]
        }
        registry.observable(self.queueCapacity) {
            [(processor, Double(queue.capacity))]
        }
    }

    func register(_ counts: ExporterCounts, in registry: MetricRegistry) -> HistogramSeries {
        let exporter = self.exporter
        registry.observable(self.exported) {
            [(exporter + [""], Double(counts.exported.load(ordering: .relaxed)))]
                + ExportLoss.allCases.map { (exporter + [$0.rawValue], Double(counts.lost($0))) }
        }
        registry.observable(self.inFlight) { [(exporter, Double(counts.inFlight))] }
        registry.observable(Self.resent) { [(exporter, Double(counts.resent.load(ordering: .relaxed)))] }
        return registry.dynamicHistogram(Self.operationDuration, seriesMax: 8).series(exporter)
    }

    func register(_ spool: Spool, in registry: MetricRegistry) {
        let exporter = self.exporter
        registry.observable(Self.spoolSize) { [(exporter, Double(spool.byteCount))] }
        registry.observable(Self.spoolCapacity) { [(exporter, Double(spool.bytesMax))] }
        registry.observable(Self.spoolBatches) { [(exporter, Double(spool.batchCount))] }
    }

    // MARK: Descriptors of every signal

    package static let operationDuration = DynamicDescriptor(
        "otel.sdk.exporter.operation.duration", kind: .histogram, unit: .seconds,
        help: "Duration of exporting a batch, retries included.", labelNames: Self.labels)
    package static let resent = DynamicDescriptor(
        "shop.telemetry.resent_records", kind: .counter, unit: .count("record"),
        help: "Records sent again although an earlier try may have arrived: possible duplicates at the receiver.",
        labelNames: Self.labels)
    package static let spoolSize = DynamicDescriptor(
        "shop.telemetry.spool.size", kind: .upDownCounter, unit: .bytes,
        help: "Bytes of batches that wait on disk for the receiver.", labelNames: Self.labels)
    package static let spoolCapacity = DynamicDescriptor(
        "shop.telemetry.spool.capacity", kind: .upDownCounter, unit: .bytes,
        help: "Bytes of batches that may wait on disk.", labelNames: Self.labels)
    package static let spoolBatches = DynamicDescriptor(
        "shop.telemetry.spool.batches", kind: .upDownCounter, unit: .count("batch"),
        help: "Batches that wait on disk for the receiver.", labelNames: Self.labels)

    // MARK: Descriptors of one signal

    package static let spansProcessed = Self.spans.processed
    package static let spanQueueSize = Self.spans.queueSize
    package static let spanQueueCapacity = Self.spans.queueCapacity
    package static let spansExported = Self.spans.exported
    package static let spansInFlight = Self.spans.inFlight
    package static let logsProcessed = Self.logs.processed
    package static let logQueueSize = Self.logs.queueSize
    package static let logQueueCapacity = Self.logs.queueCapacity
    package static let logsExported = Self.logs.exported
    package static let logsInFlight = Self.logs.inFlight
    package static let pointsExported = Self.metrics.exported
    package static let pointsInFlight = Self.metrics.inFlight

    private var processed: DynamicDescriptor {
        self.describe("processor", "processed", .counter, "finished processing", Self.outcomeLabels)
    }
    private var queueSize: DynamicDescriptor {
        self.describe("processor", "queue.size", .upDownCounter, "waiting to be exported")
    }
    private var queueCapacity: DynamicDescriptor {
        self.describe("processor", "queue.capacity", .upDownCounter, "that may wait")
    }
    private var exported: DynamicDescriptor {
        self.describe("exporter", "exported", .counter, "exported or given up", Self.outcomeLabels)
    }
    private var inFlight: DynamicDescriptor {
        self.describe("exporter", "inflight", .upDownCounter, "given to the exporter and not yet exported")
    }

    private func describe(
        _ component: String, _ what: String, _ kind: MetricKind, _ help: String, _ labels: [String] = Self.labels
    ) -> DynamicDescriptor {
        DynamicDescriptor(
            "otel.sdk.\(component).\(self.signal).\(what)", kind: kind, unit: .count(self.unit),
            help: "Telemetry: \(self.unit.split(separator: "_").joined(separator: " "))s \(help).", labelNames: labels)
    }
}
