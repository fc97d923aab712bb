extension ObjectiveRuleTests {
    /// The same rules in compressed time: run by a test, which writes both files, and not committed, since the lab
    /// writes its rules when it starts.
    package static var compressed: RuleTestFile {
        RuleTestFile("objective-lab", of: [self.checkout.file(.lab)], every: .seconds(2), self.lab)
    }

    private static let lab: [RuleTest] = [
        RuleTest(
            "A minute is an hour: a page after half a minute of errors, gone half a minute after them",
            every: .seconds(2),
            given: traffic(
                Traffic(10, for: .minutes(6)), Traffic(10, failing: 0.2, for: .seconds(30)),
                Traffic(10, for: .minutes(2))),
            expect: [
                .quiet(checkout.fast, at: .minutes(6)), fast("20%", at: .seconds(388)),
                .quiet(checkout.fast, at: .seconds(434)), ratio(.hour, .seconds(434), 0.07, within: 0.02),
            ]),
        RuleTest(
            "Half a minute of errors uses up a budget, which is back half an hour later", every: .seconds(2),
            given: traffic(
                Traffic(10, for: .minutes(6)), Traffic(10, failing: 0.2, for: .seconds(30)),
                Traffic(10, for: .minutes(32))),
            expect: [
                exhausted("-1247%", at: .seconds(390)), exhausted("-258%", at: .minutes(28)),
                .quiet(checkout.exhausted, at: .minutes(38)),
                .value(checkout.series(SlothSeries.remaining), at: .minutes(38), near: 1),
            ]),
    ]
}
