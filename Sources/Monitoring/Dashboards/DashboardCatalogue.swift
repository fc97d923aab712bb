/// All dashboards, and what tests and other tools want of them.
package enum DashboardCatalogue {
    package static let all: [Dashboard] = [
        .overview, .service, .gateway, .dependencies, .resilience, .chaos, .objectives, .business, .telemetry, .process,
        .stores, .logs, .load,
    ]

    /// As they are committed.
    package static var files: [GeneratedFile] { self.all.map(\.file) }

    /// Every query that Prometheus is asked by a dashboard's panels.
    package static func panelQueries(of dashboard: Dashboard) -> [PanelQuery] {
        dashboard.panels.flatMap { panel in
            panel.queries.enumerated().compactMap { index, query in
                guard case .metrics(let expression) = query.source else { return nil }
                return PanelQuery(
                    dashboard: dashboard.id, panel: panel.title, reference: Panel.referenceID(index),
                    expression: expression, isInstant: panel.isInstant, unit: query.column?.unit ?? panel.unit,
                    legend: query.legend, dataNeeds: query.dataNeeds ?? panel.dataNeeds)
            }
        }
    }

    /// Every query that Prometheus is asked by any panel.
    package static var panelQueries: [PanelQuery] { self.all.flatMap { self.panelQueries(of: $0) } }
}

/// A query of a panel, with what is known of it.
package struct PanelQuery: Sendable {
    package let dashboard: DashboardID
    /// The panel's title.
    package let panel: String
    /// `A`, `B`, … within the panel.
    package let reference: String
    /// With Grafana's variables in it.
    package let expression: PromQL
    /// Whether it is asked for one moment alone.
    package let isInstant: Bool
    package let unit: PanelUnit
    package let legend: Legend
    package let dataNeeds: DataNeeds
}
