import ServiceKit
import Telemetry
import TelemetryTesting

/// `docs/telemetry.md`: everything the platform emits, from what is declared and registered. Sorted throughout, so that
/// a change of it is a change of the telemetry.
struct TelemetryDocument {
    let processes: [ProcessInventory]

    init(_ processes: [ProcessInventory]) { self.processes = processes }

    var markdown: String {
        var lines = [
            "# Telemetry",
            "",
            "Everything the platform emits, by what declares and registers it. Made by `make docs`, which runs",
            "`vitrine telemetry`: edit the declarations, not this file. A test fails when the two differ, and when a",
            "running platform emits what is not here.",
            "",
            "- [Who emits what](#who-emits-what)",
            "- [Metrics](#metrics), [labels](#labels)",
            "- [Attributes](#attributes)",
            "- [Spans](#spans), [names of request spans](#names-of-request-spans), [edges](#edges),",
            "  [span events](#span-events)",
            "- [Log lines](#log-lines)",
            "",
        ]
        lines += self.matrix + self.metrics + self.labels + self.attributes
        lines += self.spans + self.requestNames + self.edges + self.spanEvents + self.logEvents
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private var matrix: [String] {
        [
            "## Who emits what",
            "",
            "The *services* are the first five; *all* are they, `load`, the process of `vitrine load`, whose metrics are the",
            "customers' side of it all, and `lab`, the process of `vitrine up`, which starts the others.",
            "",
        ] + SignalMatrix.platformTable.split(separator: "\n").map(String.init) + [""]
    }

    private var metrics: [String] {
        let emitters = self.emitters { $0.metrics }
        let rows = emitters.map { metric, emitters in
            [
                self.code(metric.name), self.code(metric.prometheusName), self.type(metric),
                metric.unit.code.isEmpty ? "" : self.code(metric.unit.code), self.labels(of: metric), emitters,
                metric.stability.rawValue, metric.help,
            ]
        }
        return [
            "## Metrics",
            "",
            "Bounds of buckets: *requests* are \(self.bounds(Buckets.requestSeconds)),",
            "*databases* \(self.bounds(Buckets.databaseSeconds)).",
            "Every scrape also has `target_info`, with what the process says of itself.",
            "",
        ] + self.table(["Name", "In Prometheus", "Type", "Unit", "Labels", "Emitted by", "Stability", "Meaning"], rows)
    }

    private var labels: [String] {
        let rows = self.unique { $0.catalogue.labels }.map { label in
            // The same name has another meaning in another process.
            let processes = self.processes.filter { $0.catalogue.labels.contains(label) }
            let labelled = processes.flatMap(\.metrics).filter { $0.labelNames.contains(label.name) }
            let metrics = Set(labelled.map(\.name)).sorted()
            return [self.code(label.name), label.brief, self.list(metrics)]
        }
        return ["### Labels", "", "Those that are no attributes.", ""]
            + self.table(["Label", "Meaning", "Metrics"], rows)
    }

    private var attributes: [String] {
        let declared = self.unique { $0.catalogue.attributes }
        let used = declared.filter { !self.uses(of: $0).isEmpty }
        let rows = used.map { attribute in
            [
                self.code(attribute.key), attribute.type.rawValue, attribute.stability.rawValue,
                attribute.sensitivity == .personal ? "personal: redacted" : "",
                self.uses(of: attribute).joined(separator: ", "), attribute.brief,
            ]
        }
        let unused = Set(declared).subtracting(used).map(\.key).sorted()
        return ["## Attributes", ""]
            + self.table(["Key", "Type", "Stability", "Sensitivity", "On", "Meaning"], rows)
            + ["Known to the library, and on nothing the platform emits: \(self.list(unused)).", ""]
    }

    private func uses(of attribute: AttributeDescriptor) -> [String] {
        var uses: [String] = []
        if self.allMetrics.contains(where: { $0.labelNames.contains(attribute.key) }) { uses.append("labels") }
        if self.processes.contains(where: { $0.catalogue.logEvents.contains { $0.attributes.contains(attribute) } }) {
            uses.append("log lines")
        }
        if TelemetryCatalogue.resource.contains(attribute) { uses.append("resource") }
        if self.processes.contains(where: { $0.catalogue.spanEvents.contains { $0.attributes.contains(attribute) } }) {
            uses.append("span events")
        }
        if self.processes.contains(where: { $0.catalogue.spans.contains { $0.attributes.contains(attribute) } }) {
            uses.append("spans")
        }
        return uses
    }

    private var spans: [String] {
        let rows = self.emitters { $0.catalogue.spans }.map { span, emitters in
            [
                self.name(of: span), "\(span.kind)", emitters, self.parents(of: span),
                self.list(span.attributes.map(\.key).sorted()), span.brief,
            ]
        }
        return [
            "## Spans",
            "",
            "A name of values is made of those that the span has. Health and metrics requests make no spans, and neither",
            "does background work that only looks.",
            "",
        ] + self.table(["Name", "Kind", "Emitted by", "Parents", "Attributes", "Meaning"], rows)
    }

    private var requestNames: [String] {
        let rows = self.processes.filter(\.isService).map { [$0.name, self.list($0.routes)] }
        return ["### Names of request spans", "", "One for each route, as `http.route` tells it.", ""]
            + self.table(["Service", "Names"], rows)
    }

    private var edges: [String] {
        let outline = SpanEdges.platformOutline.split(separator: "\n", omittingEmptySubsequences: false)
        return [
            "### Edges",
            "",
            "Which span can be the parent of which: a line's parent is the line above it that is less indented, and lines",
            "with `-` can begin a trace. `{route}` stands for any route, on both ends for the same one.",
            "",
            "```text",
        ] + outline.map(String.init) + ["```", ""]
    }

    private var spanEvents: [String] {
        let rows = self.emitters { $0.catalogue.spanEvents }.map { event, emitters in
            [self.code(event.name), emitters, self.list(event.attributes.map(\.key).sorted()), event.brief]
        }
        return ["### Span events", ""] + self.table(["Name", "Emitted by", "Attributes", "Meaning"], rows)
    }

    private var logEvents: [String] {
        let rows = self.emitters { $0.catalogue.logEvents }.map { event, emitters in
            [
                event.message, "\(event.level)", emitters, self.list(event.attributes.map(\.key).sorted()), event.brief,
            ]
        }
        return [
            "## Log lines",
            "",
            "The message never varies, so that it can be searched for and counted; what varies is in attributes. Every line",
            "has `timestamp`, `severity`, `message` and `service.name`, and within a request `trace_id` and `span_id`.",
            "",
        ] + self.table(["Message", "Level", "Emitted by", "Attributes", "Meaning"], rows)
    }

    // MARK: Words

    private var allMetrics: [MetricDescription] { self.processes.flatMap(\.metrics) }

    private func unique<Element: Hashable>(_ part: (ProcessInventory) -> [Element]) -> [Element] {
        self.emitters(part).map(\.0)
    }

    /// Everything that some process has, in order, with who has it.
    private func emitters<Element: Hashable>(_ part: (ProcessInventory) -> [Element]) -> [(Element, String)] {
        var emitters: [Element: [String]] = [:]
        for process in self.processes {
            for element in Set(part(process)) { emitters[element, default: []].append(process.name) }
        }
        let services = self.processes.filter(\.isService).map(\.name)
        let named = emitters.map { element, names in
            let text = names == services ? "services" : names.joined(separator: ", ")
            return (element, names.count == self.processes.count ? "all" : text)
        }
        return named.sorted { Self.order($0.0, $0.1) < Self.order($1.0, $1.1) }
    }

    private static func order(_ element: Any, _ emitters: String) -> String {
        switch element {
        case let metric as MetricDescription: "\(metric.name) \(emitters)"
        case let attribute as AttributeDescriptor: attribute.key
        case let label as LabelDescriptor: "\(label.name) \(emitters)"
        case let event as SpanEventDescriptor: event.name
        case let event as LogEventDescriptor: "\(event.message) \(emitters)"
        case let span as SpanDescriptor:
            switch span.name {
            // What every service emits comes first.
            case .values: "0 \(span.kind) \(span.name)"
            case .exactly(let name): "1 \(name) \(emitters)"
            }
        default: "\(element)"
        }
    }

    private func type(_ metric: MetricDescription) -> String {
        switch metric.kind {
        case .counter: return "counter"
        case .upDownCounter: return "up-down counter"
        case .gauge: return "gauge"
        case .histogram:
            if metric.bounds == Buckets.requestSeconds { return "histogram, requests" }
            if metric.bounds == Buckets.databaseSeconds { return "histogram, databases" }
            return "histogram, \(self.bounds(metric.bounds))"
        }
    }

    private func bounds(_ bounds: [Double]) -> String {
        bounds.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: " ")
    }

    private func labels(of metric: MetricDescription) -> String {
        zip(metric.labelNames, metric.labelValues).map { name, values in
            values.isEmpty ? self.code(name) : "\(self.code(name)): \(values.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    private func name(of span: SpanDescriptor) -> String {
        switch span.name {
        case .exactly(let name): self.code(name)
        case .values(let parts): self.code(parts.map { "{\($0.key)}" }.joined(separator: " "))
        }
    }

    private func parents(of span: SpanDescriptor) -> String {
        switch span.name {
        case .values: "see [edges](#edges)"
        case .exactly(let name):
            span.kind == .server
                ? "as every request" : self.list(SpanEdges.platform.parents(ofSpanNamed: name, kind: span.kind))
        }
    }

    private func code(_ text: String) -> String { "`\(text)`" }

    private func list(_ names: [String]) -> String { names.map(self.code).joined(separator: ", ") }

    private func table(_ head: [String], _ rows: [[String]]) -> [String] {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        return [line(head), "|" + String(repeating: "---|", count: head.count)] + rows.map(line) + [""]
    }
}
