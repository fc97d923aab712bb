/// What each kind of panel is called in Grafana, and how it is set.
///
/// Source: Grafana's schemas `public/app/plugins/panel/<type>/panelcfg.cue` and `packages/grafana-schema`.
extension Visualization {
    var type: String {
        switch self {
        case .timeSeries: "timeseries"
        case .stat: "stat"
        case .gauge: "gauge"
        case .barGauge: "bargauge"
        case .table: "table"
        case .heatMap: "heatmap"
        case .stateTimeline: "state-timeline"
        case .logs: "logs"
        case .text: "text"
        }
    }

    /// What shape a query's answer has.
    var format: String {
        switch self {
        case .table: "table"
        case .heatMap: "heatmap"
        default: "time_series"
        }
    }

    /// Numbers are judged. Lines are told apart, by name: a service has the same colour on every panel.
    var colourMode: GrafanaValue {
        switch self {
        case .timeSeries: "palette-classic-by-name"
        default: "thresholds"
        }
    }

    var options: GrafanaValue {
        switch self {
        case .timeSeries: ["legend": Self.legend, "tooltip": ["mode": "multi", "sort": "desc"]]
        case .stat(let hasTrend): Self.stat(hasTrend: hasTrend)
        case .gauge:
            [
                "minVizHeight": 75, "minVizWidth": 75, "orientation": "auto", "reduceOptions": Self.newest,
                "showThresholdLabels": false, "showThresholdMarkers": true, "sizing": "auto",
            ]
        case .barGauge: Self.barGaugeOptions
        case .table: ["cellHeight": "sm", "showHeader": true, "sortBy": []]
        case .heatMap: Self.heatMapOptions
        case .stateTimeline:
            [
                "alignValue": "left", "legend": Self.legend, "mergeValues": true, "rowHeight": 0.85,
                "showValue": "auto", "tooltip": ["mode": "single", "sort": "none"],
            ]
        case .logs: Self.logsOptions
        case .text(let markdown):
            [
                "code": ["language": "plaintext", "showLineNumbers": false, "showMiniMap": false],
                "content": .string(markdown), "mode": "markdown",
            ]
        }
    }

    private static let legend: GrafanaValue = [
        "calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true,
    ]

    /// The last number that is there.
    private static let newest: GrafanaValue = ["calcs": ["lastNotNull"], "fields": "", "values": false]

    private static func stat(hasTrend: Bool) -> GrafanaValue {
        [
            "colorMode": "value", "graphMode": .string(hasTrend ? "area" : "none"), "justifyMode": "auto",
            "orientation": "auto", "percentChangeColorMode": "standard", "reduceOptions": Self.newest,
            "showPercentChange": false, "textMode": "auto", "wideLayout": true,
        ]
    }

    private static let barGaugeOptions: GrafanaValue = [
        "displayMode": "gradient", "legend": Self.legend.merging(["showLegend": false]), "maxVizHeight": 300,
        "minVizHeight": 16, "minVizWidth": 8, "namePlacement": "auto", "orientation": "horizontal",
        "reduceOptions": Self.newest, "showUnfilled": true, "sizing": "auto", "valueMode": "color",
    ]

    private static let heatMapOptions: GrafanaValue = [
        "calculate": false, "cellGap": 1,
        "color": [
            "exponent": 0.5, "fill": "dark-orange", "mode": "scheme", "reverse": false, "scale": "exponential",
            "scheme": "Oranges", "steps": 64,
        ],
        "exemplars": ["color": "rgba(255,0,255,0.7)"],
        // Cells without observations stay empty.
        "filterValues": ["le": 1e-9],
        "legend": ["show": true], "rowsFrame": ["layout": "auto"], "showValue": "never",
        "tooltip": ["mode": "single", "showColorScale": false, "yHistogram": true],
        "yAxis": ["axisPlacement": "left", "reverse": false, "unit": "s"],
    ]

    private static let logsOptions: GrafanaValue = [
        "dedupStrategy": "none", "enableLogDetails": true, "prettifyLogMessage": false, "showCommonLabels": false,
        "showLabels": false, "showLogContextToggle": true, "showTime": true, "sortOrder": "Descending",
        "wrapLogMessage": true,
    ]

    /// What only this kind of panel knows of its fields.
    func custom(hasThresholds: Bool) -> GrafanaValue? {
        switch self {
        case .timeSeries(let isStacked): Self.lines(isStacked: isStacked, hasThresholds: hasThresholds)
        case .table: ["align": "auto", "cellOptions": ["type": "auto"], "inspect": false]
        case .stateTimeline: ["fillOpacity": 80, "lineWidth": 0]
        case .heatMap: ["hideFrom": Self.hiddenNowhere, "scaleDistribution": ["type": "linear"]]
        case .stat, .gauge, .barGauge, .logs, .text: nil
        }
    }

    private static let hiddenNowhere: GrafanaValue = ["legend": false, "tooltip": false, "viz": false]

    private static func lines(isStacked: Bool, hasThresholds: Bool) -> GrafanaValue {
        [
            "axisPlacement": "auto", "drawStyle": "line", "fillOpacity": .int(isStacked ? 40 : 10),
            "gradientMode": "opacity", "hideFrom": Self.hiddenNowhere, "lineInterpolation": "linear", "lineWidth": 1,
            "pointSize": 4, "scaleDistribution": ["type": "linear"], "showPoints": "auto", "spanNulls": false,
            "stacking": ["group": "A", "mode": .string(isStacked ? "normal" : "none")],
            "thresholdsStyle": ["mode": .string(hasThresholds ? "dashed" : "off")],
        ]
    }

    /// What numbers are called.
    var mappings: [GrafanaValue] {
        if case .stateTimeline(let states) = self { states.mappings } else { [] }
    }
}

extension [StateName] {
    var mappings: [GrafanaValue] {
        if self.isEmpty { return [] }
        let names = self.enumerated().map { index, state in
            GrafanaValue.Member(
                key: String(state.value),
                value: [
                    "color": .string(state.colour.rawValue), "index": .int(index), "text": .string(state.text),
                ])
        }
        return [["options": .object(names), "type": "value"]]
    }
}
