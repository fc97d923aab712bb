extension PanelLink {
    func grafana(in visualization: Visualization) -> GrafanaValue {
        switch self {
        case .dashboard(let dashboard, let variable, let label):
            let value = Self.value(of: label, in: visualization)
            return Self.link(
                "\(dashboard.title) of \(value)",
                "/d/\(dashboard.uid)?var-\(variable.name)=\(value)&${__url_time_range}")
        case .traces(let label):
            let service = Self.value(of: label, in: visualization)
            return Self.link(
                "Traces of \(service)",
                Self.explore(.jaeger, ["limit": 20, "queryType": "search", "service": .string(service)]))
        case .logs(let label):
            let service = Self.value(of: label, in: visualization)
            let expression = GrafanaValue.string(#"{service_name="\#(service)"}"#)
            return Self.link(
                "Log lines of \(service)", Self.explore(.loki, ["expr": expression, "queryType": "range"]))
        }
    }

    /// The other end's dashboard, where it is one.
    var dashboard: DashboardID? { if case .dashboard(let id, _, _) = self { id } else { nil } }

    /// How Grafana writes the value of a clicked series' label, or of a clicked row's cell.
    private static func value(of label: LabelKey, in visualization: Visualization) -> String {
        guard case .table(let keys) = visualization else { return "${__field.labels.\(label.name)}" }
        guard let key = keys.first(where: { $0.label == label }) else {
            preconditionFailure("the table has no column for \(label.name)")
        }
        return "${__data.fields[\"\(key.title)\"]}"
    }

    private static func link(_ title: String, _ url: String) -> GrafanaValue {
        ["targetBlank": false, "title": .string(title), "url": .string(url)]
    }

    /// Explore with one query, over the time range shown.
    private static func explore(_ source: DataSource, _ query: GrafanaValue) -> String {
        let target: GrafanaValue = ["datasource": source.grafana, "refId": "A"]
        let panes: GrafanaValue = [
            "vitrine": [
                "datasource": .string(source.rawValue), "queries": [target.merging(query)],
                "range": ["from": "${__from}", "to": "${__to}"],
            ]
        ]
        return "/explore?schemaVersion=1&orgId=1&panes=\(Self.encoded(panes.compact))"
    }

    /// Percent-encodes all but what Grafana replaces: `${…}` stays.
    private static func encoded(_ text: String) -> String {
        var result = ""
        var isVariable = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "$") { isVariable = true }
            result += isVariable || self.isUnreserved(byte) ? String(UnicodeScalar(byte)) : self.escape(byte)
            if byte == UInt8(ascii: "}"), isVariable { isVariable = false }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
}
