public import Synchronization

/// A distribution over buckets, one series for each value of a closed label set. Copying one is free.
public struct Histogram<Labels: MetricLabels>: Sendable {
    @usableFromInline
    let cells: HistogramCells

    init(cells: HistogramCells) { self.cells = cells }

    /// Counts a value; with a sampled `context`, keeps it as the bucket's exemplar.
    @inlinable
    public func record(_ value: Double, _ labels: Labels, in context: SpanContext? = nil) {
        self.cells.record(value, series: labels.index, context)
    }

    /// Counts a duration in seconds.
    @inlinable
    public func record(seconds: Double, _ labels: Labels, in context: SpanContext? = nil) {
        self.cells.record(seconds, series: labels.index, context)
    }

    /// Counts a duration in nanoseconds, as seconds.
    @inlinable
    public func record(nanoseconds: UInt64, _ labels: Labels, in context: SpanContext? = nil) {
        self.cells.record(Double(nanoseconds) * 1e-9, series: labels.index, context)
    }

    /// The series of one label value, with the look-up done.
    public func series(_ labels: Labels) -> HistogramSeries {
        HistogramSeries(cells: self.cells, index: labels.index)
    }
}

extension Histogram where Labels == NoLabels {
    /// Counts a value; with a sampled `context`, keeps it as the bucket's exemplar.
    @inlinable
    public func record(_ value: Double, in context: SpanContext? = nil) { self.cells.record(value, series: 0, context) }

    /// Counts a duration in seconds.
    @inlinable
    public func record(seconds: Double, in context: SpanContext? = nil) {
        self.cells.record(seconds, series: 0, context)
    }

    /// Counts a duration in nanoseconds, as seconds.
    @inlinable
    public func record(nanoseconds: UInt64, in context: SpanContext? = nil) {
        self.cells.record(Double(nanoseconds) * 1e-9, series: 0, context)
    }
}

/// One series of a histogram.
public struct HistogramSeries: Sendable {
    @usableFromInline
    let cells: HistogramCells
    @usableFromInline
    let index: Int

    init(cells: HistogramCells, index: Int) {
        self.cells = cells
        self.index = index
    }

    /// Counts a value; with a sampled `context`, keeps it as the bucket's exemplar. About 15 ns.
    @inlinable
    public func record(_ value: Double, in context: SpanContext? = nil) {
        self.cells.record(value, series: self.index, context)
    }

    /// Counts a duration in seconds.
    @inlinable
    public func record(seconds: Double, in context: SpanContext? = nil) {
        self.cells.record(seconds, series: self.index, context)
    }

    /// Counts a duration in nanoseconds, as seconds.
    @inlinable
    public func record(nanoseconds: UInt64, in context: SpanContext? = nil) {
        self.cells.record(Double(nanoseconds) * 1e-9, series: self.index, context)
    }

    /// How many values have been counted.
    public var count: Int { Int(self.cells.bucketCounts(series: self.index).reduce(0, +)) }
    /// Their sum.
    public var sum: Double { self.cells.sum(series: self.index) }
}

/// The cells of a histogram: per series one count for each bucket, the last without bound, then the sum.
///
/// Invariant of `@unchecked`: `bounds` points at memory that is written once, before it is shared, and never freed.
@usableFromInline
struct HistogramCells: @unchecked Sendable {
    @usableFromInline
    let table: CellTable
    @usableFromInline
    let exemplars: ExemplarCells
    @usableFromInline
    let bounds: UnsafePointer<Double>
    @usableFromInline
    let boundCount: Int

    init(bounds: [Double], seriesCount: Int, exemplarFilter: ExemplarFilter) {
        let copy = UnsafeMutablePointer<Double>.allocate(capacity: max(1, bounds.count))
        for (index, bound) in bounds.enumerated() { copy[index] = bound }
        self.bounds = UnsafePointer(copy)
        self.boundCount = bounds.count
        self.table = CellTable(cellCount: seriesCount * (bounds.count + 2))
        self.exemplars = ExemplarCells(count: seriesCount * (bounds.count + 1), filter: exemplarFilter)
    }

    @inlinable
    @inline(__always)
    func record(_ value: Double, series: Int, _ context: SpanContext?) {
        guard !value.isNaN else { return }
        // Most durations fall into the first few buckets, so walking up beats bisecting.
        var bucket = 0
        while bucket < self.boundCount, self.bounds[bucket] < value { bucket &+= 1 }
        let first = series &* (self.boundCount &+ 2)
        let sum = first &+ self.boundCount &+ 1
        if let cells = self.table.own() {
            cells[first &+ bucket].store(cells[first &+ bucket].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
            let total = Double(bitPattern: cells[sum].load(ordering: .relaxed)) + value
            cells[sum].store(total.bitPattern, ordering: .relaxed)
        } else {
            self.recordShared(value, count: first &+ bucket, sum: sum)
        }
        if let context { self.exemplars.keep(value, series &* (self.boundCount &+ 1) &+ bucket, context) }
    }

    @usableFromInline
    @inline(never)
    func recordShared(_ value: Double, count: Int, sum: Int) {
        let cells = self.table.shared
        cells[count].wrappingAdd(1, ordering: .relaxed)
        var old = cells[sum].load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + value).bitPattern
            let (done, found) = cells[sum].compareExchange(expected: old, desired: new, ordering: .relaxed)
            if done { return }
            old = found
        }
    }

    /// Counts of each bucket alone, not cumulative.
    func bucketCounts(series: Int) -> [UInt64] {
        (0...self.boundCount).map { self.table.sum(at: series * (self.boundCount + 2) + $0) }
    }

    func sum(series: Int) -> Double { self.table.sumDouble(at: series * (self.boundCount + 2) + self.boundCount + 1) }
}
