/// An expression of Prometheus' query language, as a value.
///
/// Source: Prometheus documentation, "Querying basics", "Operators", "Functions". Dashboards, rules and runbooks are
/// built from these, and what is read from a file becomes one, so that a lint sees structure rather than text. Nothing
/// here evaluates: that is Prometheus' work.
package indirect enum PromQL: Sendable, Hashable {
    case number(Double)
    case string(String)
    /// An instant vector: `up{job="vitrine"}`.
    case vector(VectorSelector)
    /// A range vector: `up[5m]`.
    case range(VectorSelector, PromDuration)
    /// The range vector of an expression: `sum(up)[1h:1m]`; without a step Prometheus takes the evaluation interval.
    case subquery(PromQL, range: PromDuration, step: PromDuration?)
    /// What was, so long ago: `rate(x[5m]) offset 1h` puts it inside, at the selector; a subquery has it outside.
    case offset(PromQL, PromDuration)
    case call(String, [PromQL])
    case aggregate(Aggregation)
    case binary(PromQL, BinaryOperator, PromQL, VectorMatching?)
    case negative(PromQL)

    /// `sum by (service) (…)`
    package struct Aggregation: Sendable, Hashable {
        package var function: String
        /// Of `topk`, `bottomk`, `quantile`, `count_values`.
        package var parameter: PromQL?
        package var operand: PromQL
        package var grouping: Grouping?

        package init(_ function: String, parameter: PromQL? = nil, _ operand: PromQL, _ grouping: Grouping? = nil) {
            self.function = function
            self.parameter = parameter
            self.operand = operand
            self.grouping = grouping
        }
    }

    package enum Grouping: Sendable, Hashable {
        case by([String])
        case without([String])
    }

    /// How the sides of a binary operator find one another.
    package struct VectorMatching: Sendable, Hashable {
        package enum Cardinality: Sendable, Hashable {
            case oneToOne
            /// `group_left`, with the labels that are taken over from the right.
            case manyToOne([String])
            case oneToMany([String])
        }
        /// Nil where nothing is said: all labels.
        package var labels: Labels?
        package var cardinality: Cardinality
        /// `0`/`1` in place of filtering.
        package var isBool: Bool

        package enum Labels: Sendable, Hashable {
            case on([String])
            case ignoring([String])
        }

        package init(_ labels: Labels?, _ cardinality: Cardinality = .oneToOne, isBool: Bool = false) {
            self.labels = labels
            self.cardinality = cardinality
            self.isBool = isBool
        }
    }

    package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
        case or, and, unless
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case less = "<"
        case greaterOrEqual = ">="
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case modulo = "%"
        case arctangent = "atan2"
        case power = "^"

        /// Higher binds tighter.
        package var precedence: Int {
            switch self {
            case .or: 1
            case .and, .unless: 2
            case .equal, .notEqual, .lessOrEqual, .less, .greaterOrEqual, .greater: 3
            case .plus, .minus: 4
            case .times, .divided, .modulo, .arctangent: 5
            case .power: 7
            }
        }

        package var isComparison: Bool { self.precedence == 3 }
        package var isSet: Bool { self.precedence <= 2 }
        package var isRightAssociative: Bool { self == .power }
    }

    /// Binds tighter than every operator but `^`.
    static let negationPrecedence = 6
}

/// `http_requests_total{service="gateway"} offset 5m`
package struct VectorSelector: Sendable, Hashable {
    /// Empty where the matchers alone choose.
    package var name: String
    package var matchers: [LabelMatcher]
    package var offset: PromDuration?

    package init(_ name: String, _ matchers: [LabelMatcher] = [], offset: PromDuration? = nil) {
        self.name = name
        self.matchers = matchers
        self.offset = offset
    }
}

/// `service="gateway"`
package struct LabelMatcher: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
        case equal = "="
    }
    /// In Prometheus' spelling.
    package var label: String
    package var kind: Kind
    package var value: String

    package init(_ label: String, _ kind: Kind, _ value: String) {
        self.label = label
        self.kind = kind
        self.value = value
    }
}

/// A length of time in a query: fixed, or one that Grafana fills in.
package enum PromDuration: Sendable, Hashable {
    case milliseconds(Int)
    /// `$__rate_interval`, `$__interval` or `$__range`.
    case variable(String)

    package static func seconds(_ count: Int) -> PromDuration { .milliseconds(count * 1_000) }
    package static func minutes(_ count: Int) -> PromDuration { .seconds(count * 60) }
    package static func hours(_ count: Int) -> PromDuration { .minutes(count * 60) }
    package static func days(_ count: Int) -> PromDuration { .hours(count * 24) }
    /// Four scrapes at least, chosen by Grafana.
    package static let rateInterval = PromDuration.variable("$__rate_interval")
    /// What the dashboard shows.
    package static let range = PromDuration.variable("$__range")

    /// As Prometheus writes it, in the greatest unit that leaves no rest: `5m`, `1h30m`, `3d`, `500ms`.
    package var text: String {
        switch self {
        case .variable(let name): return name
        case .milliseconds(let count):
            if count == 0 { return "0s" }
            // What was not yet: an offset alone can be so.
            if count < 0 { return "-" + PromDuration.milliseconds(-count).text }
            var rest = count
            var text = ""
            for (unit, size) in Self.units where rest >= size {
                text += "\(rest / size)\(unit)"
                rest %= size
            }
            return text
        }
    }

    /// What Grafana fills in has none.
    package var seconds: Double {
        guard case .milliseconds(let count) = self else { preconditionFailure("\(self.text) is not known beforehand") }
        return Double(count) / 1_000
    }

    /// Descending, with the length in milliseconds; weeks and years are read but not written.
    static let units: [(String, Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]
}
