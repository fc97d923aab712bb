package import Telemetry

/// The series of kept answers that stand in for fresh ones.
package enum FallbackMetrics {
    package static let answers = DynamicDescriptor(
        "resilience.fallback", kind: .counter, unit: .count("answer"),
        help: "Times a kept answer was asked for: stale if there was one.", labelNames: ["fallback", "outcome"],
        labelValues: ["outcome": ["stale", "missing", "expired"]])
}

/// The series of one fallback.
struct FallbackCounts: Sendable {
    let stale: CounterSeries
    let missing: CounterSeries
    let expired: CounterSeries

    init(name: String, in metrics: MetricRegistry) {
        let family = metrics.dynamicCounter(FallbackMetrics.answers)
        self.stale = family.series([name, "stale"])
        self.missing = family.series([name, "missing"])
        self.expired = family.series([name, "expired"])
    }
}
