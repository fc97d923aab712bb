/// What an expression is when it is evaluated.
///
/// Source: Prometheus documentation, "Expression language data types".
package enum ValueType: String, Sendable, Hashable {
    case scalar = "a scalar"
    case string = "a string"
    case instantVector = "an instant vector"
    case rangeVector = "a range vector"
}

/// What a function takes and gives.
///
/// Source: Prometheus 2.42, "Query functions".
package struct FunctionSignature: Sendable, Hashable {
    package let parameters: [ValueType]
    /// How many of the last may be left out.
    package let optionalCount: Int
    /// Whether the last may be given any number of times.
    package let isVariadic: Bool
    package let result: ValueType

    private init(
        _ parameters: [ValueType], optional: Int = 0, isVariadic: Bool = false, _ result: ValueType = .instantVector
    ) {
        self.parameters = parameters
        self.optionalCount = optional
        self.isVariadic = isVariadic
        self.result = result
    }

    /// How many arguments it takes.
    package var counts: ClosedRange<Int> {
        let least = self.parameters.count - (self.isVariadic ? 1 : self.optionalCount)
        return least...(self.isVariadic ? Int.max : self.parameters.count)
    }

    package static let all: [String: FunctionSignature] = {
        var all: [String: FunctionSignature] = [
            "time": .init([], .scalar), "pi": .init([], .scalar),
            "scalar": .init([.instantVector], .scalar), "vector": .init([.scalar]),
            "clamp": .init([.instantVector, .scalar, .scalar]),
            "clamp_max": .init([.instantVector, .scalar]), "clamp_min": .init([.instantVector, .scalar]),
            "round": .init([.instantVector, .scalar], optional: 1),
            "histogram_quantile": .init([.scalar, .instantVector]),
            "histogram_fraction": .init([.scalar, .scalar, .instantVector]),
            "quantile_over_time": .init([.scalar, .rangeVector]),
            "predict_linear": .init([.rangeVector, .scalar]),
            "holt_winters": .init([.rangeVector, .scalar, .scalar]),
            "label_replace": .init([.instantVector, .string, .string, .string, .string]),
            "label_join": .init([.instantVector, .string, .string, .string], isVariadic: true),
        ]
        for name in Self.ofVectors { all[name] = .init([.instantVector]) }
        for name in Self.ofRanges { all[name] = .init([.rangeVector]) }
        for name in Self.ofMoments { all[name] = .init([.instantVector], optional: 1) }
        return all
    }()

    private static let ofVectors = [
        "abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg", "exp",
        "floor", "histogram_count", "histogram_sum", "ln", "log10", "log2", "rad", "sgn", "sin", "sinh", "sort",
        "sort_desc", "sqrt", "tan", "tanh", "timestamp",
    ]
    private static let ofRanges = [
        "absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv", "idelta", "increase",
        "irate", "last_over_time", "max_over_time", "min_over_time", "present_over_time", "rate", "resets",
        "stddev_over_time", "stdvar_over_time", "sum_over_time",
    ]
    private static let ofMoments = [
        "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year",
    ]
}

/// Those that make one series of many.
package enum Aggregators {
    /// By name, with what their parameter must be.
    package static let all: [String: ValueType?] = [
        "sum": nil, "avg": nil, "count": nil, "min": nil, "max": nil, "group": nil, "stddev": nil, "stdvar": nil,
        "topk": .scalar, "bottomk": .scalar, "quantile": .scalar, "count_values": .string,
    ]
}
