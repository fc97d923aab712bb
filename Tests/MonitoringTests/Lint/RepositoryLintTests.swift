import Monitoring
import Testing

@Suite("The repository's own queries")
struct RepositoryLintTests {
    @Test("Nothing is wrong with what is committed: rules, dashboards, documents")
    func committed() {
        let findings = MonitoringLint().findings(in: Repository.queried)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test("Nothing is wrong with what is made from what is declared, in production's time and in the lab's")
    func made() {
        let findings = MonitoringLint.findings()
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test("Documents are there to be looked at")
    func found() {
        #expect(Repository.files(below: "docs", suffix: ".md").contains { $0.path == "docs/telemetry.md" })
        #expect(Repository.files(below: "no/such/folder", suffix: ".md") == [])
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
