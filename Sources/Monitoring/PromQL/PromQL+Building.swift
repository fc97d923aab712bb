/// What expressions are put together with.
extension PromQL {
    // MARK: Aggregations

    package func sum(by labels: [LabelKey] = []) -> PromQL { self.aggregated("sum", labels) }
    package func max(by labels: [LabelKey] = []) -> PromQL { self.aggregated("max", labels) }
    package func min(by labels: [LabelKey] = []) -> PromQL { self.aggregated("min", labels) }
    package func average(by labels: [LabelKey] = []) -> PromQL { self.aggregated("avg", labels) }
    package func count(by labels: [LabelKey] = []) -> PromQL { self.aggregated("count", labels) }
    /// The greatest of them.
    package func top(_ count: Int) -> PromQL {
        .aggregate(.init("topk", parameter: .number(Double(count)), self))
    }

    private func aggregated(_ function: String, _ labels: [LabelKey]) -> PromQL {
        .aggregate(.init(function, self, labels.isEmpty ? nil : .by(labels.map(\.name))))
    }

    // MARK: Arithmetic

    package static func + (left: PromQL, right: PromQL) -> PromQL { .binary(left, .plus, right, nil) }
    package static func - (left: PromQL, right: PromQL) -> PromQL { .binary(left, .minus, right, nil) }
    package static func * (left: PromQL, right: PromQL) -> PromQL { .binary(left, .times, right, nil) }
    package static func / (left: PromQL, right: PromQL) -> PromQL { .binary(left, .divided, right, nil) }
    package static func * (left: PromQL, right: Double) -> PromQL { .binary(left, .times, .number(right), nil) }

    /// A share: the one part of the other, 0 where there is nothing to have a share of, and nothing where that is not
    /// known at all.
    ///
    /// Dividing alone would leave a gap where nothing happened and `NaN` where both are 0; both look like an outage.
    /// The two must have the same labels.
    package static func ratio(_ part: PromQL, _ whole: PromQL) -> PromQL {
        let share = PromQL.binary(part, .divided, whole.filtered(.greater, 0), nil)
        return .binary(share, .or, whole * 0, nil)
    }

    // MARK: Comparisons: what does not hold is left out

    package func greater(than bound: Double) -> PromQL { self.filtered(.greater, bound) }
    package func atLeast(_ bound: Double) -> PromQL { self.filtered(.greaterOrEqual, bound) }
    package func atMost(_ bound: Double) -> PromQL { self.filtered(.lessOrEqual, bound) }
    package func less(than bound: Double) -> PromQL { self.filtered(.less, bound) }
    package func equals(_ bound: Double) -> PromQL { self.filtered(.equal, bound) }
    package func greater(than other: PromQL) -> PromQL { .binary(self, .greater, other, nil) }
    package func less(than other: PromQL) -> PromQL { .binary(self, .less, other, nil) }

    private func filtered(_ symbol: BinaryOperator, _ bound: Double) -> PromQL {
        .binary(self, symbol, .number(bound), nil)
    }

    // MARK: Sets

    package func and(_ other: PromQL, on labels: [LabelKey]? = nil) -> PromQL { self.joined(.and, other, labels) }
    package func or(_ other: PromQL) -> PromQL { self.joined(.or, other, nil) }
    package func unless(_ other: PromQL, on labels: [LabelKey]? = nil) -> PromQL { self.joined(.unless, other, labels) }

    private func joined(_ symbol: BinaryOperator, _ other: PromQL, _ labels: [LabelKey]?) -> PromQL {
        .binary(self, symbol, other, labels.map { VectorMatching(.on($0.map(\.name))) })
    }

    // MARK: Others

    /// The evaluation's time, in Unix seconds.
    package static let time = PromQL.call("time", [])
    /// A vector of one element without labels.
    package static func one(_ value: Double) -> PromQL { .call("vector", [.number(value)]) }
    package var absolute: PromQL { .call("abs", [self]) }
    /// A series of the name a recording rule, a target or an alert has.
    package static func named(_ name: String, _ conditions: LabelCondition...) -> PromQL {
        .vector(VectorSelector(name, conditions.map(\.matcher)))
    }

    /// The same with every fixed window passed through a change; what Grafana fills in stays.
    package func mappingDurations(_ change: (PromDuration) -> PromDuration) -> PromQL {
        switch self {
        case .number, .string: return self
        case .vector(let selector): return .vector(selector.mappingDurations(change))
        case .range(let selector, let range): return .range(selector.mappingDurations(change), change(range))
        case .subquery(let inner, let range, let step):
            return .subquery(inner.mappingDurations(change), range: change(range), step: step.map(change))
        case .offset(let inner, let offset): return .offset(inner.mappingDurations(change), change(offset))
        case .call(let function, let arguments):
            return .call(function, arguments.map { $0.mappingDurations(change) })
        case .aggregate(var aggregation):
            aggregation.operand = aggregation.operand.mappingDurations(change)
            return .aggregate(aggregation)
        case .binary(let left, let symbol, let right, let matching):
            return .binary(left.mappingDurations(change), symbol, right.mappingDurations(change), matching)
        case .negative(let inner): return .negative(inner.mappingDurations(change))
        }
    }
}

extension VectorSelector {
    func mappingDurations(_ change: (PromDuration) -> PromDuration) -> VectorSelector {
        VectorSelector(self.name, self.matchers, offset: self.offset.map(change))
    }
}
