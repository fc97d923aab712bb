public import Telemetry

/// The series of deadlines.
package enum DeadlineMetrics {
    package static let exceeded = DynamicDescriptor(
        "resilience.deadline.exceeded", kind: .counter, unit: .count("call"),
        help: "Calls that were given up, or not begun, because their deadline had passed.", labelNames: ["client"])
}

/// Counts deadlines that passed, by whose they were.
public struct DeadlineCounts: Sendable {
    private let series: CounterSeries

    /// - Parameter client: the upstream that is called, or `server` for requests that are answered.
    public init(client: String, telemetry: Telemetry) {
        self.series = telemetry.metrics.dynamicCounter(DeadlineMetrics.exceeded).series([client])
    }

    public func exceeded(in context: SpanContext? = nil) { self.series.add(1, in: context) }
}
