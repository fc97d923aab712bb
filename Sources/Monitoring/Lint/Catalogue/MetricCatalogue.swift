package import Telemetry

/// Every name that a query may use, and what is known of it.
package struct MetricCatalogue: Sendable {
    private(set) var entries: [String: MetricEntry]

    /// What is declared, and what Prometheus and Alertmanager have of themselves.
    package init(_ metrics: [MetricDescription]) {
        self.entries = Self.prometheus
        for metric in metrics {
            for (name, entry) in MetricEntry.entries(of: metric) { self.add(name, entry) }
        }
        for name in Self.neverZero { self.entries[name]?.isNeverZero = true }
    }

    package subscript(_ name: String) -> MetricEntry? { self.entries[name] }

    mutating func add(_ name: String, _ entry: MetricEntry) {
        self.entries[name] = self.entries[name].map { $0.union(entry) } ?? entry
    }

    /// The same with the series that rules record; each may build on those before it.
    package func recording(_ rules: [LintedRule]) -> MetricCatalogue {
        var result = self
        let records = rules.filter { !$0.isAlert && $0.expression != nil }
        // Files are read in the order of their names, so that a rule may stand before what it builds on.
        for _ in 0..<3 {
            var pass: [String: MetricEntry] = [:]
            for rule in records {
                let entry = result.entry(recordedBy: rule)
                pass[rule.name] = pass[rule.name].map { $0.union(entry) } ?? entry
                result.entries[rule.name] = pass[rule.name]
            }
        }
        return result
    }

    private func entry(recordedBy rule: LintedRule) -> MetricEntry {
        let shape = rule.expression.map { Shape(of: $0, in: self) } ?? Shape()
        let own = Dictionary(rule.labels.map { ($0.name, Set([$0.value])) }) { $0.union($1) }
        return MetricEntry(
            shape.kind == .counter ? .counter : .gauge, unit: shape.unit, observed: shape.observed,
            labels: shape.labels?.union(own.keys), values: own, isBucket: shape.hasBuckets,
            isNeverZero: shape.isNeverZero)
    }

    /// Limits and capacities, which are settings above 0, and moments.
    private static let neverZero: Set<String> = [
        "db_client_connection_max", "resilience_load_shed_limit", "process_max_fds", "process_start_time_seconds",
        "process_resident_memory_bytes", "shop_telemetry_spool_capacity_bytes",
        "otel_sdk_processor_span_queue_capacity", "otel_sdk_processor_log_queue_capacity",
        "shop_process_clock_seconds", "shop_load_journeys_limit",
    ]
}
