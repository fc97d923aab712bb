/// A condition that somebody should know of.
package struct AlertRule: Sendable, Hashable {
    /// Who is called, and when.
    package enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Somebody is woken.
        case page
        /// Somebody looks at it on a working day.
        case ticket
        /// Shown beside others, never sent by itself: what inhibits, what explains.
        case info
        /// Always firing: its absence means that alerting is broken.
        case none
    }

    /// `CircuitBreakerOpen`
    package let name: String
    package let expression: PromQL
    /// How long it must hold before it fires; nothing where the expression's own windows do that.
    package let wait: PromDuration
    /// How long it goes on firing after it has last held.
    package let keepFiring: PromDuration?
    package let severity: Severity
    /// One line, with the labels in Prometheus' templates.
    package let summary: String
    /// What is wrong, with the value.
    package let description: String
    /// Where it is looked at.
    package let dashboard: DashboardID
    /// Besides `severity`.
    package let labels: [Label]

    package init(
        _ name: String, _ severity: Severity, when expression: PromQL, for wait: PromDuration = .milliseconds(0),
        keepFiring: PromDuration? = nil, summary: String, description: String, dashboard: DashboardID,
        labels: [Label] = []
    ) {
        self.name = name
        self.severity = severity
        self.expression = expression
        self.wait = wait
        self.keepFiring = keepFiring
        self.summary = summary
        self.description = description
        self.dashboard = dashboard
        self.labels = labels
    }
}
