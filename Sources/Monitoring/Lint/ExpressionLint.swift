/// Says what is wrong with a query that Prometheus would take.
package struct ExpressionLint: Sendable {
    package let catalogue: MetricCatalogue

    package init(_ catalogue: MetricCatalogue) { self.catalogue = catalogue }

    /// - Returns: each once, in the order of the query.
    package func findings(in query: PromQL, _ context: LintContext) -> [Finding] {
        var check = ExpressionCheck(self.catalogue, context)
        check.walk(query)
        check.rawCounters(in: query)
        check.panelUnit(of: query)
        return check.findings
    }

    /// Of a text, which may be no query.
    package func findings(in text: String, _ context: LintContext) -> [Finding] {
        do throws(PromQLError) {
            return self.findings(in: try PromQL(parsing: text), context)
        } catch {
            return [Finding(rule: .parses, place: context.place, message: "\(error)")]
        }
    }
}

/// Goes through one query.
struct ExpressionCheck {
    let catalogue: MetricCatalogue
    let context: LintContext
    private(set) var findings: [Finding] = []

    init(_ catalogue: MetricCatalogue, _ context: LintContext) {
        self.catalogue = catalogue
        self.context = context
    }

    mutating func report(_ rule: LintRule, _ message: String) {
        let finding = Finding(rule: rule, place: self.context.place, message: message)
        if !self.findings.contains(finding) { self.findings.append(finding) }
    }

    func shape(_ query: PromQL) -> Shape { Shape(of: query, in: self.catalogue) }

    /// Every rule over every node.
    mutating func walk(_ query: PromQL) {
        self.check(query)
        for child in query.children { self.walk(child) }
    }

    private mutating func check(_ query: PromQL) {
        switch query {
        case .number, .string, .offset, .negative: break
        case .vector(let selector): self.names(selector)
        case .range(let selector, let range):
            self.names(selector)
            self.window(range, selector)
        case .subquery: break
        case .call(let function, let arguments):
            self.counters(function, arguments)
            self.labels(of: function, arguments)
            if function == "histogram_quantile" { self.quantile(arguments) }
        case .aggregate(let aggregation):
            self.labels(of: aggregation)
            self.buckets(aggregation)
        case .binary(let left, let symbol, let right, let matching):
            self.labels(left, right, matching)
            self.matching(left, symbol, right, matching)
            self.units(left, symbol, right)
            if symbol == .divided || symbol == .modulo { self.division(by: right) }
        }
    }
}

extension PromQL {
    /// What it is put together of.
    package var children: [PromQL] {
        switch self {
        case .number, .string, .vector, .range: []
        case .subquery(let inner, _, _), .offset(let inner, _), .negative(let inner): [inner]
        case .call(_, let arguments): arguments
        case .aggregate(let aggregation): (aggregation.parameter.map { [$0] } ?? []) + [aggregation.operand]
        case .binary(let left, _, let right, _): [left, right]
        }
    }
}
