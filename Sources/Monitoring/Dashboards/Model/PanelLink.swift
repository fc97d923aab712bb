/// Where a click on a panel's value leads.
package enum PanelLink: Sendable, Hashable {
    /// Another dashboard, with a variable set to the value's label.
    case dashboard(DashboardID, DashboardVariable, LabelKey)
    /// The traces of the service that the value's label names, newest first.
    case traces(of: LabelKey)
    /// The log lines of the service that the value's label names.
    case logs(of: LabelKey)
}
