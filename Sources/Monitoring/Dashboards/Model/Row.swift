/// Panels that belong together, under a heading that folds them.
package struct Row: Sendable {
    package let title: String
    /// Into how many places a line is divided; divides 24. A panel takes one, or as many as it spans.
    package let columns: Int
    /// Of each panel, in Grafana's units of 30 pixels and a gap.
    package let height: Int
    package let panels: [Panel]

    package init(_ title: String, columns: Int = 2, height: Int = 8, @PanelBuilder panels: () -> [Panel]) {
        precondition(PanelGrid.columns.isMultiple(of: columns), "\(columns) do not divide \(PanelGrid.columns)")
        self.title = title
        self.columns = columns
        self.height = height
        self.panels = panels()
    }
}

@resultBuilder
package enum PanelBuilder {
    package static func buildExpression(_ source: some PanelSource) -> Panel { source.panel }
    package static func buildBlock(_ panels: Panel...) -> [Panel] { panels }
}
