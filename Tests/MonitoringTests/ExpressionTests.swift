import Monitoring
import Telemetry
import Testing

/// What queries look like in Prometheus' language.
@Suite("Expressions are written as Prometheus reads them")
struct ExpressionTests {
    private enum Colour: String, MetricLabel {
        case red, blue
        static var labelName: String { "shop.colour" }
    }
    private static let painted = CounterDescriptor<Colour>("shop.painted", unit: .count("wall"), help: "Walls.")
    private static let drying = HistogramDescriptor<Colour>("shop.drying", unit: .seconds, help: "Drying.")

    @Test("A rate of a counter, its labels from the enum that declares them")
    func rate() {
        let query = Series(Self.painted, .is(Colour.red)).rate(.minutes(5)).sum(by: [.service, LabelKey(Colour.self)])
        #expect("\(query)" == #"sum by (service, shop_colour) (rate(shop_painted_total{shop_colour="red"}[5m]))"#)
    }

    @Test("A quantile keeps le, and nothing else that was not asked for")
    func quantile() {
        let query = Series(Self.drying).quantile(0.95, .rateInterval, by: [.service])
        #expect(
            "\(query)"
                == "histogram_quantile(0.95, sum by (service, le) (rate(shop_drying_seconds_bucket[$__rate_interval])))"
        )
    }

    @Test("A share is 0 where nothing happened")
    func ratio() {
        let total = Series(Self.painted).rate(.minutes(5)).sum()
        let red = Series(Self.painted, .is(Colour.red)).rate(.minutes(5)).sum()
        let all = "sum(rate(shop_painted_total[5m]))"
        #expect(
            "\(PromQL.ratio(red, total))"
                == #"sum(rate(shop_painted_total{shop_colour="red"}[5m])) / (\#(all) > 0) or \#(all) * 0"#)
    }

    @Test("Parentheses stand where they are needed, and nowhere else")
    func parentheses() {
        let (a, b, c) = (PromQL.named("a"), PromQL.named("b"), PromQL.named("c"))
        #expect("\((a + b) * c)" == "(a + b) * c")
        #expect("\(a - (b - c))" == "a - (b - c)")
        #expect("\(a - b - c)" == "a - b - c")
        #expect("\(PromQL.negative(a + b))" == "-(a + b)")
    }

    @Test("Durations are written in the greatest units that leave no rest")
    func durations() {
        #expect(PromDuration.minutes(5).text == "5m")
        #expect(PromDuration.hours(36).text == "1d12h")
        #expect(PromDuration.milliseconds(500).text == "500ms")
        #expect(PromDuration.days(30).text == "30d")
    }

    @Test("Compressed time shortens windows, though not below what a rate needs")
    func scale() {
        let scaled = Series(Self.painted).rate(.hours(1)).mappingDurations(TimeScale.lab.window)
        #expect("\(scaled)" == "rate(shop_painted_total[1m])")
        #expect(TimeScale.lab.window(.minutes(5)) == .seconds(10))
        #expect(TimeScale.production.window(.minutes(5)) == .minutes(5))
        #expect(TimeScale.lab.wait(.minutes(5)) == .seconds(5))
    }

    @Test("Labels that a metric has not, and rates of gauges, stop whoever writes them")
    func refusals() async {
        await #expect(processExitsWith: .failure) { _ = Series(Self.painted, .is(LabelKey("smell"), "sweet")) }
        await #expect(processExitsWith: .failure) { _ = Series(Self.drying).rate(.minutes(5)) }
        await #expect(processExitsWith: .failure) { _ = Series(Self.drying).within(0.3) }
    }
}

@Suite("YAML")
struct YAMLTests {
    @Test("Nests, quotes what could be read as something else, and keeps lines")
    func document() {
        let yaml: YAML = [
            "name": "on", "count": 3, "ok": true, "empty": [],
            "list": [["a": "b: c", "d": ["x", "5"]], "plain/path"],
            "text": "first\n  second",
        ]
        #expect(
            yaml.document(comment: "Why.") == """
                # Why.
                name: "on"
                count: 3
                ok: true
                empty: []
                list:
                  - a: "b: c"
                    d:
                      - x
                      - "5"
                  - plain/path
                text: |-
                  first
                    second

                """)
    }
}
