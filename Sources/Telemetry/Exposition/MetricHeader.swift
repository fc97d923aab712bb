/// The parts of a family's exposition that never change, rendered once.
struct MetricHeader: Sendable {
    /// `# HELP`, `# TYPE` in the text format 0.0.4.
    let prometheus: [UInt8]
    /// `# TYPE`, `# UNIT`, `# HELP` in OpenMetrics 1.0.
    let openMetrics: [UInt8]
    /// The name a sample begins with, `_total` included.
    let sampleName: [UInt8]
    let bucketName: [UInt8]
    let sumName: [UInt8]
    let countName: [UInt8]
    let createdName: [UInt8]
    let labelNames: [String]
    /// `le="…"} ` of each bucket, in both spellings, the last being infinity.
    let bounds: [[UInt8]]
    let openMetricsBounds: [[UInt8]]

    init(_ description: MetricDescription) {
        let family = PrometheusName.family(description)
        let sample = PrometheusName.metric(description)
        self.sampleName = Array(sample.utf8)
        self.bucketName = Array("\(sample)_bucket{".utf8)
        self.sumName = Array("\(sample)_sum".utf8)
        self.countName = Array("\(sample)_count".utf8)
        self.createdName = Array("\(family)_created".utf8)
        self.labelNames = description.labelNames.map(PrometheusName.label)
        self.bounds = Self.bounds(description, wholeSuffix: "")
        self.openMetricsBounds = Self.bounds(description, wholeSuffix: ".0")
        self.prometheus = Self.lines(sample, description, unit: "", isOpenMetrics: false)
        self.openMetrics = Self.lines(
            family, description, unit: PrometheusName.unitSuffix(description), isOpenMetrics: true)
    }

    private static func lines(
        _ name: String, _ description: MetricDescription, unit: String, isOpenMetrics: Bool
    ) -> [UInt8] {
        var sink = ByteSink(capacity: 256)
        sink.append(text: "# HELP \(name) ")
        LabelText.append(help: description.help, escapingQuotes: isOpenMetrics, to: &sink)
        sink.append(text: "\n# TYPE \(name) \(self.type(description.kind))\n")
        if !unit.isEmpty { sink.append(text: "# UNIT \(name) \(unit)\n") }
        return sink.bytes
    }

    private static func type(_ kind: MetricKind) -> String {
        switch kind {
        case .counter: "counter"
        case .upDownCounter, .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    /// Prometheus' own clients write `le="1"` in the old format and the canonical `le="1.0"` in OpenMetrics.
    private static func bounds(_ description: MetricDescription, wholeSuffix: String) -> [[UInt8]] {
        guard description.kind == .histogram else { return [] }
        let finite = description.bounds.map { bound -> String in
            let isWhole = bound == bound.rounded() && bound.magnitude < 1e15
            return isWhole ? "\(Int(bound))\(wholeSuffix)" : "\(bound)"
        }
        return (finite + ["+Inf"]).map { Array("le=\"\($0)\"} ".utf8) }
    }
}
