/// What several areas write their conditions and cases with.
extension PromQL {
    /// Only where there is enough of it to judge by: at least so many within the window.
    func with(atLeast count: Double, of increase: PromQL) -> PromQL { self.and(increase.atLeast(count)) }
}

extension Label {
    /// What the alert is about is what another service depends on: so a service that is down explains its callers'.
    static func dependency(_ label: String) -> Label { Label("dependency", "{{ $labels.\(label) }}") }
}

extension RuleTest {
    /// The rule fires, once.
    static func fires(
        _ rule: AlertRule, _ name: String, given input: [InputSeries], at time: PromDuration, _ labels: [Label] = [],
        summary: String, description: String
    ) -> RuleTest {
        RuleTest(
            "\(rule.name) fires: \(name)", every: .seconds(15), given: input,
            expect: [
                .alert(
                    rule, at: time, firing: [ExpectedAlert(labels, summary: summary, description: description)])
            ])
    }

    /// The rule does not fire, though nearly.
    static func quiet(
        _ rule: AlertRule, _ name: String, given input: [InputSeries], at time: PromDuration
    ) -> RuleTest {
        RuleTest(
            "\(rule.name) does not fire: \(name)", every: .seconds(15), given: input,
            expect: [.quiet(rule, at: time)])
    }
}
