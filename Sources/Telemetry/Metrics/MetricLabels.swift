/// A closed set of label values: how many series there are is known before the program runs.
public protocol MetricLabels: Sendable {
    /// Label names in the attribute spelling (`error.type`); Prometheus' is derived.
    static var names: [String] { get }
    /// Every combination, in the order of `index`.
    static var all: [Self] { get }
    /// The place in `all`.
    var index: Int { get }
    /// One value for each name.
    var values: [String] { get }
}

/// A label whose values are the cases of an enum.
///
/// `index` is read from the enum's own representation, so that recording searches nothing; registering a metric checks
/// that it agrees with `allCases`.
public protocol MetricLabel: MetricLabels, CaseIterable, RawRepresentable where RawValue == String {
    /// The name in the attribute spelling (`error.type`).
    static var labelName: String { get }
    /// How many cases there are.
    static var count: Int { get }
}

extension MetricLabel {
    @inlinable
    public static var names: [String] { [self.labelName] }
    @inlinable
    public static var all: [Self] { Array(self.allCases) }
    @inlinable
    public static var count: Int { self.allCases.count }
    @inlinable
    public var values: [String] { [self.rawValue] }

    /// A plain enum is stored as the number of its case: nothing for one case, a byte up to 256.
    @inlinable
    public var index: Int {
        switch MemoryLayout<Self>.size {
        case 0: 0
        case 1: Int(unsafeBitCast(self, to: UInt8.self))
        default: Self.all.firstIndex { $0.rawValue == self.rawValue } ?? 0
        }
    }
}

/// The label set of a metric with one series.
public struct NoLabels: MetricLabels {
    @inlinable
    public init() {}
    public static var names: [String] { [] }
    public static var all: [NoLabels] { [NoLabels()] }
    @inlinable
    public var index: Int { 0 }
    public var values: [String] { [] }
}

/// Two labels: every combination is a series.
public struct LabelPair<A: MetricLabel, B: MetricLabel>: MetricLabels {
    @usableFromInline
    let first: A
    @usableFromInline
    let second: B

    @inlinable
    public init(_ first: A, _ second: B) {
        self.first = first
        self.second = second
    }

    public static var names: [String] { [A.labelName, B.labelName] }
    public static var all: [LabelPair] { A.all.flatMap { first in B.all.map { LabelPair(first, $0) } } }
    @inlinable
    public var index: Int { self.first.index * B.count + self.second.index }
    public var values: [String] { self.first.values + self.second.values }
}

/// Three labels: every combination is a series.
public struct LabelTriple<A: MetricLabel, B: MetricLabel, C: MetricLabel>: MetricLabels {
    @usableFromInline
    let first: A
    @usableFromInline
    let second: B
    @usableFromInline
    let third: C

    @inlinable
    public init(_ first: A, _ second: B, _ third: C) {
        self.first = first
        self.second = second
        self.third = third
    }

    public static var names: [String] { [A.labelName, B.labelName, C.labelName] }
    public static var all: [LabelTriple] {
        LabelPair<A, B>.all.flatMap { pair in C.all.map { LabelTriple(pair.first, pair.second, $0) } }
    }
    @inlinable
    public var index: Int { (self.first.index * B.count + self.second.index) * C.count + self.third.index }
    public var values: [String] { self.first.values + self.second.values + self.third.values }
}
