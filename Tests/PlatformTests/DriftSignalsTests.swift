import HTTPCore
import JSON
import ServiceKit
import ShellTesting
import Telemetry
import TelemetryTesting
import Testing

@testable import vitrine

/// What the running platform emits, held against what is declared.
@Suite("Emitted telemetry", .timeLimit(.minutes(3)), .serialized)
struct DriftSignalsTests {
    private static let declare = "declare it (see CONTRIBUTING.md), then run make docs"
    private static let edges = "Sources/TelemetryTesting/SpanEdges+Platform.swift, then run make docs"
    private static let matrix = "Sources/TelemetryTesting/SignalMatrix+Platform.swift, then run make docs"

    @Test("A journey through the whole shop emits what is declared, and of metrics, edges and the matrix all of it")
    func journey() async throws {
        let inventories = try await TelemetryCommand.inventories()
        let platform = try await RunningPlatform(extra: TelemetryJourney.settings)
        try await TelemetryJourney(platform: platform).run()
        var scrapes: [String: PrometheusText] = [:]
        for name in ServiceName.allCases {
            scrapes[name.rawValue] = try PrometheusText(parsing: try await platform.scrape(name))
        }
        scrapes["load"] = try PrometheusText(parsing: try await platform.scrapeCustomers())
        scrapes["lab"] = try PrometheusText(parsing: try await platform.scrapeSupervisor())
        let console = try await platform.lookAtConsole()
        scrapes["console"] = try PrometheusText(parsing: console.metrics)
        await platform.stop()
        let spans = platform.collector.received
        #expect(platform.collector.malformed == 0)

        var seen: [String: Set<String>] = [:]
        for inventory in inventories {
            let own = spans.filter { $0.service == inventory.name }
            for span in own { self.check(span, inventory) }
            let lines =
                inventory.name == "console"
                ? console.logs : ServiceName(rawValue: inventory.name).flatMap { platform.logs[$0]?.all } ?? []
            for line in Set(lines.map { $0.dropTime }) { try self.check(line, inventory) }
            let metrics = try #require(scrapes[inventory.name])
            self.check(metrics, inventory)
            for kind in Set(own.map(\.kind)) {
                seen["spans: \(Self.kind(kind))", default: []].insert(inventory.name)
            }
            if !lines.isEmpty { seen["log lines", default: []].insert(inventory.name) }
            for metric in inventory.metrics where metrics.families[metric.prometheusName] != nil {
                let row = SignalMatrix.platform.row(ofMetric: metric.name)
                if row == nil { Issue.record("\(metric.name) is in no row of the matrix: \(Self.matrix)") }
                seen[row ?? "", default: []].insert(inventory.name)
            }
        }
        self.checkMatrix(seen)
        self.checkEdges(spans)
        self.checkArrows(spans)
    }

    // MARK: Spans

    private static func kind(_ number: Int) -> SpanKind { SpanKind(rawValue: UInt8(max(0, number - 1))) ?? .internal }

    private func check(_ span: SpanCollector.Span, _ inventory: ProcessInventory) {
        let kind = Self.kind(span.kind)
        let spans = inventory.catalogue.spans.filter { $0.kind == kind }
        let exact = spans.first { $0.name == .exactly(span.name) }
        guard let descriptor = exact ?? spans.first(where: { self.matches(span, $0) }) else {
            Issue.record("\(inventory.name) emits the \(kind) span '\(span.name)': \(Self.declare)")
            return
        }
        self.check(span.types, descriptor.attributes, "\(inventory.name): span '\(span.name)'")
        for event in span.events {
            let declared = inventory.catalogue.spanEvents.first { $0.name == event.name }
            #expect(declared != nil, "\(inventory.name): span event '\(event.name)': \(Self.declare)")
            self.check(event.types, declared?.attributes ?? [], "span event '\(event.name)'")
        }
        self.check(span.resource, TelemetryCatalogue.resource, "the resource of \(inventory.name)")
        if kind == .server, let route = span.attributes["http.route"] {
            #expect(inventory.routes.contains { $0.hasSuffix(" \(route)") }, "\(span.name)")
        }
    }

    /// Whether the name is made of the values it should be made of.
    private func matches(_ span: SpanCollector.Span, _ descriptor: SpanDescriptor) -> Bool {
        guard case .values(let parts) = descriptor.name else { return false }
        let values = parts.compactMap { span.attributes[$0.key] }.map { $0 == "_OTHER" ? "HTTP" : $0 }
        return !values.isEmpty && span.name == values.joined(separator: " ")
    }

    private static let fields: [AttributeType: String] = [
        .string: "stringValue", .int: "intValue", .double: "doubleValue", .bool: "boolValue", .strings: "arrayValue",
    ]

    private func check(_ types: [String: String], _ declared: [AttributeDescriptor], _ place: String) {
        for (key, field) in types {
            guard let attribute = declared.first(where: { $0.key == key }) else {
                Issue.record("\(place) has the attribute \(key): \(Self.declare)")
                continue
            }
            let expected = attribute.sensitivity == .personal ? "stringValue" : Self.fields[attribute.type]
            #expect(field == expected, "\(place): \(key) is declared as \(attribute.type.rawValue)")
        }
    }

