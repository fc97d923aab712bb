extension DashboardAnnotation {
    var grafana: GrafanaValue {
        [
            "datasource": DataSource.prometheus.grafana,
            "enable": .bool(self.isShown),
            "hide": false,
            "iconColor": .string(self.colour.rawValue),
            "name": .string(self.name),
            "tagKeys": .string(self.title.labels.map(\.name).joined(separator: ",")),
            "target": ["expr": .string("\(self.expression)"), "interval": "", "refId": "Anno"],
            "titleFormat": .string(self.title.text),
            "useValueForTime": .bool(self.isMoment),
        ]
    }
}
