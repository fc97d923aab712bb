/// Every file of cases that `promtool test rules` runs.
package enum RuleTestFiles {
    package static var all: [RuleTestFile] {
        ObjectiveRuleTests.files + AlertCatalogue.areas(.production).map(\.tests)
    }
}
