import ShellTesting
import Testing

@testable import Monitoring

/// Alerts of what runs out, of stores, security, telemetry, and of alerting itself: their own cases, run by promtool.
@Suite("Areas of alerts: saturation, stores, security, telemetry, meta", .timeLimit(.minutes(3)))
struct SignalAreaTests {
    private static func areas(_ scale: TimeScale) -> [AlertArea] {
        [
            SaturationAlerts.area(scale), StoreAlerts.area(scale), SecurityAlerts.area(scale),
            TelemetryAlerts.area(scale), MetaAlerts.area(scale),
        ]
    }
    private static let alerts = Self.areas(.production).flatMap(\.alerts)

    @Test("Each alert has a case in which it fires, and one in which it nearly does")
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
        #expect(Self.alerts.count == 37)
    }

    @Test("promtool agrees with every case", arguments: Self.areas(.production))
    func cases(_ area: AlertArea) {
        let outcome = Shell.run(Self.script(area, .production, "promtool test rules \"$WORK/cases.yml\""))
        #expect(outcome.status == 0, "\(area.name): \(outcome.text)\(outcome.errors)")
    }

    @Test("promtool reads the rules of the lab", arguments: Self.areas(.lab))
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
