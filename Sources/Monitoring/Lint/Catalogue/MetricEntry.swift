import Telemetry

/// What is known of the series of one name.
package struct MetricEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Only grows, until it begins anew; parts of histograms do too.
        case counter
        case gauge
        /// The name of a histogram, which has no series itself.
        case histogram
    }

    package var kind: Kind
    /// Nil where unknown.
    package var unit: Dimension?
    /// Of buckets: what is observed.
    package var observed: Dimension?
    /// All that a series may have; nil where that is not known.
    package var labels: Set<String>?
    /// By label, where they are known beforehand.
    package var values: [String: Set<String>]
    /// Of buckets, without infinity.
    package var bounds: [Double]
    package var isBucket: Bool
    package var isNeverZero: Bool

    package init(
        _ kind: Kind, unit: Dimension? = nil, observed: Dimension? = nil, labels: Set<String>?,
        values: [String: Set<String>] = [:], bounds: [Double] = [], isBucket: Bool = false, isNeverZero: Bool = false
    ) {
        self.kind = kind
        self.unit = unit
        self.observed = observed
        self.labels = labels
        self.values = values
        self.bounds = bounds
        self.isBucket = isBucket
        self.isNeverZero = isNeverZero
    }

    /// Under one name, as several processes declare it.
    func union(_ other: MetricEntry) -> MetricEntry {
        var result = self
        if let labels, let more = other.labels { result.labels = labels.union(more) } else { result.labels = nil }
        // A label whose values one of them leaves open is open.
        result.values = self.values.merging(other.values) { $0.union($1) }.filter { label, _ in
            [self, other].allSatisfy { $0.labels?.contains(label) != true || $0.values[label] != nil }
        }
        if self.unit != other.unit { result.unit = nil }
        result.bounds = self.bounds + other.bounds.filter { !self.bounds.contains($0) }
        result.isNeverZero = self.isNeverZero && other.isNeverZero
        return result
    }

    /// The series that a declared metric has, by name.
    static func entries(of metric: MetricDescription) -> [(name: String, entry: MetricEntry)] {
        let name = metric.prometheusName
        let names = metric.labelNames.map(PrometheusName.label)
        let closed = zip(names, metric.labelValues).filter { !$0.1.isEmpty }
        var values = Dictionary(closed.map { ($0.0, Set($0.1)) }) { $0.union($1) }
        values["service"] = Self.services
        let labels = LabelKey.ofTargets.union(names)
        let unit = Dimension(metric.unit)
        func entry(_ kind: Kind, _ unit: Dimension?) -> MetricEntry {
            MetricEntry(kind, unit: unit, labels: labels, values: values)
        }
        switch metric.kind {
        case .counter: return [(name, entry(.counter, unit))]
        case .gauge, .upDownCounter: return [(name, entry(.gauge, unit))]
        case .histogram:
            let bucket = MetricEntry(
                .counter, unit: .count, observed: unit, labels: labels.union(["le"]), values: values,
                bounds: metric.bounds, isBucket: true)
            return [
                (name, entry(.histogram, unit)), (name + "_bucket", bucket), (name + "_sum", entry(.counter, unit)),
                (name + "_count", entry(.counter, .count)),
            ]
        }
    }

    /// As the configuration of scrapes names them.
    static let services: Set<String> = [
        "gateway", "user", "product", "cart", "order", "load", "lab", "prometheus", "alertmanager",
    ]
}
