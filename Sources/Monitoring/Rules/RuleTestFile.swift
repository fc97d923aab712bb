/// Cases that are kept in one file, with the rules they are about.
package struct RuleTestFile: Sendable, Hashable {
    /// Without folder and `.yml`; that of the rules, where it is about one file of them.
    package let name: String
    package let files: [RuleFile]
    /// Between two evaluations.
    let interval: PromDuration
    package let tests: [RuleTest]

    /// - Parameters:
    ///   - files: all that the cases need: what one group records, another may read.
    ///   - interval: longer than Prometheus' own where a case lasts days and would take minutes to run.
    package init(_ name: String, of files: [RuleFile], every interval: PromDuration, _ tests: [RuleTest]) {
        self.name = name
        self.files = files
        self.interval = interval
        self.tests = tests
    }

    /// Where the committed ones are, from the repository's root.
    package static let folder = "otel/prometheus/tests"

    /// - Parameter rules: the folder of the rules, from this file's.
    package func text(links: MonitoringLinks = MonitoringLinks(), rules: String = "../rules") -> String {
        let groups = self.files.flatMap(\.groups).map { YAML.string($0.name) }
        return YAML.map([
            .init("rule_files", .list(self.files.map { .string("\(rules)/\($0.name).yml") })),
            .init("evaluation_interval", .string(self.interval.text)),
            .init(
                "group_eval_order", .list(groups),
                comment: "In the order of the files: without one it is another with each run."),
            .init("tests", .list(self.tests.map { $0.yaml(links) })),
        ]).document(comment: RuleFile.comment)
    }

    /// The committed file.
    package var generated: GeneratedFile { GeneratedFile(path: "\(Self.folder)/\(self.name).yml", text: self.text()) }
}

extension RuleTest {
    fileprivate func yaml(_ links: MonitoringLinks) -> YAML {
        let input = self.input.map { series -> YAML in
            [
                "series": .string(series.selector.text(range: nil)),
                "values": .string(series.values(every: self.interval)),
            ]
        }
        let alerts = self.expectations.compactMap { $0.alert(links) }
        let samples = self.expectations.compactMap(\.sample)
        var pairs: [YAML.Pair] = [
            .init("name", .string(self.name)), .init("interval", .string(self.interval.text)),
            .init("input_series", .list(input)),
        ]
        if !alerts.isEmpty { pairs.append(.init("alert_rule_test", .list(alerts))) }
        if !samples.isEmpty { pairs.append(.init("promql_expr_test", .list(samples))) }
        return .map(pairs)
    }
}

extension RuleExpectation {
    fileprivate func alert(_ links: MonitoringLinks) -> YAML? {
        guard case .alert(let rule, let time, let firing) = self else { return nil }
        return [
            "eval_time": .string(time.text), "alertname": .string(rule.name),
            "exp_alerts": .list(firing.map { $0.yaml(rule, links) }),
        ]
    }

    fileprivate var sample: YAML? {
        guard case .samples(let expression, let time, let samples) = self else { return nil }
        return [
            "expr": .string(expression.layout()), "eval_time": .string(time.text),
            "exp_samples": .list(samples.map(\.yaml)),
        ]
    }
}

extension ExpectedAlert {
    fileprivate func yaml(_ rule: AlertRule, _ links: MonitoringLinks) -> YAML {
        // A rule's labels win over those of the series, as in Prometheus; what a template makes of one is given.
        let own = rule.allLabels.filter { !$0.value.contains("{{") }
        let labels = own + self.labels.filter { label in !own.contains { $0.name == label.name } }
        let annotations = AlertRule.annotations(
            summary: self.summary, description: self.description, rule, links)
        return ["exp_labels": Self.map(labels), "exp_annotations": Self.map(annotations)]
    }

    private static func map(_ labels: [Label]) -> YAML { .map(labels.map { .init($0.name, .string($0.value)) }) }
}

extension ExpectedSample {
    fileprivate var yaml: YAML {
        let matchers = self.labels.filter { $0.name != "__name__" }.map { LabelMatcher($0.name, .equal, $0.value) }
        let name = self.labels.first { $0.name == "__name__" }?.value ?? ""
        let text = VectorSelector(name, matchers).text(range: nil)
        return ["labels": .string(text.isEmpty ? "{}" : text), "value": .double(self.value)]
    }
}
