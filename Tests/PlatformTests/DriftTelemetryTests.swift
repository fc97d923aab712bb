import ServiceKit
import Telemetry
import ShellTesting
import Testing

@testable import vitrine

/// What is emitted is what is declared, and the document says so.
@Suite("Declared telemetry")
struct DriftTelemetryTests {
    private static let declare = """
        declare it in the service's catalogue (Sources/<Service>/<Service>Catalogue.swift; ServiceKit's is \
        TelemetryCatalogue+Platform.swift, Telemetry's TelemetryCatalogue+Telemetry.swift), then run make docs
        """

    @Test("docs/telemetry.md is what is declared and registered")
    func document() async throws {
        let made = TelemetryDocument(try await TelemetryCommand.inventories()).markdown
        let committed = try Repository.text("docs/telemetry.md")
        let (before, after) = (Set(committed.split(separator: "\n")), Set(made.split(separator: "\n")))
        #expect(before.subtracting(after).sorted() == [], "docs/telemetry.md is out of date: run make docs")
        #expect(after.subtracting(before).sorted() == [], "docs/telemetry.md is out of date: run make docs")
        let isSame = made == committed
        #expect(isSame, "docs/telemetry.md is out of date: run make docs")
    }

    // MARK: Literals

    /// What may stand in a target's sources: a service's own catalogue; for the others, what all services share.
    private func declared<Element: Hashable>(
        in target: String, _ inventories: [ProcessInventory], _ part: (TelemetryCatalogue) -> [Element]
    ) -> Set<Element> {
        let own = inventories.filter {
            [$0.name, "\($0.name)service", "\($0.name)generator"].contains(target.lowercased())
        }
        let all = (own.isEmpty ? inventories.filter(\.isService) : own).map { Set(part($0.catalogue)) }
        return all.dropFirst().reduce(all[0]) { $0.intersection($1) }
    }

