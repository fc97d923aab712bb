import HTTPCore

extension ObjectiveRuleTests {
    /// Fifteen seconds of input are a scrape's in production.
    private static func test(_ name: String, _ input: [InputSeries], _ expect: RuleExpectation...) -> RuleTest {
        RuleTest(name, every: .seconds(15), given: input, expect: expect)
    }

    static let fast: [RuleTest] = [
        test(
            "An hour at twenty times the budget pages, though six hours are still within six times",
            traffic(Traffic(100, for: .hours(6)), Traffic(100, failing: 0.02, for: .hours(1))),
            .quiet(checkout.fast, at: .hours(6)), fast("2%", at: .hours(7)),
            ratio(.sixHours, .hours(7), 0.0033, within: 0.0003)),
        test(
            "Half of that does not",
            traffic(Traffic(100, for: .hours(6)), Traffic(100, failing: 0.007, for: .hours(1))),
            .quiet(checkout.fast, at: .hours(7))),
        test(
            "A page ends with the errors: the hour is still bad, the last five minutes are not",
            traffic(
                Traffic(100, for: .hours(6)), Traffic(100, failing: 0.02, for: .minutes(55)),
                Traffic(100, for: .minutes(10))),
            fast("2%", at: .minutes(6 * 60 + 54)), ratio(.hour, .minutes(7 * 60 + 5), 0.0165, within: 0.001),
            .quiet(checkout.fast, at: .minutes(7 * 60 + 5))),
        test(
            "Six hours at eight times the budget page, though no hour is at 14.4",
            traffic(Traffic(100, failing: 0.008, for: .hours(6))), fast("0.8%", at: .hours(6)),
            ratio(.hour, .hours(6), 0.008, within: 0.0001)),
        test(
            "Half of six times the budget does not page, and is worth a ticket only beyond three",
            traffic(Traffic(100, failing: 0.003, for: .hours(6))), .quiet(checkout.fast, at: .hours(6))),
        test(
            "The slower page ends half an hour after the errors",
            traffic(Traffic(100, failing: 0.008, for: .minutes(330)), Traffic(100, for: .minutes(40))),
            ratio(.sixHours, .minutes(370), 0.0072, within: 0.0005), .quiet(checkout.fast, at: .minutes(370))),
        test(
            "A quiet hour of errors weighs as much as it had requests",
            traffic(Traffic(100, for: .minutes(50)), Traffic(1, failing: 0.5, for: .minutes(10))),
            // An average of ratios would say 8 %.
            ratio(.hour, .hours(1), 0.001, within: 0.0003), ratio(.fiveMinutes, .hours(1), 0.5, within: 0.001),
            .quiet(checkout.fast, at: .hours(1))),
    ]

    static let littleTraffic: [RuleTest] = [
        test(
            "Four orders that fail at night, one in five of the hour's, wake nobody",
            night(failing: 4), .quiet(checkout.fast, at: .minutes(66)), .quiet(checkout.slow, at: .minutes(66))),
        test(
            "Six do: nobody can order",
            night(failing: 6), fast("100%", at: .minutes(66)), slow("25.96%", at: .minutes(66))),
    ]

    /// Seventeen orders in an hour, and then some in a row that fail.
    private static func night(failing: Double) -> [InputSeries] {
        [
            InputSeries(
                orders(.created).count.value, .rising(perSecond: 17.0 / 3_600, for: .hours(1)),
                .holding(for: .minutes(7))),
            InputSeries(
                orders(.serviceUnavailable).count.value, .at(0, for: .minutes(61)), .at(failing, for: .minutes(6))),
        ]
    }

    static let nothing: [RuleTest] = [
        test(
            "No traffic is no error",
            [up(.at(1, for: .hours(1)))],
            ratio(.fiveMinutes, .hours(1), 0, within: 0), ratio(.sixHours, .hours(1), 0, within: 0),
            .value(checkout.series(SlothSeries.remaining), at: .hours(1), near: 1), .quiet(checkout.fast, at: .hours(1))
        ),
        test(
            "A gateway that is not scraped has no ratio at all",
            [up(.at(0, for: .hours(1)))],
            .nothing(checkout.series(SlothSeries.errorRatio(.fiveMinutes)), at: .hours(1)),
            .nothing(checkout.series(SlothSeries.remaining), at: .hours(1)), .quiet(checkout.exhausted, at: .hours(1))),
        test(
            "What is refused as too much, or cannot be bought, is no error, and the former no request either",
            [
                InputSeries(orders(.created).count.value, .rising(perSecond: 1, for: .hours(1))),
                InputSeries(orders(.conflict).count.value, .rising(perSecond: 1, for: .hours(1))),
                InputSeries(orders(.tooManyRequests).count.value, .rising(perSecond: 50, for: .hours(1))),
            ],
            ratio(.hour, .hours(1), 0, within: 0),
            .value(checkout.series(SlothSeries.requestRate), at: .hours(1), near: 2, within: 0.001)),
    ]

    /// Nine of ten orders come in time; of the failed ones, which are slow, none is held against the latency.
    static var latency: RuleTest {
        let objective = Objectives.of(.checkout, isLatency: true)
        let (created, failed) = (orders(.created), orders(.serviceUnavailable))
        return test(
            "Latency is that of orders that were answered: what fails is slow at no further cost",
            [
                InputSeries(created.count.value, .rising(perSecond: 10, for: .hours(1))),
                InputSeries(created.within(0.5).value, .rising(perSecond: 9, for: .hours(1))),
                InputSeries(failed.count.value, .rising(perSecond: 10, for: .hours(1))),
                InputSeries(failed.within(0.5).value, .rising(perSecond: 0, for: .hours(1))),
            ],
            .value(objective.series(SlothSeries.errorRatio(.hour)), at: .hours(1), near: 0.1, within: 0.0001),
            .value(objective.series(SlothSeries.currentBurn), at: .hours(1), near: 10, within: 0.01),
            .alert(
                objective.fast, at: .hours(1),
                firing: [
                    ExpectedAlert(
                        objective.labels,
                        summary: "checkout-latency burns its error budget fast: it is gone within five days, or sooner",
                        description: """
                            10% of the newest requests took longer than 0.5 s, where 1% may: more than 14.4× over \
                            5m and 1h, or 6× over 30m and 6h.
                            """
                    )
                ]))
    }
}