    private func checkEdges(_ spans: [SpanCollector.Span]) {
        let ends = Dictionary(
            spans.map { ($0.spanID, SpanEnd(service: $0.service, name: $0.name, kind: Self.kind($0.kind))) },
            uniquingKeysWith: { first, _ in first })
        var seen: Set<SpanEdge> = []
        var undeclared: Set<SpanEdge> = []
        for span in spans {
            guard let child = ends[span.spanID] else { continue }
            let parent = ends[span.parentSpanID]
            #expect(parent != nil || span.parentSpanID.isEmpty, "\(child) hangs in the air")
            let edge = SpanEdge(parent, child)
            if let declared = SpanEdges.platform.declared(edge) {
                seen.insert(declared)
            } else {
                undeclared.insert(edge)
            }
        }
        #expect(undeclared.sorted() == [], "new edges between spans: if they are meant, add them to \(Self.edges)")
        #expect(
            SpanEdges.platform.all.subtracting(seen).sorted() == [],
            "declared edges that the journey did not meet: extend TelemetryJourney, or remove them from \(Self.edges)")
    }

    /// Who called whom, held against who may in Kubernetes: a policy that is missing breaks the shop there, and one too
    /// many is a door.
    private func checkArrows(_ spans: [SpanCollector.Span]) {
        let services = Dictionary(spans.map { ($0.spanID, $0.service) }, uniquingKeysWith: { first, _ in first })
        let seen = Set(
            spans.compactMap { span in
                services[span.parentSpanID].flatMap { $0 == span.service ? nil : "\($0) \(span.service)" }
            })
        let outcome = Shell.run(
            """
            cd '\(Repository.root)' && python=$(sh scripts/python-venv.sh) &&
            "$python" scripts/check_deployment.py --kubectl "$(dirname "$python")/kubectl" arrows
            """)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        let names = Set(ServiceName.allCases.map(\.rawValue))
        let allowed = Set(
            outcome.text.split(separator: "\n").map(String.init).filter { arrow in
                arrow.split(separator: " ").allSatisfy { names.contains(String($0)) }
            })
        #expect(seen.subtracting(allowed).sorted() == [], "calls that the policies below k8s/base/network forbid")
        #expect(allowed.subtracting(seen).sorted() == [], "arrows of the policies that nobody goes")
    }

    // MARK: Log lines

    private static let fixed: Set<String> = [
        "timestamp", "severity", "message", "service.name", "trace_id", "span_id",
    ]
    private static let severities: [LogLevel: String] = [
        .debug: "DEBUG", .info: "INFO", .warning: "WARN", .error: "ERROR",
    ]

    private func check(_ line: String, _ inventory: ProcessInventory) throws {
        let json = try JSONValue(parsing: Array(line.utf8))
        let message = json["message"]?.string ?? ""
        guard let event = inventory.catalogue.logEvents.first(where: { $0.message == message }) else {
            Issue.record("\(inventory.name) logs '\(message)': \(Self.declare)")
            return
        }
        #expect(json["severity"]?.string == Self.severities[event.level], "'\(message)' is declared otherwise")
        for key in json.object?.keys ?? [] where !Self.fixed.contains(key) {
            guard let attribute = event.attributes.first(where: { $0.key == key }) else {
                Issue.record("\(inventory.name) logs '\(message)' with \(key): \(Self.declare)")
                continue
            }
            let isOfType =
                switch attribute.sensitivity == .personal ? .string : attribute.type {
                case .string: json[key]?.string != nil
                case .int: json[key]?.int != nil
                case .double: json[key]?.double != nil
                case .bool: json[key]?.bool != nil
                case .strings: json[key]?.array != nil
                }
            #expect(isOfType, "'\(message)': \(key) is declared as \(attribute.type.rawValue)")
        }
    }

    // MARK: Metrics

    private func check(_ scrape: PrometheusText, _ inventory: ProcessInventory) {
        let scraped = Set(scrape.families.keys).subtracting(["target_info"])
        let documented = Set(inventory.metrics.map(\.prometheusName))
        #expect(
            scraped.subtracting(documented).sorted() == [],
            "\(inventory.name) serves families that it does not register when built: register them there")
        #expect(
            documented.subtracting(scraped).sorted() == [], "\(inventory.name): documented, and in no scrape of it")
    }

    private func checkMatrix(_ seen: [String: Set<String>]) {
        let matrix = SignalMatrix.platform
        #expect(Set(matrix.services) == Set(ServiceName.allCases.map(\.rawValue) + ["load", "lab", "console"]))
        for signal in Set(matrix.signals).union(seen.keys).sorted() {
            #expect(
                seen[signal, default: []].sorted() == matrix.services(emitting: signal).sorted(),
                "\(signal): who emitted it, and who should by \(Self.matrix)")
        }
    }
}

extension String {
    /// A log line without its time, so that equal ones are looked at once.
    fileprivate var dropTime: String {
        guard let range = self.firstRange(of: ",\"severity\"") else { return self }
        return "{" + self[range.lowerBound...].dropFirst()
    }
}
