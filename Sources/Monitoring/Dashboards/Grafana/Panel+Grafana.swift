extension Panel {
    func grafana(at place: PanelGrid.Place) -> GrafanaValue {
        let head: GrafanaValue = [
            "datasource": (self.isOfLogs ? DataSource.loki : .prometheus).grafana,
            "description": .string(self.description),
            "fieldConfig": ["defaults": self.fieldDefaults, "overrides": .list(self.overrides)],
            "gridPos": place.grafana,
            "id": .int(self.id),
            "options": self.visualization.options,
        ]
        return head.merging([
            "targets": .list(self.targets),
            "title": .string(self.title),
            "transformations": .list(self.transformations),
            "type": .string(self.visualization.type),
        ])
    }

    var isOfLogs: Bool {
        self.queries.contains { if case .logs = $0.source { true } else { false } }
    }

    // MARK: Fields

    private var fieldDefaults: GrafanaValue {
        var members: [GrafanaValue.Member] = []
        func set(_ key: String, _ value: GrafanaValue?) {
            if let value { members.append(.init(key: key, value: value)) }
        }
        set("color", ["mode": self.visualization.colourMode])
        set("custom", self.visualization.custom(hasThresholds: self.thresholds != nil))
        set("decimals", self.decimals.map { .int($0) })
        set("links", .list(self.links.map { $0.grafana(in: self.visualization) }))
        set("mappings", .list(self.visualization.mappings))
        set("max", self.max.map { .double($0) })
        set("min", self.min.map { .double($0) })
        set("noValue", self.noValue)
        set("thresholds", (self.thresholds ?? .neutral).grafana)
        set("unit", .string(self.unit.rawValue))
        return .object(members)
    }

    /// What is written in place of a number that is not there.
    private var noValue: GrafanaValue? {
        switch self.visualization {
        case .stat, .gauge, .barGauge: "–"
        default: nil
        }
    }

    private var overrides: [GrafanaValue] {
        self.colours.map { colour in
            Self.override(
                ["id": "byRegexp", "options": .string("/^(?:\(colour.pattern))$/")],
                [("color", ["fixedColor": .string(colour.colour.rawValue), "mode": "fixed"])])
        } + self.columns.map(\.override)
    }

    static func override(
        _ matcher: GrafanaValue, _ properties: [(id: String, value: GrafanaValue)]
    ) -> GrafanaValue {
        ["matcher": matcher, "properties": .list(properties.map { ["id": .string($0.id), "value": $0.value] })]
    }

    // MARK: Queries

    private var targets: [GrafanaValue] {
        self.queries.enumerated().map { $1.grafana(Self.referenceID($0), in: self) }
    }

    /// `A`, `B`, …
    static func referenceID(_ index: Int) -> String {
        precondition(index < 26, "a panel of more than 26 queries is not to be read")
        return String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index)))
    }

    // MARK: Tables

    private var columns: [PanelColumn] {
        self.queries.enumerated().compactMap { index, query in
            query.column.map {
                PanelColumn(column: $0, field: self.queries.count == 1 ? "Value" : "Value #\(Self.referenceID(index))")
            }
        }
    }

    /// Puts the answers of a table's queries side by side, under their headings.
    private var transformations: [GrafanaValue] {
        guard case .table(let keys) = self.visualization else { return [] }
        let fields = keys.map { ($0.label.name, $0.title) } + self.columns.map { ($0.field, $0.column.title) }
        return [
            ["id": "merge", "options": [:]],
            [
                "id": "organize",
                "options": [
                    "excludeByName": ["Time": true],
                    "indexByName": .object(fields.enumerated().map { .init(key: $1.0, value: .int($0)) }),
                    "renameByName": .object(fields.map { .init(key: $0.0, value: .string($0.1)) }),
                ],
            ],
        ]
    }
}

/// A column of a table, and the field that Grafana makes of its query.
private struct PanelColumn {
    let column: Query.Column
    let field: String

    var override: GrafanaValue {
        var properties: [(id: String, value: GrafanaValue)] = [("unit", .string(self.column.unit.rawValue))]
        if let thresholds = self.column.thresholds {
            properties.append(("thresholds", thresholds.grafana))
            properties.append(("color", ["mode": "thresholds"]))
            properties.append(("custom.cellOptions", ["type": "color-text"]))
        }
        if !self.column.states.isEmpty { properties.append(("mappings", .list(self.column.states.mappings))) }
        return Panel.override(["id": "byName", "options": .string(self.column.title)], properties)
    }
}

extension Thresholds {
    var grafana: GrafanaValue {
        let base: GrafanaValue = ["color": .string(self.base.rawValue), "value": nil]
        return [
            "mode": "absolute",
            "steps": .list(
                [base] + self.steps.map { ["color": .string($0.colour.rawValue), "value": .double($0.value)] }),
        ]
    }
}

extension Query {
    func grafana(_ reference: String, in panel: Panel) -> GrafanaValue {
        switch self.source {
        case .metrics(let expression):
            [
                "datasource": DataSource.prometheus.grafana,
                "editorMode": "code",
                "exemplar": .bool(self.hasExemplars),
                "expr": .string("\(expression)"),
                "format": .string(panel.visualization.format),
                "instant": .bool(panel.isInstant),
                "legendFormat": .string(self.legend.text.isEmpty ? "__auto" : self.legend.text),
                "range": .bool(!panel.isInstant),
                "refId": .string(reference),
            ]
        case .logs(let query):
            [
                "datasource": DataSource.loki.grafana,
                "editorMode": "code",
                "expr": .string(query.text),
                "legendFormat": .string(self.legend.text),
                "queryType": "range",
                "refId": .string(reference),
            ]
        }
    }
}
