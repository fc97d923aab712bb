/// What functions make of what they are given.
extension Shape {
    static func called(_ function: String, _ arguments: [PromQL], _ catalogue: MetricCatalogue) -> Shape {
        let vector = arguments.first { argument in
            switch argument {
            case .number, .string: false
            default: true
            }
        }
        var shape = vector.map { Shape(of: $0, in: catalogue) } ?? Shape()
        switch function {
        case "vector", "scalar": return Self.converted(function, arguments, catalogue)
        case "time", "pi": return Self.moment(function)
        case "absent", "absent_over_time": return Self.absent(arguments)
        case "histogram_quantile": return shape.quantile()
        case "label_replace", "label_join":
            if case .string(let label)? = arguments.dropFirst().first { shape.labels?.insert(label) }
            return shape
        case "timestamp":
            shape.unit = .second
            shape.kind = .gauge
            return shape
        default: return shape.called(function, bounds: arguments)
        }
    }

    private func called(_ function: String, bounds arguments: [PromQL]) -> Shape {
        var shape = self
        if self.kind != .counter || !Self.keepingKind.contains(function) { shape.kind = .gauge }
        if Self.perSecond.contains(function) { shape.unit = self.unit.map { $0 / .second } }
        if Self.counting.contains(function) { shape.unit = .count }
        if !Self.keepingUnit.contains(function), !Self.perSecond.contains(function), !Self.counting.contains(function) {
            shape.unit = nil
        }
        if !Self.keepingBuckets.contains(function) { (shape.hasBuckets, shape.observed) = (false, nil) }
        shape.isNeverZero = self.isNeverZero(after: function, arguments)
        shape.isScalar = false
        return shape
    }

    private func isNeverZero(after function: String, _ arguments: [PromQL]) -> Bool {
        switch function {
        case "clamp_min", "clamp":
            if case .number(let least)? = arguments.dropFirst().first { return least > 0 }
            return false
        case "count_over_time", "present_over_time", "exp": return true
        case "abs", "sort", "sort_desc", "max_over_time", "min_over_time", "last_over_time", "sgn", "sqrt":
            return self.isNeverZero
        default: return false
        }
    }

    private static func converted(_ function: String, _ arguments: [PromQL], _ catalogue: MetricCatalogue) -> Shape {
        var shape = arguments.first.map { Shape(of: $0, in: catalogue) } ?? Shape()
        shape.isScalar = function == "scalar"
        shape.labels = []
        return shape
    }

    private static func moment(_ function: String) -> Shape {
        var shape = Shape()
        shape.unit = function == "time" ? .second : .count
        shape.labels = []
        shape.isScalar = true
        shape.isNeverZero = true
        return shape
    }

    /// One element, with the labels that the selector asks for.
    private static func absent(_ arguments: [PromQL]) -> Shape {
        var shape = Shape()
        shape.unit = .count
        shape.isNeverZero = true
        switch arguments.first {
        case .vector(let selector)?, .range(let selector, _)?:
            shape.labels = Set(selector.matchers.filter { $0.kind == .equal }.map(\.label))
        default: shape.labels = []
        }
        return shape
    }

    private func quantile() -> Shape {
        var shape = self
        shape.kind = .gauge
        shape.unit = self.observed
        (shape.hasBuckets, shape.observed, shape.isNeverZero) = (false, nil, false)
        shape.labels?.remove("le")
        return shape
    }

    private static let perSecond: Set<String> = ["rate", "irate", "deriv"]
    private static let counting: Set<String> = ["changes", "resets", "count_over_time", "present_over_time", "sgn"]
    private static let keepingUnit: Set<String> = [
        "abs", "avg_over_time", "ceil", "clamp", "clamp_max", "clamp_min", "delta", "floor", "holt_winters", "idelta",
        "increase", "last_over_time", "max_over_time", "min_over_time", "predict_linear", "quantile_over_time", "round",
        "sort", "sort_desc", "stddev_over_time", "sum_over_time",
    ]
    private static let keepingBuckets: Set<String> = [
        "rate", "irate", "increase", "sum_over_time", "avg_over_time", "last_over_time", "delta",
    ]
    private static let keepingKind: Set<String> = [
        "abs", "ceil", "clamp", "clamp_max", "clamp_min", "floor", "last_over_time", "round", "sort", "sort_desc",
    ]
}
