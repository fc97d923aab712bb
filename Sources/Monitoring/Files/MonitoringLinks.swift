/// Where what alerts point to is found.
package struct MonitoringLinks: Sendable, Hashable {
    /// Without a slash at its end.
    package let grafana: String
    /// The folder of the runbooks, without a slash at its end.
    package let runbooks: String

    package init(grafana: String = "http://127.0.0.1:3000", runbooks: String = "docs/runbooks") {
        self.grafana = grafana
        self.runbooks = runbooks
    }

    package func dashboard(_ dashboard: DashboardID) -> String { "\(self.grafana)/d/\(dashboard.uid)" }
    /// - Parameter alert: its name, which is the file's.
    package func runbook(_ alert: String) -> String { "\(self.runbooks)/\(alert).md" }
}
