import Monitoring
import Telemetry
import ShellTesting
import Testing

@Suite("The repository's own queries")
struct RepositoryLintTests {
    /// Whatever asks Prometheus for something.
    private static func queried() throws -> [GeneratedFile] {
        let paths =
            try Repository.files(below: "otel", suffix: ".yml") + Repository.files(below: "dashboards", suffix: ".json")
            + Repository.files(below: "docs", suffix: ".md")
        return try paths.map { GeneratedFile(path: $0, text: try Repository.text($0)) }
    }

    @Test("Nothing is wrong with what is committed: rules, dashboards, documents")
    func committed() throws {
        let findings = MonitoringLint().findings(in: try Self.queried())
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test("Nothing is wrong with what is made from what is declared, in production's time and in the lab's")
    func made() {
        let findings = MonitoringLint.findings()
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test("There is something to look at in rules, dashboards and documents")
    func found() throws {
        let files = try Self.queried()
        let documents = files.filter { $0.path.hasSuffix(".md") }
        #expect(documents.contains { !MarkdownReader.queries(in: $0.text, path: $0.path).isEmpty })
        let rules = files.filter { $0.path.hasPrefix(RuleFile.folder) }
        let areAlerts = rules.flatMap { RuleFileReader.rules(in: $0.text, path: $0.path) }.map(\.isAlert)
        #expect(areAlerts.contains(true))
        let dashboards = files.filter { $0.path.hasSuffix(".json") }
        for file in dashboards {
            #expect(try !DashboardReader.queries(in: file.text, path: file.path).isEmpty, "\(file.path)")
        }
    }

    @Test("Metrics are declared once, or alike")
    func declared() {
        let byName = Dictionary(grouping: DeclaredMetrics.all, by: \.prometheusName)
        for (name, metrics) in byName where metrics.count > 1 {
            #expect(Set(metrics.map(\.kind)).count == 1 && Set(metrics.map(\.unit)).count == 1, "\(name)")
        }
        #expect(byName.count > 80)
    }
}
