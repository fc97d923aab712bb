import Monitoring
import Testing

@Suite("Alerts choose what is wrong, and name what they have chosen")
struct AlertLintTests {
    @Test(
        "An expression that compares nothing holds always",
        arguments: ["shop_wet", "sum(shop_wet)", "shop_wet > bool 5", "shop_wet > 5 or shop_wet", "-shop_wet"])
    func always(text: String) { #expect(LintFixture.alert(text) == [.alertFilters]) }

    @Test(
        "One that compares, or asks for what is missing, does not",
        arguments: [
            "shop_wet > 5", "absent(shop_wet)", "vector(1)", "shop_wet > 5 and shop_wet", "(shop_wet > 5) * 2",
            "sum(shop_wet > 5)", "shop_wet unless shop_painted_total", "shop_wet > 5 or shop_wet < 2",
            #"ALERTS{alertstate="firing"}"#, #"absent_over_time(up{job="vitrine"}[5m])"#,
        ])
    func filters(text: String) { #expect(LintFixture.alert(text) == []) }

    @Test("Templates name labels of the result alone")
    func templates() {
        func rules(_ template: String) -> Set<LintRule> {
            LintFixture.alert("sum by (service) (shop_wet) > 5", annotations: [Label("summary", template)])
        }
        #expect(rules("{{ $labels.shop_colour }} is wet") == [.templateLabels])
        #expect(rules("{{ $labels.service }} and {{$labels.job}}") == [.templateLabels])
        #expect(rules("{{ $labels.service }}: {{ $value }} of {{ $externalLabels.x }}") == [])
        let quantile = "histogram_quantile(0.9, sum by (service, le) (rate(shop_drying_seconds_bucket[5m]))) > 1"
        #expect(LintFixture.alert(quantile, annotations: [Label("d", "$labels.le")]) == [.templateLabels])
        let absent = #"absent(up{job="vitrine",service=~"a|user"})"#
        #expect(LintFixture.alert(absent, annotations: [Label("d", "{{ $labels.service }}")]).contains(.templateLabels))
    }
}
