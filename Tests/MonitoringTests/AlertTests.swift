import Monitoring
import ShellTesting
import Testing

/// The alerts' own cases, run by promtool, and that there are enough of them.
@Suite("Alerts", .timeLimit(.minutes(3)))
struct AlertTests {
    private static let alerts = AlertCatalogue.areas(.production).flatMap(\.alerts)

    @Test("Each has a case in which it fires, and one in which it nearly does")
    func completeness() {
        for alert in Self.alerts {
            let outcomes = alert.cases.flatMap(\.expectations).compactMap { expectation -> Bool? in
                guard case .alert(let rule, _, let firing) = expectation else { return nil }
                #expect(rule == alert.rule, "\(alert.rule.name) has a case of another alert")
                return !firing.isEmpty
            }
            #expect(outcomes.contains(true), "\(alert.rule.name) never fires")
            #expect(outcomes.contains(false), "\(alert.rule.name) always fires")
        }
    }

    @Test("Names are unique, in both kinds of time the same, and each is a file's")
    func names() {
        let names = Self.alerts.map(\.rule.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 30)
        let lab = AlertCatalogue.areas(.lab).flatMap(\.alerts).map(\.rule.name)
        #expect(lab == names)
    }

    @Test("Every alert says where to look, what to do, and how to see it")
    func runbooks() throws {
        for alert in Self.alerts {
            #expect(!alert.runbook.looks.isEmpty && !alert.runbook.steps.isEmpty, "\(alert.rule.name)")
            if case .experiment(let name) = alert.runbook.reproduction {
                #expect(try Repository.text("chaos/experiments/\(name).json").contains("\"\(name)\""))
            }
        }
    }
}
