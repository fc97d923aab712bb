import JSON
import Monitoring
import ShellTesting
import Testing

@Suite("Alertmanager tells those who should know, and nobody else")
struct AlertmanagerConfigurationTests {
    static let lab = AlertmanagerConfiguration.lab(webhook: "http://127.0.0.1:21007/alerts")
    static let both = [lab, AlertmanagerConfiguration.deployed]

    private static func amtool(_ arguments: String, _ text: String) -> Shell.Outcome {
        Shell.run("cat > $WORK/am.yml; amtool \(arguments)", input: Array(text.utf8))
    }

    @Test("amtool accepts each", arguments: both)
    func accepted(_ configuration: AlertmanagerConfiguration) {
        let outcome = Self.amtool("check-config $WORK/am.yml", configuration.text)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    }

    @Test("amtool refuses a receiver that nobody declares")
    func refused() {
        let text = "route: {receiver: page}\nreceivers: [{name: ticket}]\n"
        #expect(Self.amtool("check-config $WORK/am.yml", text).status != 0)
    }

    static let paths: [(labels: String, receiver: AlertmanagerConfiguration.Receiver)] = [
        ("alertname=CircuitBreakerOpen severity=page service=gateway", .page),
        ("alertname=CircuitBreakerOpen severity=ticket service=gateway", .ticket),
        ("alertname=ErrorBudgetBurnFast severity=page sloth_slo=checkout-latency", .page),
        ("alertname=ErrorBudgetBurnSlow severity=ticket sloth_slo=checkout-latency", .ticket),
        ("alertname=FaultsActive severity=info service=order", .nobody),
        ("alertname=BudgetBurn severity=info sloth_slo=checkout-latency", .nobody),
        ("alertname=Something severity=none", .nobody),
        ("alertname=Watchdog severity=none", .watchdog),
        // The watchdog stays one, whatever it is called otherwise.
        ("alertname=Watchdog severity=page", .watchdog),
        // Nobody gave it a severity: it is not lost.
        ("alertname=Nameless", .ticket),
    ]

    @Test("An alert goes where its severity says", arguments: paths)
    func routed(_ labels: String, _ receiver: AlertmanagerConfiguration.Receiver) {
        for configuration in Self.both {
            let outcome = Self.amtool(
                "config routes test --config.file=$WORK/am.yml --verify.receivers=\(receiver.rawValue) \(labels)",
                configuration.text)
            #expect(outcome.status == 0, "\(labels): \(outcome.text)\(outcome.errors)")
        }
    }

    @Test("Every alert that is declared goes where its severity says")
    func declared() {
        let alerts = RuleFiles.all(.production).flatMap(\.groups).flatMap(\.alerts)
        #expect(!alerts.isEmpty)
        for alert in alerts {
            let receiver: AlertmanagerConfiguration.Receiver =
                switch (alert.name, alert.severity) {
                case (AlertmanagerConfiguration.watchdog, _): .watchdog
                case (_, .page): .page
                case (_, .ticket): .ticket
                case (_, .info), (_, .none): .nobody
                }
            let labels = alert.allLabels.map { "'\($0.name)=\($0.value)'" }.joined(separator: " ")
            self.routed("alertname=\(alert.name) \(labels)", receiver)
        }
    }

    @Test("amtool tells a wrong route from a right one")
    func verified() {
        let outcome = Self.amtool(
            "config routes test --config.file=$WORK/am.yml --verify.receivers=page severity=ticket", Self.lab.text)
        #expect(outcome.status != 0)
    }

    @Test("Everyone but nobody is told at the address given, and told when it is over; the watchdog only beats")
    func receivers() throws {
        let receivers = try #require(try ParsedYAML.read(Self.lab.text)["receivers"]?.array)
        #expect(receivers.compactMap { $0["name"]?.string } == ["page", "ticket", "watchdog", "nobody"])
        for receiver in receivers {
            let hooks = receiver["webhook_configs"]?.array ?? []
            let name = receiver["name"]?.string ?? ""
            #expect(hooks.count == (name == "nobody" ? 0 : 1), "\(name)")
            for hook in hooks {
                #expect(hook["url"]?.string == "http://127.0.0.1:21007/alerts")
                #expect(hook["send_resolved"]?.bool == (name != "watchdog"))
                #expect((hook["max_alerts"]?.int ?? 0) > 0)
            }
        }
    }

    @Test("In the lab a page is sent within a second, and repeated within minutes")
    func compressed() throws {
        let route = try #require(try ParsedYAML.read(Self.lab.text)["route"])
        let pages = (route["routes"]?.array ?? []).filter { $0["receiver"]?.string == "page" }
        #expect(pages.count == 2)
        for page in pages {
            #expect(page["group_wait"]?.string == "166ms")
            #expect(page["group_interval"]?.string == "1s")
            #expect(page["repeat_interval"]?.string == "1m")
        }
        #expect(route["group_interval"]?.string == "5s")
    }

    @Test("Inhibitions are written as Alertmanager reads them, quotes and patterns too")
    func inhibitions() throws {
        let rule = Inhibition(
            "It is down.", source: [.is(LabelKey("alertname"), #"a"b\c"#)],
            target: [.matches(LabelKey("severity"), "page|ticket"), .isNot(LabelKey("alertname"), "Watchdog")],
            equal: [.service])
        let configuration = AlertmanagerConfiguration(
            scale: .production, webhook: "http://127.0.0.1:1/", inhibitions: [rule])
        let outcome = Self.amtool("check-config $WORK/am.yml", configuration.text)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        let rules = try #require(try ParsedYAML.read(configuration.text)["inhibit_rules"]?.array)
        #expect(rules.first?["source_matchers"]?.strings == [#"alertname="a\"b\\c""#])
        #expect(rules.first?["target_matchers"]?.strings == [#"severity=~"page|ticket""#, #"alertname!="Watchdog""#])
        #expect(rules.first?["equal"]?.strings == ["service"])
    }
}
