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
        #expect(names.count == 66)
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

    @Test("promtool agrees with every case", arguments: AlertCatalogue.areas(.production))
    func cases(_ area: AlertArea) {
        let outcome = Shell.run(Self.script(area, .production, "promtool test rules \"$WORK/cases.yml\""))
        #expect(outcome.status == 0, "\(area.name): \(outcome.text)\(outcome.errors)")
    }

    @Test("promtool reads the rules of the lab", arguments: AlertCatalogue.areas(.lab))
    func lab(_ area: AlertArea) {
        let check = "promtool check rules --lint=all --lint-fatal \"$WORK/\(area.name).yml\""
        let outcome = Shell.run(Self.script(area, .lab, check))
        #expect(outcome.status == 0, "\(area.name): \(outcome.text)\(outcome.errors)")
    }

    /// Somebody reads templates without the value's or a label's name otherwise.
    @Test("Templates name labels that the result has")
    func templates() {
        for alert in Self.alerts {
            for test in alert.cases {
                for case .alert(_, _, let firing) in test.expectations {
                    #expect(!"\(firing)".contains("<no value>") && !"\(firing)".contains("{{"), "\(alert.rule.name)")
                }
            }
        }
    }

    /// Writes the rules and the cases into the folder of the run.
    private static func script(_ area: AlertArea, _ profile: RuleProfile, _ command: String) -> String {
        let rules = "cat > \"$WORK/\(area.file.name).yml\" <<'END'\n\(area.file.text(profile))END\n"
        let cases = "cat > \"$WORK/cases.yml\" <<'END'\n\(area.tests.text(links: profile.links, rules: "."))END\n"
        return "\(rules)\(cases)\(command)"
    }
}

extension AlertArea: CustomTestStringConvertible {
    public var testDescription: String { self.name }
}
