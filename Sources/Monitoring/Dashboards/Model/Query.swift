/// What a panel asks for.
package struct Query: Sendable {
    package enum Source: Sendable, Hashable {
        case metrics(PromQL)
        case logs(LogQL)
    }

    /// How a table shows it.
    package struct Column: Sendable, Hashable {
        package let title: String
        package let unit: PanelUnit
        package let thresholds: Thresholds?
        /// What its numbers are called, where they stand for states.
        package let states: [StateName]
    }

    package let source: Source
    package let legend: Legend
    /// Whether traces of single observations are marked, where the store has any.
    package let hasExemplars: Bool
    package let column: Column?
    /// Nil where the panel's counts.
    package let dataNeeds: DataNeeds?

    package init(
        _ expression: PromQL, _ legend: Legend = "", exemplars: Bool = false, needs: DataNeeds? = nil
    ) {
        self.source = .metrics(expression)
        self.legend = legend
        self.hasExemplars = exemplars
        self.column = nil
        self.dataNeeds = needs
    }

    init(_ lines: LogQL) {
        self.source = .logs(lines)
        self.legend = ""
        self.hasExemplars = false
        self.column = nil
        self.dataNeeds = nil
    }

    /// What is counted of log lines, over time.
    package init(_ lines: LogQL, _ legend: Legend) {
        self.source = .logs(lines)
        self.legend = legend
        self.hasExemplars = false
        self.column = nil
        self.dataNeeds = .logStore
    }

    init(_ expression: PromQL, column: Column) {
        self.source = .metrics(expression)
        self.legend = ""
        self.hasExemplars = false
        self.column = column
        self.dataNeeds = nil
    }
}

@resultBuilder
package enum QueryBuilder {
    package static func buildExpression(_ query: Query) -> [Query] { [query] }
    package static func buildExpression(_ queries: [Query]) -> [Query] { queries }
    package static func buildBlock(_ queries: [Query]...) -> [Query] { queries.flatMap { $0 } }
}

/// What a series is called: words, and the values of labels that the query keeps.
package struct Legend: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// As Grafana writes it: `{{service}} p95`.
    package let text: String
    package let labels: [LabelKey]

    package init(stringLiteral value: String) {
        self.text = value
        self.labels = []
    }

    package init(stringInterpolation: StringInterpolation) {
        self.text = stringInterpolation.text
        self.labels = stringInterpolation.labels
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var labels: [LabelKey] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}
        package mutating func appendLiteral(_ literal: String) { self.text += literal }
        /// Words that a declaration has.
        package mutating func appendInterpolation(_ words: String) { self.text += words }
        /// The value of a label.
        package mutating func appendInterpolation(_ label: LabelKey) {
            self.text += "{{\(label.name)}}"
            self.labels.append(label)
        }
    }
}
