package import Telemetry

/// A metric that was declared: what queries begin with.
package protocol DescribedMetric: Sendable {
    var description: MetricDescription { get }
}

extension CounterDescriptor: DescribedMetric {}
extension UpDownCounterDescriptor: DescribedMetric {}
extension GaugeDescriptor: DescribedMetric {}
extension HistogramDescriptor: DescribedMetric {}
extension DynamicDescriptor: DescribedMetric {}

/// The series of a declared metric that bear certain labels.
///
/// What makes no sense is refused where it is written: a label that the metric has not, a rate of a gauge, buckets of a
/// counter.
package struct Series: Sendable {
    let metric: MetricDescription
    private let part: Part
    private let conditions: [LabelCondition]
    private let offset: PromDuration?

    private enum Part: String, Sendable {
        case whole = ""
        case bucket = "_bucket"
        case sum = "_sum"
        case count = "_count"
    }

    package init(_ metric: some DescribedMetric, _ conditions: LabelCondition...) {
        self.init(metric.description, .whole, conditions, nil)
    }

    package init(_ metric: some DescribedMetric, where conditions: [LabelCondition]) {
        self.init(metric.description, .whole, conditions, nil)
    }

    private init(_ metric: MetricDescription, _ part: Part, _ conditions: [LabelCondition], _ offset: PromDuration?) {
        self.metric = metric
        self.part = part
        self.conditions = conditions
        self.offset = offset
        for condition in conditions { self.require(condition.matcher.label) }
    }

    package func `where`(_ conditions: LabelCondition...) -> Series {
        Series(self.metric, self.part, self.conditions + conditions, self.offset)
    }

    /// What was, so long ago.
    package func ago(_ offset: PromDuration) -> Series { Series(self.metric, self.part, self.conditions, offset) }

    // MARK: Parts of a histogram

    package var buckets: Series { self.histogram(.bucket) }
    package var sum: Series { self.histogram(.sum) }
    package var count: Series { self.histogram(.count) }

    /// The observations that were no greater than a bound, which must be one of the histogram's.
    package func within(_ bound: Double) -> Series {
        precondition(
            self.metric.bounds.contains(bound), "\(self.metric.name) has no bucket that ends at \(bound)")
        let text = PromQL.text(bound)
        // `le="1"` in the old format is `le="1.0"` in OpenMetrics, and Prometheus keeps what it was given.
        guard bound == bound.rounded() else { return self.histogram(.bucket).where(.is(.le, text)) }
        return self.histogram(.bucket).where(.matches(.le, text + "(\\.0)?"))
    }

    private func histogram(_ part: Part) -> Series {
        precondition(self.metric.kind == .histogram, "\(self.metric.name) is no histogram")
        return Series(self.metric, part, self.conditions, self.offset)
    }

    // MARK: Expressions

    /// The value now.
    package var value: PromQL {
        precondition(self.metric.kind != .histogram || self.part != .whole, "\(self.metric.name) is a histogram")
        return .vector(self.selector)
    }

    /// Per second, over a window.
    package func rate(_ window: PromDuration) -> PromQL { .call("rate", [self.counted(window)]) }
    /// How much was added within a window.
    package func increase(_ window: PromDuration) -> PromQL { .call("increase", [self.counted(window)]) }

    /// `max_over_time`, `avg_over_time`, … of a gauge.
    package func overTime(_ function: String, _ window: PromDuration) -> PromQL {
        precondition(
            self.metric.kind == .gauge || self.metric.kind == .upDownCounter, "\(self.metric.name) is no gauge")
        return .call("\(function)_over_time", [.range(self.selector, window)])
    }

    /// How often a gauge changed within a window; `process_start_time_seconds` changes with each start.
    package func changes(_ window: PromDuration) -> PromQL { .call("changes", [.range(self.selector, window)]) }

    /// A quantile of a histogram over a window, one for each combination of `labels`.
    package func quantile(_ quantile: Double, _ window: PromDuration, by labels: [LabelKey] = []) -> PromQL {
        .call("histogram_quantile", [.number(quantile), self.buckets.rate(window).sum(by: labels + [.le])])
    }

    /// The mean of a histogram over a window.
    package func mean(_ window: PromDuration, by labels: [LabelKey] = []) -> PromQL {
        .ratio(self.sum.rate(window).sum(by: labels), self.count.rate(window).sum(by: labels))
    }

    private func counted(_ window: PromDuration) -> PromQL {
        precondition(
            self.metric.kind == .counter || self.part != .whole,
            "\(self.metric.name) is a \(self.metric.kind): it has no rate")
        return .range(self.selector, window)
    }

    package var selector: VectorSelector {
        VectorSelector(
            self.metric.prometheusName + self.part.rawValue, self.conditions.map(\.matcher), offset: self.offset)
    }

    private func require(_ label: String) {
        let declared = self.metric.labelNames.map(PrometheusName.label)
        let isKnown =
            declared.contains(label) || LabelKey.ofTargets.contains(label)
            || (label == LabelKey.le.name && self.part == .bucket)
        precondition(isKnown, "\(self.metric.name) has no label \(label); it has \(declared)")
    }
}
