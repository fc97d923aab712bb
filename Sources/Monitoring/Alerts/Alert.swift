/// An alert with all that belongs to it: the rule, what to do about it, and the cases that prove it.
package struct Alert: Sendable, Hashable {
    package let rule: AlertRule
    package let runbook: Runbook
    /// At least one in which it fires, and one in which it almost does.
    package let cases: [RuleTest]

    package init(_ rule: AlertRule, _ runbook: Runbook, cases: [RuleTest]) {
        self.rule = rule
        self.runbook = runbook
        self.cases = cases
    }
}

/// Alerts about one part of the platform: a group of rules, and a file of them.
package struct AlertArea: Sendable, Hashable {
    /// `alerts-resilience`
    package let name: String
    package let alerts: [Alert]

    package init(_ name: String, _ alerts: [Alert]) {
        self.name = "alerts-\(name)"
        self.alerts = alerts
    }

    package var file: RuleFile { RuleFile(self.name, [RuleGroup(self.name, self.alerts.map { .alert($0.rule) })]) }

    package var tests: RuleTestFile {
        RuleTestFile(self.name, of: [self.file], every: .seconds(15), self.alerts.flatMap(\.cases))
    }
}

/// What somebody reads who was just told of an alert.
package struct Runbook: Sendable, Hashable {
    /// One thing to look at first.
    package enum Look: Sendable, Hashable {
        /// A query, and what its answer says.
        case query(String, PromQL)
        /// A command line, and what its output says.
        case command(String, String)
        /// Another dashboard than the alert's own.
        case dashboard(DashboardID, String)
    }

    /// How to see it for oneself.
    package enum Reproduction: Sendable, Hashable {
        /// `chaos/<name>.sh`
        case experiment(String)
        /// A command line for the lab, and what it does.
        case command(String, String)
        /// No fault of the lab brings it about; the rule's cases prove it. Says why.
        case casesOnly(String)
    }

    /// What it means, in a sentence or two.
    package let meaning: String
    /// What customers notice.
    package let customers: String
    package let looks: [Look]
    /// What to do, in order.
    package let steps: [String]
    package let reproduction: Reproduction

    package init(
        means meaning: String, customers: String, look looks: [Look], steps: [String], reproduce: Reproduction
    ) {
        self.meaning = meaning
        self.customers = customers
        self.looks = looks
        self.steps = steps
        self.reproduction = reproduce
    }
}
