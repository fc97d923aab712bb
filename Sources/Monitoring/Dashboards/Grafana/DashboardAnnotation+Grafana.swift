extension DashboardAnnotation {
    var grafana: GrafanaValue {
        [
            "datasource": DataSource.prometheus.grafana,
            "enable": .bool(self.isShown),
            "hide": false,
            "iconColor": .string(self.colour.rawValue),
            "name": .string(self.name),
            "tagKeys": .string(self.title.labels.map(\.name).joined(separator: ",")),
            // Short enough for a fault of seconds, where Grafana would look once a minute.
            "target": ["expr": .string("\(self.expression)"), "interval": "10s", "refId": "Anno"],
            "textFormat": "",
            "titleFormat": .string(self.title.text),
            "useValueForTime": .bool(self.isMoment),
        ]
    }
}
