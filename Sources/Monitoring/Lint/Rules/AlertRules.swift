/// An alert chooses what is wrong, and names what it has chosen.
extension ExpressionLint {
    package func findings(in rule: LintedRule, scrapeInterval: PromDuration = .seconds(15)) -> [Finding] {
        let place = "\(rule.place): \(rule.name)"
        guard let query = rule.expression else {
            return [Finding(rule: .parses, place: place, message: rule.error.map { "\($0)" } ?? "")]
        }
        var findings = self.findings(in: query, LintContext(place, scrapeInterval: scrapeInterval))
        guard rule.isAlert else { return findings }
        if !query.isFilter {
            findings.append(
                Finding(rule: .alertFilters, place: place, message: "\(query) compares nothing: it holds always"))
        }
        return findings + self.templates(of: rule, query, place)
    }

    private func templates(of rule: LintedRule, _ query: PromQL, _ place: String) -> [Finding] {
        guard let labels = Shape(of: query, in: self.catalogue).labels else { return [] }
        return (rule.annotations + rule.labels).flatMap { template in
            template.value.namedLabels.filter { !labels.contains($0) }.map { label in
                Finding(
                    rule: .templateLabels, place: place,
                    message: "\(template.name) names $labels.\(label); the result has \(labels.sorted())")
            }
        }
    }
}

extension PromQL {
    /// Whether it has nothing to say where nothing is wrong.
    var isFilter: Bool {
        switch self {
        case .binary(let left, let symbol, let right, let matching):
            if symbol.isComparison { return matching?.isBool != true }
            switch symbol {
            case .or: return left.isFilter && right.isFilter
            case .and: return left.isFilter || right.isFilter
            case .unless: return true
            // `(x > 5) * 2` holds where the comparison does.
            default: return left.isFilter || right.isFilter
            }
        case .call("absent", _), .call("absent_over_time", _), .call("vector", _): return true
        case .call(_, let arguments): return arguments.contains(where: \.isFilter)
        case .aggregate(let aggregation): return aggregation.operand.isFilter
        case .vector(let selector): return selector.metricName == "ALERTS"
        case .offset(let inner, _), .negative(let inner): return inner.isFilter
        case .number, .string, .range, .subquery: return false
        }
    }
}

extension String {
    /// `x` of `{{ $labels.x }}`.
    fileprivate var namedLabels: [String] {
        self.split(separator: "$labels.").dropFirst(self.hasPrefix("$labels.") ? 0 : 1).map { rest in
            String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        }
    }
}
