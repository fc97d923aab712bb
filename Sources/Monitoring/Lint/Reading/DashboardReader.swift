package import JSON

/// Finds the queries of Grafana's dashboards: those of panels, annotations and variables.
package enum DashboardReader {
    /// - Throws: where the file is no JSON.
    package static func queries(in text: String, path: String) throws(JSONParseError) -> [LintedQuery] {
        let document = try JSONValue(parsing: text)
        let panels = Self.panels(in: document["panels"]).flatMap { Self.queries(of: $0, path) }
        return panels + Self.annotations(document, path) + Self.variables(document, path)
    }

    /// With those that collapsed rows hold.
    private static func panels(in value: JSONValue?) -> [JSONValue] {
        (value?.array ?? []).flatMap { [$0] + Self.panels(in: $0["panels"]) }
    }

    private static func queries(of panel: JSONValue, _ path: String) -> [LintedQuery] {
        let context = LintContext("\(path): \(panel["title"]?.string ?? "")", panelUnit: Self.unit(of: panel))
        let own = Self.isOfPrometheus(panel)
        return (panel["targets"]?.array ?? []).compactMap { target in
            guard Self.isOfPrometheus(target, otherwise: own), let text = target["expr"]?.string else { return nil }
            return LintedQuery(text, context)
        }
    }

    private static func isOfPrometheus(_ value: JSONValue, otherwise inherited: Bool = true) -> Bool {
        value["datasource"]?["type"]?.string.map { $0 == "prometheus" } ?? inherited
    }

    /// Nil where single columns or series have units of their own, or are computed from others.
    private static func unit(of panel: JSONValue) -> String? {
        let overrides = panel["fieldConfig"]?["overrides"]?.array ?? []
        let properties = overrides.flatMap { $0["properties"]?.array ?? [] }
        if properties.contains(where: { $0["id"]?.string == "unit" }) { return nil }
        if let changes = panel["transformations"]?.array, !changes.isEmpty { return nil }
        // A heat map's unit is that of its axis of buckets.
        if panel["type"]?.string == "heatmap" { return nil }
        return panel["fieldConfig"]?["defaults"]?["unit"]?.string
    }

    private static func annotations(_ document: JSONValue, _ path: String) -> [LintedQuery] {
        (document["annotations"]?["list"]?.array ?? []).compactMap { annotation in
            guard Self.isOfPrometheus(annotation) else { return nil }
            let text = annotation["target"]?["expr"]?.string ?? annotation["expr"]?.string
            return text.map { LintedQuery($0, LintContext("\(path): annotation \(annotation["name"]?.string ?? "")")) }
        }
    }

    /// `label_values(series, label)`: the label must be one of the series', as if they were put together by it.
    private static func variables(_ document: JSONValue, _ path: String) -> [LintedQuery] {
        (document["templating"]?["list"]?.array ?? []).compactMap { variable in
            let query = variable["query"]?["query"]?.string ?? variable["query"]?.string ?? ""
            guard let series = query.wholeMatch(of: #/label_values\((.*), *([a-zA-Z0-9_]+)\)/#) else { return nil }
            return LintedQuery(
                "group by (\(series.2)) (\(series.1))",
                LintContext("\(path): variable \(variable["name"]?.string ?? "")"))
        }
    }
}
