extension Dashboard {
    static let objectives = Dashboard(
        .objectives,
        "What is promised to customers, how much of the promise is used up, and how fast: for each journey its "
            + "availability and its latency, over thirty days. In the lab an hour of these passes in a minute.",
        tags: ["slo"], variables: [ObjectiveSeries.variable], related: [.overview, .business, .load, .chaos]
    ) {
        ObjectiveRows.now
        ObjectiveRows.all
        ObjectiveRows.burning
        ObjectiveRows.levels
    }
}

private enum ObjectiveRows {
    static let chosen = ObjectiveSeries.variable.condition
    static let name = SlothSeries.slo
    /// From where on the fastest pair of windows wakes somebody, and the slowest is looked at.
    static let page = BurnRate.page[0].factor
    static let ticket = BurnRate.ticket[1].factor

    static let now = Row("Now", columns: 4, height: 4) {
        Gauge(
            "Least budget left", .ratio,
            "Of all chosen objectives, over thirty days. At 0 % the promise is broken: changes wait, mending goes "
                + "first."
        ) {
            Query(ObjectiveSeries.budgetRemaining(Self.chosen).min())
        }.thresholds(.below(0.5, 0.1)).scale(to: 1)
        Stat("Broken objectives", .none, "Those with no budget left.", hasTrend: false) {
            Query(ObjectiveSeries.budgetRemaining(Self.chosen).atMost(0).count().orZero)
        }.thresholds(.from(1))
        Stat("Burning", .none, "Objectives that use their budget up faster than allowed right now.", hasTrend: false) {
            Query(ObjectiveSeries.currentBurnRate(Self.chosen).greater(than: 1).count().orZero)
        }.thresholds(.from(1, .orange))
        Stat(
            "Fastest burn", .none,
            "How many times faster than allowed the fastest objective burns. From 14.4 on somebody is woken."
        ) {
            Query(ObjectiveSeries.currentBurnRate(Self.chosen).max())
        }.thresholds(.above(Self.ticket, Self.page)).decimals(1)
    }

    static let all = Row("Every objective", columns: 3, height: 10) {
        Table(
            "Objectives", "What was promised, what is so now and over thirty days, and what is left.",
            keys: [.init(Self.name, "Objective")]
        ) {
            Column("Promised", .ratio, ObjectiveSeries.objective(Self.chosen))
            Column("Last 5 min", .ratio, ObjectiveSeries.errorRatio(.fiveMinutes, Self.chosen).complement)
            Column("30 days", .ratio, ObjectiveSeries.errorRatio(.period, Self.chosen).complement)
            Column("Burn now", .none, ObjectiveSeries.currentBurnRate(Self.chosen), .above(Self.ticket, Self.page))
            Column("Burn 30 d", .none, ObjectiveSeries.periodBurnRate(Self.chosen), .above(0.9, 1))
            Column("Budget left", .ratio, ObjectiveSeries.budgetRemaining(Self.chosen), .below(0.5, 0.1))
        }.spanning(2)
        BarGauge(
            "Budget left by objective", .ratio,
            "Of thirty days. Red bars first: what they need goes before new things."
        ) {
            Query(ObjectiveSeries.budgetRemaining(Self.chosen), "\(Self.name)")
        }.thresholds(.below(0.5, 0.1)).scale(to: 1)
    }

    static let burning = Row("Burn rates by window", columns: 4) {
        TimeSeries(
            "Burn over 5 minutes", .none,
            "1 uses the budget up exactly in time. Together with an hour's at 14.4 it wakes somebody."
        ) {
            Query(ObjectiveSeries.burnRate(.fiveMinutes, Self.chosen), "\(Self.name)")
        }.thresholds(.above(Self.ticket, Self.page)).scale()
        TimeSeries("Burn over an hour", .none, "At 14.4 a fiftieth of thirty days' budget goes in an hour.") {
            Query(ObjectiveSeries.burnRate(.hour, Self.chosen), "\(Self.name)")
        }.thresholds(.above(Self.ticket, Self.page)).scale()
        TimeSeries("Burn over 6 hours", .none, "At 6 a twentieth of the budget goes in six hours: somebody is woken.") {
            Query(ObjectiveSeries.burnRate(.sixHours, Self.chosen), "\(Self.name)")
        }.thresholds(.above(Self.ticket, BurnRate.page[1].factor)).scale()
        TimeSeries("Burn over 3 days", .none, "Above 1 for days: the promise will be broken, slowly. A ticket.") {
            Query(ObjectiveSeries.burnRate(.threeDays, Self.chosen), "\(Self.name)")
        }.thresholds(.above(0.9, Self.ticket)).scale()
    }

    static let levels = Row("Levels", columns: 3) {
        TimeSeries(
            "Budget left over time", .ratio,
            "Falls with each failure, and rises as old ones leave the thirty days."
        ) {
            Query(ObjectiveSeries.budgetRemaining(Self.chosen), "\(Self.name)")
        }.thresholds(.below(0.5, 0.1))
        TimeSeries("Bad share over 5 minutes", .ratio, "Requests that failed, or were slower than promised.") {
            Query(ObjectiveSeries.errorRatio(.fiveMinutes, Self.chosen), "\(Self.name)")
        }.thresholds(.above(0.001, 0.01)).scale()
        Text(
            "How to read this", "What the words on this page mean.",
            """
            **Objective**: of all requests of a journey, how many are to be good over thirty days: answered without \
            failing (*availability*), or answered within a bound (*latency*).

            **Budget**: the share that may be bad. 99.9 % promised leaves 0.1 %: 43 minutes of outage in thirty days.

            **Burn rate**: how many times faster than allowed the budget is used. 1 lasts exactly thirty days, 14.4 \
            lasts two. Somebody is woken when a long window and a short one both burn: the long one says that it \
            matters, the short one that it is still going on.
            """)
    }
}
