/// A page of Grafana: rows of panels over the shop's metrics and log lines.
package struct Dashboard: Sendable {
    package let id: DashboardID
    /// What it answers, and whom.
    package let description: String
    /// Besides `vitrine`, which all of them have.
    package let tags: [String]
    /// What the reader chooses from, above the panels. One may only refer to those before it.
    package let variables: [DashboardVariable]
    /// Where somebody who looks at this one wants to go next.
    package let related: [DashboardID]
    package let rows: [Row]

    package init(
        _ id: DashboardID, _ description: String, tags: [String], variables: [DashboardVariable] = [],
        related: [DashboardID], @RowBuilder rows: () -> [Row]
    ) {
        self.id = id
        self.description = description
        self.tags = tags
        self.variables = variables
        self.related = related
        self.rows = rows()
    }

    /// In reading order.
    package var panels: [Panel] { self.rows.flatMap(\.panels) }

    /// The tag that all of them have, by which their menu finds them.
    package static let sharedTag = "vitrine"
}

@resultBuilder
package enum RowBuilder {
    package static func buildBlock(_ rows: Row...) -> [Row] { rows }
}
