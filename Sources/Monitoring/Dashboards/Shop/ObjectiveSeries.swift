/// The series that the rules of objectives keep, under sloth's names.
enum ObjectiveSeries {
    /// `checkout-latency`
    static let objective = LabelKey("sloth_slo")
    static let variable = DashboardVariable(
        Self.objective, "Objective", name: "objective", on: .named("slo:objective:ratio", Self.ours))
    private static let ours = LabelCondition.is(LabelKey("sloth_service"), "shop")

    /// Share of what should have been good, and how long that is looked back: `5m`.
    static func errorRatio(_ window: String, _ conditions: LabelCondition...) -> PromQL {
        self.series("slo:sli_error:ratio_rate\(window)", conditions)
    }
    static func objective(_ conditions: LabelCondition...) -> PromQL {
        self.series("slo:objective:ratio", conditions)
    }
    static func budget(_ conditions: LabelCondition...) -> PromQL {
        self.series("slo:error_budget:ratio", conditions)
    }
    static func currentBurnRate(_ conditions: LabelCondition...) -> PromQL {
        self.series("slo:current_burn_rate:ratio", conditions)
    }
    static func periodBurnRate(_ conditions: LabelCondition...) -> PromQL {
        self.series("slo:period_burn_rate:ratio", conditions)
    }
    static func budgetRemaining(_ conditions: LabelCondition...) -> PromQL {
        self.series("slo:period_error_budget_remaining:ratio", conditions)
    }
    /// How many times faster than allowed the budget is used up, looked back so long.
    static func burnRate(_ window: String, _ conditions: LabelCondition...) -> PromQL {
        self.series("slo:sli_error:ratio_rate\(window)", conditions) / self.series("slo:error_budget:ratio", conditions)
    }

    /// One for each objective.
    private static func series(_ name: String, _ conditions: [LabelCondition]) -> PromQL {
        .vector(VectorSelector(name, ([Self.ours] + conditions).map(\.matcher))).max(by: [Self.objective])
    }
}
