/// What all dashboards show, to be read where there is no Grafana: `docs/dashboards.md`.
enum DashboardDocument {
    static var file: GeneratedFile { GeneratedFile(path: "docs/dashboards.md", text: self.text) }

    private static var text: String {
        self.introduction + DashboardCatalogue.all.map(self.section).joined(separator: "\n")
    }

    private static let introduction = """
        # Dashboards

        Grafana's dashboards, as they lie in `dashboards/`. Made by `make dashboards` from `Sources/Monitoring/Dashboards`:
        edit those, not this page and not the JSON. Queries are built from the descriptors of metrics, so that a renamed
        metric does not compile.

        On all of them new versions, process starts, faults, experiments and, where wanted, pages are marked over the
        panels. Marks on latencies are single requests: a click opens the trace. A click on a service leads to its traces
        and log lines.


        """

    private static func section(_ dashboard: Dashboard) -> String {
        let head = "## \(dashboard.id.title)\n\n\(dashboard.description)\n\n"
        let variables = dashboard.variables.map(\.title).joined(separator: ", ")
        let choice = variables.isEmpty ? "" : "To be chosen: \(variables). "
        let related = dashboard.related.map { "[\($0.title)](#\(self.anchor($0.title)))" }.joined(separator: ", ")
        let rows = dashboard.rows.map(self.rows).joined()
        return "\(head)\(choice)Beside it: \(related).\n\n| | Panel | What is seen |\n|---|---|---|\n\(rows)"
    }

    private static func rows(_ row: Row) -> String {
        row.panels.enumerated().map { index, panel in
            let needs = panel.dataNeeds.reason.map { " *Has data only \($0).*" } ?? ""
            return "| \(index == 0 ? row.title : "") | \(panel.title) | \(panel.description)\(needs) |\n"
        }.joined()
    }

    /// As GitHub makes it of a heading.
    private static func anchor(_ title: String) -> String {
        String(title.lowercased().compactMap { $0 == " " ? "-" : $0.isLetter || $0 == "-" ? $0 : nil })
    }
}
