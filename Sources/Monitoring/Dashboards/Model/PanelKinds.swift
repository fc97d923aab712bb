/// Lines over time.
package struct TimeSeries: PanelSource {
    package let panel: Panel

    /// - Parameter isStacked: one upon the other, where their sum means something.
    package init(
        _ title: String, _ unit: PanelUnit, _ description: String, isStacked: Bool = false,
        @QueryBuilder queries: () -> [Query]
    ) {
        self.panel = Panel(title, description, .timeSeries(isStacked: isStacked), unit, queries())
    }
}

/// A number, large.
package struct Stat: PanelSource {
    package let panel: Panel

    /// - Parameter hasTrend: its course is drawn behind it.
    package init(
        _ title: String, _ unit: PanelUnit, _ description: String, hasTrend: Bool = true,
        @QueryBuilder queries: () -> [Query]
    ) {
        self.panel = Panel(title, description, .stat(hasTrend: hasTrend), unit, queries())
    }
}

/// A number on a scale whose ends are known.
package struct Gauge: PanelSource {
    package let panel: Panel

    package init(
        _ title: String, _ unit: PanelUnit, _ description: String, @QueryBuilder queries: () -> [Query]
    ) {
        self.panel = Panel(title, description, .gauge, unit, queries())
    }
}

/// Numbers side by side, as bars.
package struct BarGauge: PanelSource {
    package let panel: Panel

    package init(
        _ title: String, _ unit: PanelUnit, _ description: String, @QueryBuilder queries: () -> [Query]
    ) {
        self.panel = Panel(title, description, .barGauge, unit, queries())
    }
}

/// Where the observations of a histogram lie, over time.
package struct HeatMap: PanelSource {
    package let panel: Panel

    /// - Parameter buckets: a rate or increase, by `le` alone.
    package init(_ title: String, _ unit: PanelUnit, _ description: String, buckets: PromQL) {
        self.panel = Panel(title, description, .heatMap, unit, [Query(buckets, "\(.le)", exemplars: true)])
    }
}

/// Which of some states each thing was in, over time.
package struct StateTimeline: PanelSource {
    package let panel: Panel

    package init(
        _ title: String, _ description: String, states: [StateName], @QueryBuilder queries: () -> [Query]
    ) {
        self.panel = Panel(title, description, .stateTimeline(states), .none, queries())
    }
}

/// What a state is called that a query gives as a number.
package struct StateName: Sendable, Hashable {
    package let value: Int
    package let text: String
    package let colour: PanelColour

    package init(_ value: Int, _ text: String, _ colour: PanelColour) {
        self.value = value
        self.text = text
        self.colour = colour
    }
}

/// Log lines, newest first.
package struct Logs: PanelSource {
    package let panel: Panel

    package init(_ title: String, _ description: String, _ lines: LogQL) {
        self.panel = Panel(title, description, .logs, .none, [Query(lines)]).needs(.logStore)
    }
}

/// Markdown.
package struct Text: PanelSource {
    package let panel: Panel

    package init(_ title: String, _ description: String, _ markdown: String) {
        self.panel = Panel(title, description, .text(markdown), .none, [])
    }
}

extension DataNeeds {
    package static let logStore = DataNeeds.only("when log lines are exported to Loki")
    package static let collector = DataNeeds.only("when spans and log lines are exported to a collector")
}
