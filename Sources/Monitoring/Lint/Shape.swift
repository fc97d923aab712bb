/// What is known of an expression's answer before it is asked.
struct Shape: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// What has been counted since a start.
        case counter
        case gauge
        /// The same everywhere: a number or made of numbers.
        case constant(Double)
    }

    var kind: Kind = .gauge
    /// Nil where unknown.
    var unit: Dimension?
    /// What the buckets that it is made of count; nil where it is not made of buckets.
    var observed: Dimension?
    var hasBuckets = false
    /// Whether `le` chooses one bucket, so that others are not added to it.
    var isPinned = false
    /// All that its elements may have; nil where unknown.
    var labels: Set<String>? = []
    var isScalar = false
    /// Whether it has no element that is 0.
    var isNeverZero = false

    var constant: Double? { if case .constant(let value) = self.kind { value } else { nil } }

    init() { self.labels = nil }

    private init(kind: Kind, labels: Set<String>?) {
        self.kind = kind
        self.labels = labels
    }

    init(of expression: PromQL, in catalogue: MetricCatalogue) {
        switch expression {
        case .number(let value): self = .number(value)
        case .string: self.init()
        case .vector(let selector), .range(let selector, _): self = .selected(selector, catalogue)
        case .subquery(let inner, _, _), .offset(let inner, _): self.init(of: inner, in: catalogue)
        case .call(let function, let arguments): self = .called(function, arguments, catalogue)
        case .aggregate(let aggregation): self = .aggregated(aggregation, catalogue)
        case .binary(let left, let symbol, let right, let matching):
            let (left, right) = (Shape(of: left, in: catalogue), Shape(of: right, in: catalogue))
            self = .combined(left, symbol, right, matching)
        case .negative(let inner):
            self.init(of: inner, in: catalogue)
            if let value = self.constant { self.kind = .constant(-value) }
        }
    }

    static func number(_ value: Double) -> Shape {
        var shape = Shape(kind: .constant(value), labels: [])
        shape.isScalar = true
        shape.isNeverZero = value != 0
        return shape
    }

    private static func selected(_ selector: VectorSelector, _ catalogue: MetricCatalogue) -> Shape {
        guard let name = selector.metricName, let entry = catalogue[name] else { return Shape() }
        var shape = Shape(kind: entry.kind == .counter ? .counter : .gauge, labels: entry.labels)
        shape.unit = entry.unit
        shape.observed = entry.observed
        shape.hasBuckets = entry.isBucket
        shape.isPinned = selector.matchers.contains { $0.label == "le" && $0.kind == .equal }
        shape.isNeverZero = entry.isNeverZero
        return shape
    }

    // MARK: Aggregations

    private static func aggregated(_ aggregation: PromQL.Aggregation, _ catalogue: MetricCatalogue) -> Shape {
        var shape = Shape(of: aggregation.operand, in: catalogue)
        switch aggregation.function {
        case "topk", "bottomk": return shape
        case "count", "group", "count_values":
            shape.unit = .count
            shape.observed = nil
            shape.hasBuckets = false
            shape.isNeverZero = true
        case "stdvar": shape.unit = nil
        default: break
        }
        if aggregation.function != "sum" || shape.kind != .counter { shape.kind = shape.summary }
        switch aggregation.grouping {
        case nil: shape.labels = []
        case .by(let labels): shape.labels = shape.labels?.intersection(labels) ?? Set(labels)
        case .without(let labels): shape.labels = shape.labels?.subtracting(labels)
        }
        if aggregation.function == "count_values", case .string(let label)? = aggregation.parameter {
            shape.labels?.insert(label)
        }
        return shape
    }

    /// What becomes of the kind where elements are put together.
    private var summary: Kind { if case .constant = self.kind { .gauge } else { self.kind } }

    // MARK: Binary operators

    private static func combined(
        _ left: Shape, _ symbol: PromQL.BinaryOperator, _ right: Shape, _ matching: PromQL.VectorMatching?
    ) -> Shape {
        var shape = left.isScalar && !right.isScalar ? right : left
        shape.labels = Self.labels(left, symbol, right, matching)
        shape.isScalar = left.isScalar && right.isScalar
        shape.unit = Self.unit(left, symbol, right, isBool: matching?.isBool ?? false)
        shape.isNeverZero = Self.isNeverZero(left, symbol, right, matching)
        if symbol == .or, left.observed != right.observed { shape.observed = nil }
        if symbol.isArithmetic {
            shape.kind = Self.arithmetic(left.kind, symbol, right.kind)
            if left.hasBuckets != right.hasBuckets, !left.isScalar, !right.isScalar { shape.hasBuckets = false }
        }
        return shape
    }

    private static func labels(
        _ left: Shape, _ symbol: PromQL.BinaryOperator, _ right: Shape, _ matching: PromQL.VectorMatching?
    ) -> Set<String>? {
        if left.isScalar { return right.labels }
        if right.isScalar { return left.labels }
        if symbol == .or {
            guard let mine = left.labels, let others = right.labels else { return nil }
            return mine.union(others)
        }
        if symbol.isSet { return left.labels }
        switch matching?.cardinality {
        case .manyToOne(let taken): return left.labels?.union(taken)
        case .oneToMany(let taken): return right.labels?.union(taken)
        default: break
        }
        switch matching?.labels {
        case .on(let names): return Set(names)
        case .ignoring(let names): return (left.labels ?? right.labels)?.subtracting(names)
        case nil: return left.labels ?? right.labels
        }
    }

    private static func unit(
        _ left: Shape, _ symbol: PromQL.BinaryOperator, _ right: Shape, isBool: Bool
    ) -> Dimension? {
        if isBool { return .count }
        switch symbol {
        case .times: return Self.scaled(left, right) { $0 * $1 }
        case .divided: return Self.scaled(left, right) { $0 / $1 }
        case .power, .arctangent: return nil
        case .and, .unless, .modulo: return left.unit
        default: return left.unit ?? right.unit
        }
    }

    /// A factor may convert what is measured, so nothing is known of the outcome but where it says nothing.
    private static func scaled(
        _ left: Shape, _ right: Shape, _ combine: (Dimension, Dimension) -> Dimension
    ) -> Dimension? {
        // Nothing is nothing in every unit: the share of `y * 0` stands beside `x / y`.
        if let factor = right.constant { return abs(factor) == 1 ? left.unit : nil }
        if left.constant != nil { return nil }
        guard let mine = left.unit, let other = right.unit else { return nil }
        return combine(mine, other)
    }

    private static func arithmetic(_ left: Kind, _ symbol: PromQL.BinaryOperator, _ right: Kind) -> Kind {
        guard case .constant(let a) = left, case .constant(let b) = right else { return .gauge }
        switch symbol {
        case .plus: return .constant(a + b)
        case .minus: return .constant(a - b)
        case .times: return .constant(a * b)
        case .divided: return .constant(a / b)
        default: return .gauge
        }
    }

    // MARK: Zero

    private static func isNeverZero(
        _ left: Shape, _ symbol: PromQL.BinaryOperator, _ right: Shape, _ matching: PromQL.VectorMatching?
    ) -> Bool {
        switch symbol {
        case .times: return left.isNeverZero && right.isNeverZero
        case .divided: return left.isNeverZero
        case .or: return left.isNeverZero && right.isNeverZero
        case .and, .unless: return left.isNeverZero
        case _ where symbol.isComparison:
            guard matching?.isBool != true else { return false }
            return left.isNeverZero || Self.excludesZero(symbol, right.constant)
        default:
            if case .constant(let value) = Self.arithmetic(left.kind, symbol, right.kind) { return value != 0 }
            return false
        }
    }

    private static func excludesZero(_ symbol: PromQL.BinaryOperator, _ bound: Double?) -> Bool {
        guard let bound else { return false }
        return switch symbol {
        case .greater: bound >= 0
        case .greaterOrEqual: bound > 0
        case .less: bound <= 0
        case .lessOrEqual: bound < 0
        case .notEqual: bound == 0
        case .equal: bound != 0
        default: false
        }
    }
}

extension PromQL.BinaryOperator {
    var isArithmetic: Bool { !self.isSet && !self.isComparison }
}

extension VectorSelector {
    /// Nil where several metrics may be meant.
    var metricName: String? {
        if !self.name.isEmpty { return self.name }
        return self.matchers.first { $0.label == "__name__" && $0.kind == .equal }?.value
    }
}
