/// A rule as the lint sees it, whether it was declared or read from a file.
package struct LintedRule: Sendable {
    /// Of the series or of the alert.
    package let name: String
    package let isAlert: Bool
    package let text: String
    /// Nil where the text is no query.
    package let expression: PromQL?
    package let error: PromQLError?
    package let labels: [Label]
    package let annotations: [Label]
    /// The file and the line.
    package let place: String

    package init(
        _ name: String, isAlert: Bool, text: String, labels: [Label] = [], annotations: [Label] = [], place: String
    ) {
        self.name = name
        self.isAlert = isAlert
        self.text = text
        self.labels = labels
        self.annotations = annotations
        self.place = place
        do throws(PromQLError) {
            self.expression = try PromQL(parsing: text)
            self.error = nil
        } catch {
            self.expression = nil
            self.error = error
        }
    }
}

extension LintedRule {
    /// Of a group as it is declared, its windows those of a scale.
    package static func all(_ group: RuleGroup, _ scale: TimeScale = .production) -> [LintedRule] {
        group.rules.map { rule in
            let place = "group \(group.name)"
            switch rule {
            case .record(let rule):
                return LintedRule(
                    rule.record, isAlert: false, text: "\(rule.expression.mappingDurations(scale.window))",
                    labels: rule.labels, place: place)
            case .alert(let rule):
                return LintedRule(
                    rule.name, isAlert: true, text: "\(rule.expression.mappingDurations(scale.window))",
                    labels: rule.labels,
                    annotations: [Label("summary", rule.summary), Label("description", rule.description)],
                    place: place)
            }
        }
    }
}
