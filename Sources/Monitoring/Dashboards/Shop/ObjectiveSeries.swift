/// The recorded series of objectives, one for each objective: other labels are left out, so that two of them match.
enum ObjectiveSeries {
    static let variable = DashboardVariable(
        SlothSeries.slo, "Objective", name: "objective", on: .named(SlothSeries.objective, Self.ours))
    private static let ours = LabelCondition.is(SlothSeries.service, Objective.service)

    /// Share of what should have been good, and was not.
    static func errorRatio(_ window: ObjectiveWindow, _ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.errorRatio(window), conditions)
    }
    static func objective(_ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.objective, conditions)
    }
    static func currentBurnRate(_ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.currentBurn, conditions)
    }
    static func periodBurnRate(_ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.periodBurn, conditions)
    }
    static func budgetRemaining(_ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.remaining, conditions)
    }
    /// How many times faster than allowed the budget is used up, looked back so long.
    static func burnRate(_ window: ObjectiveWindow, _ conditions: LabelCondition...) -> PromQL {
        self.series(SlothSeries.errorRatio(window), conditions) / self.series(SlothSeries.budget, conditions)
    }

    private static func series(_ name: String, _ conditions: [LabelCondition]) -> PromQL {
        .vector(VectorSelector(name, ([Self.ours] + conditions).map(\.matcher))).max(by: [SlothSeries.slo])
    }
}
