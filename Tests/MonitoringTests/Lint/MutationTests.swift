import Monitoring
import Testing

/// Breaks queries over the real metrics, one place at a time: a lint that finds nothing then is none.
@Suite("What is broken on purpose is found")
struct MutationTests {
    private static let lint = ExpressionLint(MetricCatalogue(DeclaredMetrics.all))

    /// Nothing is wrong with these.
    private static let sound = [
        #"sum by (service) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m]))"#,
        "histogram_quantile(0.95, sum by (service, http_route, le) (rate(http_server_request_duration_seconds_bucket[5m])))",
        #"sum(rate(http_server_request_duration_seconds_bucket{le="0.25"}[5m])) / (sum(rate(http_server_request_duration_seconds_count[5m])) > 0)"#,
        #"sum by (service, breaker) (resilience_circuit_breaker_state{state="open"}) > 0"#,
        "rate(shop_event_loop_busy_seconds_total[1m]) > 0.9",
        "max by (service) (process_open_fds / process_max_fds) > 0.8",
        #"sum by (outcome) (increase(shop_orders_placed_total[1h]))"#,
        "sum by (service) (shop_event_loop_connections) > 100",
        "time() - max by (service) (process_start_time_seconds)",
    ]

    private static func rules(_ query: PromQL) -> Set<LintRule> {
        Set(self.lint.findings(in: query, LintContext("mutation")).map(\.rule))
    }

    @Test("Nothing is found before", arguments: Self.sound)
    func before(text: String) throws { #expect(Self.rules(try PromQL(parsing: text)) == []) }

    private func expect(
        _ rule: LintRule, atLeast count: Int, after change: (PromQL) -> PromQL?,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let mutants = try Self.sound.flatMap { try PromQL(parsing: $0).mutants(change) }
        #expect(mutants.count >= count, sourceLocation: location)
        for mutant in mutants { #expect(Self.rules(mutant).contains(rule), "\(mutant)", sourceLocation: location) }
    }

    @Test("A renamed metric")
    func metric() throws {
        try self.expect(.metricExists, atLeast: 10) { $0.changingSelector { $0.name += "x" } }
    }

    @Test("A label that is asked for and renamed")
    func matcher() throws {
        try self.expect(.labelExists, atLeast: 2) {
            guard case .vector(let selector) = $0.asVector, !selector.matchers.isEmpty,
                selector.matchers[0].label != "le"
            else { return nil }
            return $0.changingSelector { $0.matchers[0].label += "x" }
        }
    }

    @Test("A label that is kept and renamed")
    func grouping() throws {
        try self.expect(.labelExists, atLeast: 5) { $0.changingGrouping { $0.map { "\($0)x" } } }
    }

    @Test("A value that no series has, and a bound that no bucket has")
    func values() throws {
        for (label, rule) in [("state", LintRule.labelValueExists), ("le", .bucketBound)] {
            try self.expect(rule, atLeast: 1) {
                guard case .vector(let selector) = $0.asVector, selector.matchers.first?.label == label else {
                    return nil
                }
                return $0.changingSelector { $0.matchers[0].value = "0.33" }
            }
        }
    }

    @Test("A quantile that loses le")
    func quantile() throws {
        try self.expect(.leKept, atLeast: 1) {
            guard case .aggregate(let aggregation) = $0, case .by(let labels)? = aggregation.grouping,
                labels.contains("le")
            else { return nil }
            return $0.changingGrouping { $0.filter { $0 != "le" } }
        }
    }

    @Test("Rates taken of gauges, and greatest values of counters")
    func functions() throws {
        try self.expect(.gaugeFunction, atLeast: 5) {
            guard case .call("rate", let arguments) = $0 else { return nil }
            return .call("max_over_time", arguments)
        }
        try self.expect(.rateOnCounter, atLeast: 3) {
            guard case .vector(let selector) = $0 else { return nil }
            return .call("rate", [.range(selector, .minutes(5))])
        }
    }

    @Test("A counter without its rate, and a window without two scrapes")
    func windows() throws {
        try self.expect(.rawCounter, atLeast: 5) {
            guard case .call("rate", let arguments) = $0, case .range(let selector, _)? = arguments.first else {
                return nil
            }
            return .vector(selector)
        }
        try self.expect(.window, atLeast: 6) {
            guard case .range(let selector, _) = $0 else { return nil }
            return .range(selector, .seconds(15))
        }
    }

    @Test("A division that is guarded no more")
    func division() throws {
        try self.expect(.divisionGuarded, atLeast: 1) {
            guard case .binary(let left, .divided, .binary(let right, .greater, _, _), _) = $0 else { return nil }
            return .binary(left, .divided, right, nil)
        }
    }

    @Test("Bytes beside what was something else")
    func units() throws {
        let bytes = PromQL.named("process_resident_memory_bytes").sum()
        try self.expect(.unitsFit, atLeast: 6) {
            // A state is 0 or 1, and has no unit that could be wrong.
            guard case .aggregate(let aggregation) = $0, aggregation.function == "sum",
                !aggregation.operand.selectors.contains(where: { $0.name == "resilience_circuit_breaker_state" })
            else { return nil }
            return .binary(.aggregate(.init("sum", aggregation.operand)), .plus, bytes, nil)
        }
    }
}

extension PromQL {
    /// One for each place where a change applies.
    func mutants(_ change: (PromQL) -> PromQL?) -> [PromQL] {
        let here = change(self).map { [$0] } ?? []
        switch self {
        case .number, .string, .vector, .range: return here
        case .subquery(let inner, let range, let step):
            return here + inner.mutants(change).map { .subquery($0, range: range, step: step) }
        case .offset(let inner, let offset): return here + inner.mutants(change).map { .offset($0, offset) }
        case .negative(let inner): return here + inner.mutants(change).map { .negative($0) }
        case .aggregate(let aggregation):
            return here
                + aggregation.operand.mutants(change).map { operand in
                    var mutant = aggregation
                    mutant.operand = operand
                    return .aggregate(mutant)
                }
        case .call(let function, let arguments):
            return here
                + arguments.indices.flatMap { index in
                    arguments[index].mutants(change).map { mutant in
                        var all = arguments
                        all[index] = mutant
                        return .call(function, all)
                    }
                }
        case .binary(let left, let symbol, let right, let matching):
            return here + left.mutants(change).map { .binary($0, symbol, right, matching) }
                + right.mutants(change).map { .binary(left, symbol, $0, matching) }
        }
    }

    /// A selector, with or without a range.
    fileprivate var asVector: PromQL {
        if case .range(let selector, _) = self { .vector(selector) } else { self }
    }

    func changingSelector(_ change: (inout VectorSelector) -> Void) -> PromQL? {
        switch self {
        case .vector(var selector):
            change(&selector)
            return .vector(selector)
        case .range(var selector, let range):
            change(&selector)
            return .range(selector, range)
        default: return nil
        }
    }

    func changingGrouping(_ change: ([String]) -> [String]) -> PromQL? {
        guard case .aggregate(var aggregation) = self, case .by(let labels)? = aggregation.grouping else { return nil }
        aggregation.grouping = .by(change(labels))
        return .aggregate(aggregation)
    }
}
