/// What to do when a budget burns: the alerts of objectives are made from them, one rule for each, and share a page.
enum ObjectiveRunbooks {
    static var all: [(rule: AlertRule, runbook: Runbook)] {
        let checkout = Objectives.all.first { $0.name == "checkout-availability" }
        guard let checkout else { preconditionFailure("there is no objective checkout-availability") }
        return [
            (checkout.fast, self.fast), (checkout.slow, self.slow), (checkout.exhausted, self.exhausted),
        ]
    }

    private static let slo = LabelKey("sloth_slo")

    private static let looks: [Runbook.Look] = [
        .query("How fast each burns now, as a multiple of what it may:", .named("slo:current_burn_rate:ratio")),
        .query("What is left of the period's budget:", .named("slo:period_error_budget_remaining:ratio")),
        .query("The share of failed or slow requests:", .named("slo:sli_error:ratio_rate5m")),
        .dashboard(.overview, "which journeys suffer, and what else is wrong"),
    ]

    private static let fast = Runbook(
        means:
            "The journey named by `sloth_slo` fails, or is slow, for so many that its budget of thirty days would be "
            + "gone within five days at most (six times the rate it may burn at) or two (14.4 times). The rule shown is "
            + "that of checkout's availability; the others differ in their names and bounds.",
        customers: "They notice now: a journey fails or is slow for a good part of them.",
        look: Self.looks,
        steps: [
            "Find what else fires: `ServiceDown`, `CircuitBreakerOpen`, `HighErrorRate` name the cause; this is the symptom.",
            "If something was deployed in the last hour, take it back first and ask afterwards.",
            "Availability: open a trace of a failed request of the journey. Latency: an exemplar of the slow bucket.",
            "It resolves by itself once the short window is clean: five minutes, or thirty.",
        ],
        reproduce: .experiment("product-failing"))

    private static let slow = Runbook(
        means: "The budget burns one to three times as fast as it may, for hours: too slow to wake anybody, and fast "
            + "enough to leave nothing at the end of the month.",
        customers: "A few in a thousand fail or wait.",
        look: Self.looks,
        steps: [
            "Look for a cause that comes and goes: one instance, one route, one kind of request (*Service RED*).",
            "Compare with the annotations of deployments.",
            "If it is known and bearable, plan its mending before the budget is gone.",
        ],
        reproduce: .experiment("product-flapping"))

    private static let exhausted = Runbook(
        means: "Within the last thirty days more requests failed, or were slow, than was promised.",
        customers: "Over the month they got less than was promised, though all may be well now.",
        look: Self.looks,
        steps: [
            "Nothing risky is rolled out until the budget is positive again: it grows as bad days leave the period.",
            "Look which incident took it (*Objectives and error budgets*), and see that its cause cannot come back.",
            "If it is used up each month without complaints, the objective is too strict: change it in "
                + "`Sources/Monitoring/Objectives`, with a reason.",
        ],
        reproduce: .experiment("product-killed"))
}
