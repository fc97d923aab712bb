extension ObjectiveRuleTests {
    /// The same rules in compressed time: run by a test, which writes both files, and not committed, since the lab
    /// writes its rules when it starts.
    package static var compressed: RuleTestFile {
        RuleTestFile("objective-lab", of: [self.checkout.file(.lab)], every: .seconds(2), self.lab)
    }

    private static let lab: [RuleTest] = [
        RuleTest(
            "A minute is an hour: a page after half a minute of errors, gone ten seconds after them",
            every: .seconds(2),
            given: traffic(
                Traffic(10, for: .minutes(6)), Traffic(10, failing: 0.2, for: .seconds(30)),
                Traffic(10, for: .minutes(2))),
            expect: [
                .quiet(checkout.fast, at: .minutes(6)), fast("20%", at: .seconds(388)),
                .quiet(checkout.fast, at: .seconds(402)), ratio(.hour, .seconds(402), 0.1, within: 0.01),
            ]),
        RuleTest(
            "Half a minute of errors uses up a budget, which is back half an hour later", every: .seconds(2),
            given: traffic(
                Traffic(10, for: .minutes(6)), Traffic(10, failing: 0.2, for: .seconds(30)),
                Traffic(10, for: .minutes(32))),
            expect: [
                exhausted("-1438%", at: .seconds(390)), exhausted("-262.7%", at: .minutes(28)),
                .quiet(checkout.exhausted, at: .minutes(38)),
                .value(checkout.series(SlothSeries.remaining), at: .minutes(38), near: 1),
            ]),
    ]
}
