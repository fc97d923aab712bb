extension Dashboard {
    /// As Grafana is provisioned with it.
    package var file: GeneratedFile { GeneratedFile(path: self.id.path, text: self.grafana.document) }

    /// Grafana's JSON model of a dashboard, of the schema that 11 and 12 read.
    ///
    /// Source: Grafana documentation, "Dashboard JSON model", and its schema `kinds/dashboard/dashboard_kind.cue`.
    var grafana: GrafanaValue {
        [
            "annotations": ["list": .list([Self.builtInAnnotations] + DashboardAnnotation.all.map(\.grafana))],
            "description": .string(self.description),
            "editable": true,
            "fiscalYearStartMonth": 0,
            // One cross-hair over all panels: what happens at the same time is seen at a glance.
            "graphTooltip": 1,
            "id": nil,
            "links": .list(self.menu),
            "liveNow": false,
            "panels": .list(self.placedPanels),
            "refresh": "10s",
            "schemaVersion": 39,
            "tags": .list(([Self.sharedTag] + self.tags).map { .string($0) }),
            "templating": ["list": .list(self.variables.map(\.grafana))],
            "time": ["from": "now-30m", "to": "now"],
            "timepicker": [:],
            "timezone": "",
            "title": .string("Vitrine · \(self.id.title)"),
            "uid": .string(self.id.uid),
            "version": 1,
            "weekStart": "",
        ]
    }

    private static let builtInAnnotations: GrafanaValue = [
        "builtIn": 1, "datasource": ["type": "grafana", "uid": "-- Grafana --"], "enable": true, "hide": true,
        "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard",
    ]

    private var menu: [GrafanaValue] {
        let all: GrafanaValue = [
            "asDropdown": true, "icon": "external link", "includeVars": true, "keepTime": true,
            "tags": [.string(Self.sharedTag)], "targetBlank": false, "title": "All dashboards", "tooltip": "",
            "type": "dashboards", "url": "",
        ]
        return [all]
            + self.related.map { other in
                [
                    "asDropdown": false, "icon": "dashboard", "includeVars": true, "keepTime": true, "tags": [],
                    "targetBlank": false, "title": .string(other.title), "tooltip": "", "type": "link",
                    "url": .string("/d/\(other.uid)"),
                ]
            }
    }

    /// Rows are panels too: those after one, up to the next, are its own.
    private var placedPanels: [GrafanaValue] {
        var panels: [GrafanaValue] = []
        var top = 0
        for (index, row) in self.rows.enumerated() {
            let heading = PanelGrid.Place(x: 0, y: top, width: PanelGrid.columns, height: 1)
            panels.append([
                "collapsed": false, "gridPos": heading.grafana, "id": .int(Self.firstRowID + index), "panels": [],
                "title": .string(row.title), "type": "row",
            ])
            let (places, bottom) = PanelGrid.places(of: row, from: top + 1)
            panels += zip(row.panels, places).map { $0.grafana(at: $1) }
            top = bottom
        }
        return panels
    }

    /// Above all numbers of panels.
    private static let firstRowID = 1_000_001
}

extension DataSource {
    /// How anything that asks for data names it.
    var grafana: GrafanaValue { ["type": .string(self.rawValue), "uid": .string(self.rawValue)] }
}
