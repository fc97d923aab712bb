package import Telemetry

/// The series of resends.
package enum RetryMetrics {
    /// What became of an attempt after the first, or why there was none.
    private static let outcomes = ["success", "failure"] + RetryRefusal.allCases.map(\.rawValue)

    package static let attempts = DynamicDescriptor(
        "resilience.retry.attempts", kind: .counter, unit: .count("attempt"),
        help: "Resends by how they ended, and failed attempts without a resend by why there was none.",
        labelNames: ["client", "outcome"], labelValues: ["outcome": Self.outcomes])
    package static let remaining = DynamicDescriptor(
        "resilience.retry.budget.remaining_ratio", kind: .gauge, unit: .ratio,
        help: "How much of the resends that can be saved up is left.", labelNames: ["client"])
}

/// The series of one client's resends.
struct RetryCounts: Sendable {
    private let succeeded: CounterSeries
    private let failed: CounterSeries
    private let refusals: [RetryRefusal: CounterSeries]

    init(client: String, budget: RetryBudget?, in metrics: MetricRegistry) {
        let family = metrics.dynamicCounter(RetryMetrics.attempts)
        self.succeeded = family.series([client, "success"])
        self.failed = family.series([client, "failure"])
        self.refusals = Dictionary(
            uniqueKeysWithValues: RetryRefusal.allCases.map { ($0, family.series([client, $0.rawValue])) })
        if let budget { metrics.observable(RetryMetrics.remaining) { [([client], budget.remainingRatio)] } }
    }

    func resent(_ isDone: Bool) { (isDone ? self.succeeded : self.failed).add() }
    func refused(_ reason: RetryRefusal) { self.refusals[reason]?.add() }
}
