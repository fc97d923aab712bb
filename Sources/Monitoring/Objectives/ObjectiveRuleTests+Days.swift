extension ObjectiveRuleTests {
    private static func test(_ name: String, _ input: [InputSeries], _ expect: RuleExpectation...) -> RuleTest {
        RuleTest(name, every: .minutes(1), given: input, expect: expect)
    }

    static let slow: [RuleTest] = [
        test(
            "A day at four times the budget is worth a ticket, and no page",
            traffic(Traffic(100, for: .days(2)), Traffic(100, failing: 0.004, for: .days(1))),
            .quiet(checkout.slow, at: .days(2)), slow("0.4%", at: .days(3)), .quiet(checkout.fast, at: .days(3))),
        test(
            "Three days at little more than the budget are worth a ticket",
            traffic(Traffic(100, failing: 0.0015, for: .days(3))), slow("0.15%", at: .days(3))),
        test(
            "Three days at half of the budget are what it is for",
            traffic(Traffic(100, failing: 0.0005, for: .days(3))), .quiet(checkout.slow, at: .days(3))),
        test(
            "A ticket ends some hours after the errors, though three days still look bad",
            traffic(
                Traffic(100, for: .days(2)), Traffic(100, failing: 0.004, for: .days(1)), Traffic(100, for: .hours(8))),
            ratio(.threeDays, .hours(80), 0.0013, within: 0.0002), .quiet(checkout.slow, at: .hours(80))),
    ]

    /// Minutes of input would be half a million samples.
    private static func month(_ name: String, _ input: [InputSeries], _ expect: RuleExpectation...) -> RuleTest {
        RuleTest(name, every: .milliseconds(150_000), given: input, expect: expect)
    }

    static let budget: [RuleTest] = [
        month(
            "One bad day uses up a month's budget, which is back when the day has left the month",
            traffic(
                Traffic(100, for: .days(20)), Traffic(100, failing: 0.06, for: .days(1)), Traffic(100, for: .days(32))),
            .value(checkout.series(SlothSeries.remaining), at: .days(20), near: 1),
            .quiet(checkout.exhausted, at: .days(20)), exhausted("-185.7%", at: .days(21)),
            // Long after the burn alerts have ended.
            .quiet(checkout.slow, at: .days(40)), exhausted("-99.72%", at: .days(40)),
            .quiet(checkout.exhausted, at: .days(52)),
            .value(checkout.series(SlothSeries.remaining), at: .days(52), near: 1)),
        month(
            "A day that uses up half of it is no exhaustion",
            traffic(Traffic(100, for: .days(20)), Traffic(100, failing: 0.01, for: .days(1))),
            .value(checkout.series(SlothSeries.remaining), at: .days(21), near: 0.524, within: 0.01),
            .quiet(checkout.exhausted, at: .days(21))),
    ]
}
