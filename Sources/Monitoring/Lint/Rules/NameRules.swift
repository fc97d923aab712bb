/// Metrics, labels and their values must be somebody's.
extension ExpressionCheck {
    mutating func names(_ selector: VectorSelector) {
        guard let name = selector.metricName else { return }
        guard let entry = self.catalogue[name] else {
            return self.report(.metricExists, "nothing has a metric \(name)")
        }
        if entry.kind == .histogram {
            self.report(.metricExists, "\(name) is a histogram: its series end in _bucket, _sum and _count")
        }
        for matcher in selector.matchers where matcher.label != "__name__" { self.matcher(matcher, name, entry) }
    }

    private mutating func matcher(_ matcher: LabelMatcher, _ name: String, _ entry: MetricEntry) {
        if let labels = entry.labels, !labels.contains(matcher.label) {
            return self.report(.labelExists, "\(name) has no label \(matcher.label); it has \(labels.sorted())")
        }
        if matcher.label == "le", entry.isBucket { return self.bound(matcher, name, entry) }
        guard let values = entry.values[matcher.label], !matcher.value.isEmpty, !matcher.value.contains("$") else {
            return
        }
        for value in matcher.alternatives where !values.contains(where: { value.matches($0) }) {
            self.report(
                .labelValueExists,
                "\(matcher.label) of \(name) is never \(value.text); it is one of \(values.sorted())")
        }
    }

    // MARK: Labels that are left

    mutating func labels(of aggregation: PromQL.Aggregation) {
        guard case .by(let names)? = aggregation.grouping else {
            if case .without(let names)? = aggregation.grouping {
                self.require(names, in: aggregation.operand, "without")
            }
            return
        }
        self.require(names, in: aggregation.operand, "by")
    }

    mutating func labels(_ left: PromQL, _ right: PromQL, _ matching: PromQL.VectorMatching?) {
        guard let matching else { return }
        switch matching.labels {
        case .on(let names)?:
            self.require(names, in: left, "on")
            self.require(names, in: right, "on")
        case .ignoring(let names)?:
            guard let mine = self.shape(left).labels, let others = self.shape(right).labels else { break }
            for name in names where !mine.contains(name) && !others.contains(name) {
                self.report(.labelExists, "neither side of an operator has the label \(name) that it ignores")
            }
        case nil: break
        }
        switch matching.cardinality {
        case .oneToOne: break
        case .manyToOne(let taken): self.require(taken, in: right, "group_left")
        case .oneToMany(let taken): self.require(taken, in: left, "group_right")
        }
    }

    mutating func labels(of function: String, _ arguments: [PromQL]) {
        let names: [String]
        switch function {
        case "label_replace": names = arguments.dropFirst(3).prefix(1).compactMap(\.stringValue)
        case "label_join": names = arguments.dropFirst(3).compactMap(\.stringValue)
        default: return
        }
        if let operand = arguments.first { self.require(names, in: operand, function) }
    }

    private mutating func require(_ names: [String], in operand: PromQL, _ word: String) {
        guard let labels = self.shape(operand).labels else { return }
        for name in names where !labels.contains(name) {
            self.report(.labelExists, "\(word) (\(name)): what stands there has no such label, only \(labels.sorted())")
        }
    }
}

extension PromQL {
    var stringValue: String? { if case .string(let value) = self { value } else { nil } }
}

/// A value that a matcher asks for, or a pattern of them.
private struct Alternative {
    let text: String
    let isPattern: Bool

    func matches(_ value: String) -> Bool {
        guard self.isPattern else { return value == self.text }
        guard let pattern = try? Regex(self.text) else { return true }
        return value.wholeMatch(of: pattern) != nil
    }
}

extension LabelMatcher {
    /// Each must be met by some value: `a|b` asks for both.
    fileprivate var alternatives: [Alternative] {
        switch self.kind {
        case .equal, .notEqual: return [Alternative(text: self.value, isPattern: false)]
        case .matches, .matchesNot:
            let isPlain = !self.value.contains { "()[]\\".contains($0) }
            let parts = isPlain ? self.value.split(separator: "|").map(String.init) : [self.value]
            return parts.map { Alternative(text: $0, isPattern: true) }
        }
    }
}
