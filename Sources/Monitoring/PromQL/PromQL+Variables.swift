extension PromQL {
    /// What Grafana's variables stand for where nobody chose: every value, a minute's rates, five minutes of range.
    package static let defaultVariables: [String: String] = [
        "__rate_interval": "1m", "__interval": "15s", "__range": "5m",
    ]

    /// What Prometheus gets to read: variables of a dashboard become `.*`, and Grafana's own are filled in.
    ///
    /// - Parameter variables: by name, without the dollar sign; durations as Prometheus writes them.
    package func substituting(variables: [String: String] = Self.defaultVariables) -> PromQL {
        self.mappingDurations { duration in
            guard case .variable(let name) = duration, let text = variables[String(name.dropFirst())] else {
                return duration
            }
            return PromDuration(text: text) ?? duration
        }.mappingMatchers { matcher in
            guard matcher.value.first == "$" else { return matcher }
            return LabelMatcher(matcher.label, matcher.kind, variables[String(matcher.value.dropFirst())] ?? ".*")
        }
    }

    /// The variables it refers to, without the dollar sign; Grafana's own left out.
    package var variables: Set<String> {
        Set(self.selectors.flatMap(\.matchers).map(\.value).filter { $0.first == "$" }.map { String($0.dropFirst()) })
    }

    /// Every selector of series in it.
    package var selectors: [VectorSelector] {
        switch self {
        case .number, .string: []
        case .vector(let selector), .range(let selector, _): [selector]
        case .subquery(let inner, _, _), .offset(let inner, _), .negative(let inner): inner.selectors
        case .call(_, let arguments): arguments.flatMap(\.selectors)
        case .aggregate(let aggregation): aggregation.operand.selectors
        case .binary(let left, _, let right, _): left.selectors + right.selectors
        }
    }

    /// The same with every condition on a label passed through a change.
    package func mappingMatchers(_ change: (LabelMatcher) -> LabelMatcher) -> PromQL {
        switch self {
        case .number, .string: return self
        case .vector(let selector): return .vector(selector.mappingMatchers(change))
        case .range(let selector, let range): return .range(selector.mappingMatchers(change), range)
        case .subquery(let inner, let range, let step):
            return .subquery(inner.mappingMatchers(change), range: range, step: step)
        case .offset(let inner, let offset): return .offset(inner.mappingMatchers(change), offset)
        case .call(let function, let arguments):
            return .call(function, arguments.map { $0.mappingMatchers(change) })
        case .aggregate(var aggregation):
            aggregation.operand = aggregation.operand.mappingMatchers(change)
            return .aggregate(aggregation)
        case .binary(let left, let symbol, let right, let matching):
            return .binary(left.mappingMatchers(change), symbol, right.mappingMatchers(change), matching)
        case .negative(let inner): return .negative(inner.mappingMatchers(change))
        }
    }

    /// The labels its answer can have; nil where that depends on the series.
    package var resultLabels: Set<String>? {
        switch self {
        case .number, .string: return []
        case .vector, .range, .subquery: return nil
        case .offset(let inner, _), .negative(let inner): return inner.resultLabels
        case .call("label_replace", let arguments):
            guard case .string(let label)? = arguments.dropFirst().first else { return nil }
            return arguments[0].resultLabels?.union([label])
        case .call("histogram_quantile", let arguments):
            return arguments[1].resultLabels?.subtracting([LabelKey.le.name])
        case .call("vector", _), .call("time", _): return []
        case .call(_, let arguments): return arguments.first.flatMap(\.resultLabels)
        case .aggregate(let aggregation): return aggregation.resultLabels
        case .binary(.number, _, let right, _): return right.resultLabels
        case .binary(let left, _, _, _): return left.resultLabels
        }
    }
}

extension PromQL.Aggregation {
    fileprivate var resultLabels: Set<String>? {
        // These two pick series and leave them as they are.
        if self.function == "topk" || self.function == "bottomk" { return self.operand.resultLabels }
        switch self.grouping {
        case nil: return []
        case .by(let labels): return Set(labels)
        case .without(let labels): return self.operand.resultLabels?.subtracting(labels)
        }
    }
}

extension VectorSelector {
    func mappingMatchers(_ change: (LabelMatcher) -> LabelMatcher) -> VectorSelector {
        VectorSelector(self.name, self.matchers.map(change), offset: self.offset)
    }
}

extension PromDuration {
    /// Reads `5m` or `1h30m`; nil where it is none.
    init?(text: String) {
        var rest = text[...]
        var total = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int(digits), let size = Self.units.first(where: { $0.0 == unit })?.1 else { return nil }
            total += count * size
        }
        self = .milliseconds(total)
    }
}
