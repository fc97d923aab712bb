extension Inhibition {
    /// All of the platform's: whoever is told of the cause need not be told of what follows from it.
    package static var all: [Inhibition] {
        self.down + [
            Inhibition(
                "A breaker that is open says already that calls fail.",
                source: [.is(self.name, "CircuitBreakerOpen")],
                target: [.matches(self.name, "DependencyFailing|DeadlinesExceeded|RetryBudgetExhausted")],
                equal: [.service, self.dependency]),
            Inhibition(
                "Where checkouts are refused, that browsing is refused too is no news.",
                source: [.is(self.name, "CheckoutShed")], target: [.is(self.name, "LoadShedding")], equal: [.service]),
            Inhibition(
                "While an objective's budget burns fast, that it also burns slowly is no news.",
                source: [.is(self.severity, "page"), .isNot(self.objective, "")],
                target: [.is(self.severity, "ticket"), .isNot(self.objective, "")],
                equal: [self.objective]),
        ]
    }

    private static let name = LabelKey("alertname")
    private static let severity = LabelKey("severity")
    private static let objective = LabelKey("sloth_slo")
    private static let dependency = LabelKey("dependency")

    /// A service that is down explains what it and its callers suffer. Pages are never kept quiet: what customers feel
    /// is told whatever explains it.
    private static var down: [Inhibition] {
        let isDown: [LabelCondition] = [.matches(self.name, "ServiceDown|TargetMissing")]
        return [
            Inhibition(
                "A service that is down explains what its callers meet.",
                source: isDown, target: [.is(self.severity, "ticket"), .isNot(self.dependency, "")],
                equal: [self.dependency]),
            Inhibition(
                "A service that is down explains its own symptoms.",
                source: isDown, target: [.is(self.severity, "ticket"), .isNot(.service, ""), .is(self.objective, "")],
                equal: [.service]),
        ]
    }
}
