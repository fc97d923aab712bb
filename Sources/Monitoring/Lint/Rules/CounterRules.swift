/// What only grows is asked how fast; what is set is asked what it was.
extension ExpressionCheck {
    private static let rates: Set<String> = ["rate", "irate", "increase"]
    private static let ofGauges: Set<String> = [
        "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "quantile_over_time", "stddev_over_time",
        "stdvar_over_time", "delta", "idelta", "deriv", "predict_linear", "holt_winters",
    ]

    mutating func counters(_ function: String, _ arguments: [PromQL]) {
        for argument in arguments {
            switch argument {
            case .range(let selector, _): self.ranged(function, selector)
            case .subquery(let inner, _, _), .offset(.subquery(let inner, _, _), _): self.subqueried(function, inner)
            default: break
            }
        }
    }

    private mutating func ranged(_ function: String, _ selector: VectorSelector) {
        guard let name = selector.metricName, let entry = self.catalogue[name] else { return }
        if Self.rates.contains(function), entry.kind == .gauge {
            self.report(.rateOnCounter, "\(function) of \(name), which is no counter")
        }
        if Self.ofGauges.contains(function), entry.kind == .counter {
            self.report(.gaugeFunction, "\(function) of \(name), which is a counter: ask for its rate or increase")
        }
    }

    private mutating func subqueried(_ function: String, _ inner: PromQL) {
        if Self.rates.contains(function) {
            if inner.hasAggregation {
                self.report(.rateOfSum, "\(function) of \(inner): a sum hides what began anew; sum the rates")
            } else if self.shape(inner).kind != .counter, self.isKnown(inner) {
                self.report(.rateOnCounter, "\(function) of \(inner), which is no counter")
            }
        } else if Self.ofGauges.contains(function), self.shape(inner).kind == .counter {
            self.report(.gaugeFunction, "\(function) of \(inner), which only grows")
        }
    }

    private func isKnown(_ query: PromQL) -> Bool {
        query.selectors.allSatisfy { $0.metricName.map { self.catalogue[$0] != nil } ?? false }
    }

    // MARK: Counters by themselves

    /// Functions that ask whether something is there, or when.
    private static let ofPresence: Set<String> = [
        "absent", "absent_over_time", "changes", "count_over_time", "present_over_time", "resets", "timestamp", "rate",
        "irate", "increase", "last_over_time",
    ]

    /// Reports counters whose total is used, from the top down: what is above decides.
    mutating func rawCounters(in query: PromQL) {
        switch query {
        case .vector(let selector):
            guard let name = selector.metricName, self.catalogue[name]?.kind == .counter else { return }
            self.report(.rawCounter, "\(name) counts since a start: ask for its rate or increase")
        case .call(let function, let arguments):
            for argument in arguments where !Self.ofPresence.contains(function) { self.rawCounters(in: argument) }
        case .aggregate(let aggregation):
            if ["count", "group"].contains(aggregation.function) { return }
            self.rawCounters(in: aggregation.operand)
        case .binary(let left, let symbol, let right, _): self.rawCounters(left, symbol, right)
        default: for child in query.children { self.rawCounters(in: child) }
        }
    }

    private mutating func rawCounters(_ left: PromQL, _ symbol: PromQL.BinaryOperator, _ right: PromQL) {
        // How much it grew, or that it is there.
        if symbol == .minus, left.isEarlier(right) { return }
        if symbol == .times, right == .number(0) { return }
        self.rawCounters(in: left)
        // The right side of these only decides what is kept of the left: that it is there.
        if symbol == .and || symbol == .unless, case .vector = right { return }
        self.rawCounters(in: right)
    }
}

extension PromQL {
    var hasAggregation: Bool {
        if case .aggregate = self { return true }
        return self.children.contains(where: \.hasAggregation)
    }

    /// Whether another is the same, some time ago.
    fileprivate func isEarlier(_ other: PromQL) -> Bool {
        guard case .vector(let now) = self, case .vector(var then) = other, then.offset != nil else { return false }
        then.offset = now.offset
        return now == then
    }
}
