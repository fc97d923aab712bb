import Monitoring
import Testing

@Suite("What is wrong with a query is found")
struct ExpressionLintTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: LintRule
        let wrong: [String]
        let right: [String]
        var testDescription: String { self.rule.rawValue }
    }

    static let cases: [Case] = [
        Case(
            rule: .parses, wrong: ["rate(shop_painted_total)", "sum("], right: ["rate(shop_painted_total[5m])"]),
        Case(
            rule: .metricExists,
            wrong: ["shop_wett", "rate(shop_painted[5m])", "shop_drying_seconds", #"{__name__="nothing"}"#],
            right: [
                "shop_wet", "up", "ALERTS", "paint:walls:rate5m", #"{__name__="shop_wet"}"#, #"{service="user"}"#,
                "rate(shop_drying_seconds_count[5m])", "target_info",
            ]),
        Case(
            rule: .labelExists,
            wrong: [
                #"shop_wet{color="red"}"#, "sum by (color) (shop_wet)", "sum without (color) (shop_wet)",
                "sum by (service) (sum by (shop_colour) (shop_wet))",
                "shop_wet * on (color) shop_wet", "shop_wet * on (service) group_left (color) up",
                "shop_wet * ignoring (color) shop_wet", #"label_replace(shop_wet, "a", "$1", "color", "(.*)")"#,
                #"paint:walls:rate5m{service="user"}"#,
            ],
            right: [
                #"shop_wet{shop_colour="red"}"#, "sum by (service, job, instance) (shop_wet)",
                "sum by (shop_colour) (sum by (shop_colour, service) (shop_wet))",
                "shop_wet * on (service) group_left (version) target_info",
                #"sum by (a) (label_replace(shop_wet, "a", "$1", "shop_colour", "(.*)"))"#,
                #"sum by (shop_colour, window) (paint:walls:rate5m{window="5m"})"#, #"ALERTS{anything="x"}"#,
            ]),
        Case(
            rule: .labelValueExists,
            wrong: [
                #"shop_wet{shop_colour="green"}"#, #"shop_wet{shop_colour!="green"}"#,
                #"shop_wet{shop_colour=~"red|green"}"#, #"shop_wet{shop_colour!~"gr.+"}"#, #"up{service="gatewy"}"#,
                #"paint:walls:rate5m{window="1h"}"#, #"ALERTS{alertstate="resolved"}"#,
            ],
            right: [
                #"shop_wet{shop_colour="red"}"#, #"shop_wet{shop_colour=~"red|b.*"}"#, #"shop_wet{shop_colour!=""}"#,
                #"shop_wet{shop_colour=~"$colour"}"#, #"up{instance="127.0.0.1:1"}"#, #"ALERTS{severity="page"}"#,
            ]),
        Case(
            rule: .rateOnCounter,
            wrong: ["rate(shop_wet[5m])", "increase(paint:walls:rate5m[5m])", "irate(shop_wet[5m:1m])"],
            right: ["rate(shop_painted_total[5m])", "increase(shop_drying_seconds_sum[5m])", "delta(shop_wet[5m])"]),
        Case(
            rule: .gaugeFunction,
            wrong: [
                "max_over_time(shop_painted_total[5m])", "delta(shop_brushes_total[5m])",
                "avg_over_time(sum(shop_painted_total)[5m:1m])",
            ],
            right: [
                "max_over_time(shop_wet[5m])", "count_over_time(shop_painted_total[5m])",
                "max_over_time(rate(shop_painted_total[1m])[1h:])",
            ]),
        Case(
            rule: .rateOfSum, wrong: ["rate(sum(shop_painted_total)[5m:1m])"],
            right: ["sum(rate(shop_painted_total[5m]))"]),
        Case(
            rule: .rawCounter,
            wrong: [
                "shop_painted_total", "sum(shop_painted_total)", "shop_brushes_total > 5",
                "shop_wet and shop_painted_total > 5",
            ],
            right: [
                "absent(shop_painted_total)", "count(shop_painted_total)", "changes(shop_painted_total[5m])",
                "resets(shop_painted_total[5m])", "shop_brushes_total - shop_brushes_total offset 5m",
                "shop_wet and shop_painted_total", "max(shop_painted_total * 0)",
                "increase(shop_painted_total[1h:1m])",
            ]),
        Case(
            rule: .leKept,
            wrong: [
                "histogram_quantile(0.9, sum by (shop_colour) (rate(shop_drying_seconds_bucket[5m])))",
                "histogram_quantile(0.9, sum(rate(shop_drying_seconds_bucket[5m])))",
                "sum(rate(shop_drying_seconds_bucket[5m]))",
                "sum without (le) (rate(shop_drying_seconds_bucket[5m]))",
                #"histogram_quantile(0.9, rate(shop_drying_seconds_bucket{le="0.5"}[5m]))"#,
                "histogram_quantile(0.9, rate(shop_painted_total[5m]))",
            ],
            right: [
                "histogram_quantile(0.9, sum by (shop_colour, le) (rate(shop_drying_seconds_bucket[5m])))",
                "histogram_quantile(0.9, rate(shop_drying_seconds_bucket[5m]))",
                "sum without (shop_colour) (rate(shop_drying_seconds_bucket[5m]))",
                #"sum(rate(shop_drying_seconds_bucket{le="0.5"}[5m]))"#,
            ]),
        Case(
            rule: .bucketBound,
            wrong: [
                #"rate(shop_drying_seconds_bucket{le="0.3"}[5m])"#, #"rate(shop_drying_seconds_bucket{le="1"}[5m])"#,
                #"rate(shop_drying_seconds_bucket{le="1.0"}[5m])"#, #"rate(shop_drying_seconds_bucket{le=~"2|3"}[5m])"#,
            ],
            right: [
                #"rate(shop_drying_seconds_bucket{le="0.25"}[5m])"#,
                #"rate(shop_drying_seconds_bucket{le="+Inf"}[5m])"#,
                #"rate(shop_drying_seconds_bucket{le=~"1(\\.0)?"}[5m])"#,
            ]),
        Case(
            rule: .unitsFit,
            wrong: [
                "shop_age_seconds + shop_stored_bytes", "shop_age_seconds > shop_stored_bytes",
                "sum(rate(shop_work_seconds_total[5m])) or sum(shop_stored_bytes)",
                "histogram_quantile(0.9, rate(shop_drying_seconds_bucket[5m])) > on (service, job, instance, shop_colour) shop_wet",
            ],
            right: [
                "time() - shop_age_seconds", "shop_age_seconds + 5", "shop_age_seconds * 1000 + shop_stored_bytes",
                "sum(shop_wet) or vector(0)", "sum(rate(shop_work_seconds_total[5m])) > sum(shop_wet)",
                "shop_age_seconds / (shop_age_seconds > 0) + shop_brushes_total * 0",
            ]),
        Case(
            rule: .divisionGuarded,
            wrong: [
                "shop_age_seconds / shop_age_seconds", "sum(shop_wet) / sum(shop_wet)", "shop_wet / (shop_wet >= 0)",
                "shop_wet / clamp_min(shop_wet, 0)", "shop_wet / 0", "shop_wet % shop_wet",
                "shop_wet / (shop_wet > bool 0)",
            ],
            right: [
                "shop_wet / (shop_wet > 0) or shop_wet * 0", "shop_wet / clamp_min(shop_wet, 1)", "shop_wet / 100",
                "sum(shop_wet) / sum(process_max_fds)", "sum(shop_wet) / count(shop_wet)",
                "sum(shop_wet) / paint:goal:ratio", "sum(shop_wet) / (1 - 0.99)",
                "sum(shop_wet) / sum(shop_wet != 0)",
            ]),
        Case(
            rule: .matching,
            wrong: [
                "shop_wet + shop_age_seconds", "shop_wet and shop_age_seconds",
                "sum by (service) (shop_wet) > sum(shop_wet)",
                #"rate(shop_drying_seconds_bucket{le="0.5"}[5m]) - rate(shop_drying_seconds_count[5m])"#,
                "shop_wet + ignoring (job) shop_age_seconds",
            ],
            right: [
                "shop_wet + shop_wet", "shop_wet and on (service) up",
                "shop_wet + ignoring (shop_colour) group_left () up",
                "sum(shop_wet) or vector(0)", "shop_wet > 5", "sum(shop_wet) > scalar(up)", "up and ALERTS",
                "sum by (job, instance, service) (shop_wet) + up",
            ]),
        Case(
            rule: .window,
            wrong: ["rate(shop_painted_total[20s])", "rate(shop_painted_total[$__interval])"],
            right: ["rate(shop_painted_total[30s])", "rate(shop_painted_total[$__rate_interval])"]),
    ]

    @Test("Each rule finds what it is for", arguments: Self.cases)
    func finds(aCase: Case) {
        for text in aCase.wrong {
            let findings = LintFixture.findings(text)
            #expect(findings.contains { $0.rule == aCase.rule }, "\(text): \(findings)")
        }
    }

    @Test("What is right is left alone by every rule", arguments: Self.cases)
    func leavesAlone(aCase: Case) {
        for text in aCase.right { #expect(LintFixture.findings(text) == [], "\(text)") }
    }

    @Test("Every rule is tried here or below")
    func complete() {
        let elsewhere: Set<LintRule> = [.alertFilters, .templateLabels]
        #expect(Set(Self.cases.map(\.rule)).union(elsewhere) == Set(LintRule.allCases))
    }

    @Test("A panel shows what the query is in")
    func panels() {
        #expect(LintFixture.rules("rate(shop_painted_total[5m])", unit: "s") == [.unitsFit])
        #expect(LintFixture.rules("increase(shop_painted_total[5m])", unit: "reqps") == [.unitsFit])
        #expect(LintFixture.rules("shop_stored_bytes", unit: "Bps") == [.unitsFit])
        #expect(LintFixture.rules("shop_age_seconds", unit: "percentunit") == [.unitsFit])
        #expect(LintFixture.rules("rate(shop_painted_total[5m])", unit: "reqps") == [])
        #expect(LintFixture.rules("rate(shop_work_seconds_total[5m])", unit: "percentunit") == [])
        #expect(LintFixture.rules("shop_age_seconds * 1000", unit: "dateTimeFromNow") == [])
        #expect(LintFixture.rules("shop_stored_bytes", unit: "something new") == [])
        let mean = "sum(rate(shop_drying_seconds_sum[5m])) / sum(rate(shop_drying_seconds_count[5m]) > 0)"
        #expect(LintFixture.rules(mean, unit: "s") == [])
        #expect(LintFixture.rules(mean, unit: "bytes") == [.unitsFit])
    }

    @Test("Shorter scrapes allow shorter windows")
    func scrapes() {
        let context = LintContext("lab", scrapeInterval: .seconds(2))
        #expect(LintFixture.lint.findings(in: "rate(shop_painted_total[10s])", context) == [])
        #expect(LintFixture.lint.findings(in: "rate(shop_painted_total[3s])", context).map(\.rule) == [.window])
    }

    @Test("A finding says where, what, and by which rule")
    func text() {
        let finding = LintFixture.findings("rate(shop_wet[5m])").first
        #expect(finding?.description == "here: rate of shop_wet, which is no counter [rate-on-counter]")
    }
}
