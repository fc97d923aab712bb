extension DashboardVariable {
    var grafana: GrafanaValue {
        switch self.source {
        case .values(let label, let series): self.list("label_values(\(series), \(label.name))")
        case .text:
            [
                "current": ["selected": true, "text": "", "value": ""], "hide": 0, "label": .string(self.title),
                "name": .string(self.name), "options": [["selected": true, "text": "", "value": ""]], "query": "",
                "skipUrlSync": false, "type": "textbox",
            ]
        }
    }

    private func list(_ query: String) -> GrafanaValue {
        [
            "current": ["selected": true, "text": ["All"], "value": ["$__all"]],
            "datasource": DataSource.prometheus.grafana,
            "definition": .string(query),
            "hide": 0,
            "includeAll": true,
            "label": .string(self.title),
            "multi": true,
            "name": .string(self.name),
            "options": [],
            "query": ["qryType": 1, "query": .string(query), "refId": "PrometheusVariableQueryEditor-VariableQuery"],
            // On a change of the time range too: what is there depends on it.
            "refresh": 2,
            "regex": "",
            "skipUrlSync": false,
            "sort": 1,
            "type": "query",
        ]
    }
}
