import Monitoring
import Telemetry

/// A small world: a counter, gauges, histograms of seconds and of bytes, and rules that record.
enum LintFixture {
    enum Colour: String, MetricLabel {
        case red, blue
        static var labelName: String { "shop.colour" }
    }

    static let metrics: [MetricDescription] = [
        CounterDescriptor<Colour>("shop.painted", unit: .count("wall"), help: "Walls.").description,
        CounterDescriptor<NoLabels>("shop.brushes", unit: .count("brush"), help: "Brushes.").description,
        CounterDescriptor<NoLabels>("shop.work", unit: .seconds, help: "Work.").description,
        GaugeDescriptor<Colour>("shop.wet", unit: .count("wall"), help: "Wet walls.").description,
        GaugeDescriptor<NoLabels>("shop.stored", unit: .bytes, help: "Stored.").description,
        GaugeDescriptor<NoLabels>("shop.age", unit: .seconds, help: "Age.").description,
        GaugeDescriptor<NoLabels>("process.max_fds", unit: .count("file"), help: "Most files.").description,
        HistogramDescriptor<Colour>("shop.drying", unit: .seconds, help: "Drying.", buckets: [0.25, 0.5, 1])
            .description,
    ]

    static let rules = RuleFileReader.rules(
        in: """
            groups:
              - name: paint
                rules:
                  - record: "paint:walls:rate5m"
                    expr: sum by (shop_colour) (rate(shop_painted_total[5m]))
                    labels:
                      window: "5m"
                  - record: "paint:goal:ratio"
                    expr: vector(0.99)
            """, path: "rules.yml")

    static let catalogue = MetricCatalogue(metrics).recording(rules)
    static let lint = ExpressionLint(catalogue)

    static func findings(_ text: String, unit: String? = nil) -> [Finding] {
        self.lint.findings(in: text, LintContext("here", panelUnit: unit))
    }

    static func rules(_ text: String, unit: String? = nil) -> Set<LintRule> {
        Set(self.findings(text, unit: unit).map(\.rule))
    }

    static func alert(_ text: String, annotations: [Label] = []) -> Set<LintRule> {
        let rule = LintedRule("Paint", isAlert: true, text: text, annotations: annotations, place: "rules.yml:1")
        return Set(self.lint.findings(in: rule).map(\.rule))
    }
}