    @Test("Every message that is logged is declared with its level, and every declared one is logged")
    func messages() async throws {
        let inventories = try await TelemetryCommand.inventories()
        let sources = try DriftSources()
        var logged: Set<String> = []
        let openers: [(String, LogLevel)] = [
            ("log.debug(", .debug), ("log.info(", .info), ("log.warning(", .warning), ("log.error(", .error),
            ("quietly(", .warning),
        ]
        for (opener, level) in openers {
            for literal in sources.literals(after: opener) {
                logged.insert(literal.text)
                let declared = self.declared(in: literal.target, inventories, \.logEvents)
                let isDeclared = declared.contains { $0.message == literal.text && $0.level == level }
                #expect(
                    isDeclared,
                    "\(literal) is logged as \(level) and not declared so: \(Self.declare)")
            }
        }
        for literal in sources.literals(after: "telemetry.finish(", skipping: 1) {
            logged.insert(literal.text)
            let declared = self.declared(in: literal.target, inventories, \.logEvents)
            #expect(declared.contains { $0.message == literal.text }, "\(literal): \(Self.declare)")
        }
        // Of whatever level the caller says.
        logged.formUnion(sources.literals(after: "pipeline.write(", skipping: 1).map(\.text))
        let declared = Set(inventories.flatMap(\.catalogue.logEvents).map(\.message))
        #expect(declared.subtracting(logged).sorted() == [], "declared as log events, and logged nowhere: remove them")
    }

    @Test("Every span that is started by a name is declared, and every declared name is started")
    func spanNames() async throws {
        let inventories = try await TelemetryCommand.inventories()
        let sources = try DriftSources()
        let started = ["withSpan(", "startSpan("].flatMap { sources.literals(after: $0) }
        for literal in started {
            let names = self.declared(in: literal.target, inventories, \.spans).map(\.name)
            #expect(names.contains(.exactly(literal.text)), "\(literal): \(Self.declare)")
        }
        let routes = Set(inventories.flatMap(\.routes))
        let operations = Set(
            sources.literals(after: "DatabaseOperation(").map(\.text).filter { $0.allSatisfy(\.isUppercase) })
        for span in inventories.flatMap(\.catalogue.spans) {
            guard case .exactly(let name) = span.name else { continue }
            let isOfDatabase = name.split(separator: " ").first.map { operations.contains(String($0)) } ?? false
            #expect(
                routes.contains(name) || isOfDatabase || started.contains { $0.text == name },
                "'\(name)' is declared as a span, and nothing starts it: remove it")
        }
        let events = Set(inventories.flatMap(\.catalogue.spanEvents).map(\.name))
        #expect(Set(sources.literals(after: "addEvent(").map(\.text)) == events, "span events: \(Self.declare)")
    }

    @Test("No attribute is made without a declaration, and every declaration is in a catalogue")
    func attributeKeys() async throws {
        let inventories = try await TelemetryCommand.inventories()
        let sources = try DriftSources()
        let keys = Set(inventories.flatMap(\.catalogue.attributes).map(\.key))
        // A key's own declaration is among them, since it passes its key.
        let made = ["Attribute(", " .init(", "[.init("].flatMap { sources.literals(after: $0) }
        for literal in made where literal.text.contains(".") && !literal.text.contains(" ") {
            #expect(
                keys.contains(literal.text), "\(literal): list its AttributeKey in the catalogue, then run make docs")
        }
        let loose = sources.literals(after: "Attribute(").filter { $0.target != "Telemetry" }
        #expect(loose.sorted() == [], "declare an AttributeKey, and call that")
    }

    // MARK: Lint

    /// Lower case, with dots between the parts and underscores within them.
    private func isName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count >= 2
            && parts.allSatisfy { part in
                part.first.map { $0 >= "a" && $0 <= "z" } == true
                    && part.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                    }
            }
    }

    private func isSentence(_ text: String) -> Bool {
        (text.first?.isUppercase == true || text.first == "`") && text.last == "." && text.dropLast().last != "."
    }

    /// What a stranger, or a growing shop, can make more of without end.
    private static let unbounded: Set<String> = [
        "url.path", "url.full", "url.query", "user_agent.original", "http.request.method_original", "client.address",
        "network.peer.address", "error.message", "exception.message", "user.email",
    ]

    @Test("Metrics have names, known units, sentences for help, and labels that are declared and bounded")
    func metrics() async throws {
        for service in try await TelemetryCommand.inventories() {
            let known = Set(service.catalogue.attributes.map(\.key) + service.catalogue.labels.map(\.name))
            for metric in service.metrics {
                #expect(self.isName(metric.name), "\(metric.name): lower case, with dots")
                let unit = metric.unit.code
                #expect(
                    ["", "s", "By", "1"].contains(unit)
                        || (unit.hasPrefix("{") && (unit.hasSuffix("}") || unit.hasSuffix("}/s"))),
                    "\(metric.name): unknown unit \(unit)")
                #expect(self.isSentence(metric.help), "\(metric.name): its help is one sentence with a full stop")
                for label in metric.labelNames {
                    #expect(known.contains(label), "label \(label) of \(metric.name): \(Self.declare)")
                    #expect(
                        !Self.unbounded.contains(label) && !label.hasSuffix(".id"),
                        "label \(label) of \(metric.name) has no bound")
                }
                #expect(
                    metric.stability == .development || !metric.name.hasPrefix("shop."), "\(metric.name) is ours")
                #expect(metric.bounds == metric.bounds.sorted(), "\(metric.name): bounds rise")
            }
        }
    }

    @Test("A metric of several services is the same in all, labels' values aside")
    func sameMetrics() async throws {
        let metrics = try await TelemetryCommand.inventories().flatMap(\.metrics)
        for (name, same) in Dictionary(grouping: metrics, by: \.prometheusName) {
            let shapes = Set(same.map { [$0.name, $0.kind.rawValue, $0.unit.code, $0.help] + $0.labelNames })
            #expect(shapes.count == 1, "\(name): \(shapes)")
        }
    }

    @Test("Attributes have names, one type each, sentences for briefs, and ours begin with shop")
    func attributes() async throws {
        let catalogues = try await TelemetryCommand.inventories().map(\.catalogue)
        let attributes = Set(catalogues.flatMap(\.attributes))
        for (key, same) in Dictionary(grouping: attributes, by: \.key) {
            #expect(same.count == 1, "\(key) is declared more than once, and not the same")
        }
        for attribute in attributes {
            #expect(self.isName(attribute.key), "\(attribute.key): lower case, with dots")
            #expect(self.isSentence(attribute.brief), "\(attribute.key): its brief is one sentence with a full stop")
            #expect((attribute.stability == .ours) == attribute.key.hasPrefix("shop."), "\(attribute.key)")
        }
        for catalogue in catalogues {
            let known = Set(catalogue.attributes)
            let used = catalogue.spans.flatMap(\.attributes) + catalogue.logEvents.flatMap(\.attributes)
            for attribute in used + catalogue.spanEvents.flatMap(\.attributes) {
                #expect(known.contains(attribute), "\(attribute.key) is used and not listed: \(Self.declare)")
            }
        }
    }

    @Test("Spans, labels and log lines say what they are in a sentence, and are declared once")
    func briefs() async throws {
        for service in try await TelemetryCommand.inventories() {
            let catalogue = service.catalogue
            let briefs =
                catalogue.spans.map(\.brief) + catalogue.labels.map(\.brief) + catalogue.logEvents.map(\.brief)
                + catalogue.spanEvents.map(\.brief)
            for brief in briefs { #expect(self.isSentence(brief), "'\(brief)' is no sentence with a full stop") }
            // A call has the same name on both sides.
            for (name, same) in Dictionary(grouping: catalogue.spans, by: { "\($0.name) (\($0.kind))" }) {
                #expect(same.count == 1, "\(service.name): span \(name) is declared more than once")
            }
            for (message, same) in Dictionary(grouping: catalogue.logEvents, by: \.message) {
                #expect(same.count == 1, "\(service.name): '\(message)' is declared more than once")
            }
        }
    }
}
