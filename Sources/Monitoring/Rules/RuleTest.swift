/// A case that `promtool test rules` runs: what was scraped, and what the rules make of it.
///
/// Source: Prometheus documentation, "Unit testing for rules".
package struct RuleTest: Sendable, Hashable {
    /// What must hold, in a sentence.
    package let name: String
    /// Between two samples of the input; no window of a rate that is looked at may be shorter than two of these.
    package let interval: PromDuration
    package let input: [InputSeries]
    package let expectations: [RuleExpectation]

    package init(_ name: String, every interval: PromDuration, given input: [InputSeries], expect: [RuleExpectation]) {
        self.name = name
        self.interval = interval
        self.input = input
        self.expectations = expect
    }
}

/// One series as it was scraped from the test's beginning on.
package struct InputSeries: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        /// A counter, or a gauge that grows or falls.
        case rising(perSecond: Double, for: PromDuration)
        case holding(for: PromDuration)
        /// Jumps there at the segment's first sample, and stays: of gauges, and of counters that begin anew.
        case at(Double, for: PromDuration)
        /// Not scraped.
        case missing(for: PromDuration)
    }

    let selector: VectorSelector
    let segments: [Segment]

    /// - Parameter series: `Series(…).value`, `Series(…).count.value` or `.named("up", …)`; every condition is an
    ///   equality.
    package init(_ series: PromQL, _ segments: Segment...) { self.init(series, segments) }

    package init(_ series: PromQL, _ segments: [Segment]) {
        guard case .vector(let selector) = series, selector.matchers.allSatisfy({ $0.kind == .equal }) else {
            preconditionFailure("\(series) does not name one series")
        }
        self.selector = selector
        self.segments = segments
    }

    /// In promtool's notation, beginning at 0 unless a segment says otherwise.
    func values(every interval: PromDuration) -> String {
        var writer = InputValues(interval: interval.seconds)
        for segment in self.segments { writer.append(segment) }
        return writer.parts.joined(separator: " ")
    }
}

/// Puts segments end to end: `a+bxn` is `n + 1` samples, so all but the first begin one step further on.
private struct InputValues {
    let interval: Double
    var parts: [String] = []
    private var value = 0.0
    private var isFirst = true

    init(interval: Double) { self.interval = interval }

    mutating func append(_ segment: InputSeries.Segment) {
        switch segment {
        case .rising(let rate, let length):
            // Of 1024ths, which floating point adds up exactly: a counter that fell by a rounding would begin anew.
            self.append(step: (rate * self.interval * 1_024).rounded() / 1_024, self.steps(length))
        case .holding(let length): self.append(step: 0, self.steps(length))
        case .at(let value, let length):
            self.value = value
            self.append(step: 0, self.steps(length))
        case .missing(let length):
            self.parts.append("_x\(self.steps(length) + (self.isFirst ? 1 : 0))")
            self.isFirst = false
        }
    }

    private func steps(_ length: PromDuration) -> Int {
        let steps = Int((length.seconds / self.interval).rounded())
        precondition(steps > 0, "\(length.text) is shorter than one interval of the input")
        return steps
    }

    private mutating func append(step: Double, _ steps: Int) {
        let begin = self.isFirst ? self.value : self.value + step
        let count = self.isFirst ? steps : steps - 1
        let sign = step < 0 ? "-" : "+"
        self.parts.append("\(PromQL.text(begin))\(sign)\(PromQL.text(abs(step)))x\(count)")
        self.value = begin + step * Double(count)
        self.isFirst = false
    }
}

/// What the rules must have made of the input at a moment.
package enum RuleExpectation: Sendable, Hashable {
    /// Exactly these instances of an alert fire; none where the list is empty. One that is pending does not count.
    case alert(AlertRule, at: PromDuration, firing: [ExpectedAlert])
    /// An expression has exactly these samples.
    case samples(PromQL, at: PromDuration, [ExpectedSample])

    package static func quiet(_ rule: AlertRule, at time: PromDuration) -> RuleExpectation {
        .alert(rule, at: time, firing: [])
    }

    /// An expression of one sample, whatever its labels, has a value; floating point does not give it exactly.
    package static func value(
        _ expression: PromQL, at time: PromDuration, near value: Double, within tolerance: Double = 1e-6
    ) -> RuleExpectation {
        let distance = (expression - .number(value)).absolute
        return .samples(distance.atMost(tolerance).count(), at: time, [ExpectedSample([], 1)])
    }

    /// An expression has no sample.
    package static func nothing(_ expression: PromQL, at time: PromDuration) -> RuleExpectation {
        .samples(expression, at: time, [])
    }
}

/// An instance of an alert.
package struct ExpectedAlert: Sendable, Hashable {
    let labels: [Label]
    let summary: String
    let description: String

    /// - Parameters:
    ///   - labels: besides the rule's own.
    ///   - summary: with the templates filled in.
    package init(_ labels: [Label] = [], summary: String, description: String) {
        self.labels = labels
        self.summary = summary
        self.description = description
    }
}

package struct ExpectedSample: Sendable, Hashable {
    /// All of them; the metric's name is `__name__`.
    let labels: [Label]
    let value: Double

    package init(_ labels: [Label] = [], _ value: Double) {
        self.labels = labels
        self.value = value
    }
}
