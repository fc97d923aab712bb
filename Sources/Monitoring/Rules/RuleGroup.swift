/// Rules that are evaluated one after the other, at the same moment.
package struct RuleGroup: Sendable, Hashable {
    package enum Rule: Sendable, Hashable {
        case record(RecordingRule)
        case alert(AlertRule)
    }
    /// `shop-objectives`; one in all files.
    package let name: String
    package let rules: [Rule]
    /// Between two evaluations, in production's time; nil where Prometheus' own setting decides.
    package let interval: PromDuration?

    package init(_ name: String, _ rules: [Rule], every interval: PromDuration? = nil) {
        self.name = name
        self.rules = rules
        self.interval = interval
    }

    package var alerts: [AlertRule] {
        self.rules.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
    }
    package var records: [RecordingRule] {
        self.rules.compactMap { if case .record(let record) = $0 { record } else { nil } }
    }
}
