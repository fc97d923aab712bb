/// A number that only grows, one series for each value of a closed label set. Copying one is free.
public struct Counter<Labels: MetricLabels>: Sendable {
    @usableFromInline
    let cells: CellTable
    @usableFromInline
    let exemplars: ExemplarCells

    init(cells: CellTable, exemplars: ExemplarCells) {
        self.cells = cells
        self.exemplars = exemplars
    }

    /// Adds `amount`, 0 or more; less is ignored. About 5 ns.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1, _ labels: Labels) {
        guard amount > 0 else { return }
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: labels.index)
    }

    /// Adds `amount` and, where `context` is sampled, keeps it as the series' exemplar.
    @inlinable
    public func add(_ amount: Int = 1, _ labels: Labels, in context: SpanContext?) {
        self.series(labels).add(amount, in: context)
    }

    /// The series of one label value, with the look-up done.
    @inlinable
    public func series(_ labels: Labels) -> CounterSeries {
        CounterSeries(cells: self.cells, index: labels.index, exemplars: self.exemplars)
    }
}

extension Counter where Labels == NoLabels {
    /// Adds `amount`, 0 or more; less is ignored.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1) { self.add(amount, NoLabels()) }

    /// Adds `amount` and, where `context` is sampled, keeps it as the series' exemplar.
    @inlinable
    public func add(_ amount: Int = 1, in context: SpanContext?) { self.add(amount, NoLabels(), in: context) }
}

/// One series of a counter.
public struct CounterSeries: Sendable {
    @usableFromInline
    let cells: CellTable
    @usableFromInline
    let index: Int
    @usableFromInline
    let exemplars: ExemplarCells

    @usableFromInline
    init(cells: CellTable, index: Int, exemplars: ExemplarCells) {
        self.cells = cells
        self.index = index
        self.exemplars = exemplars
    }

    /// Adds `amount`, 0 or more; less is ignored.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1) {
        guard amount > 0 else { return }
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: self.index)
    }

    /// Adds `amount` and, where `context` is sampled, keeps it as the series' exemplar.
    @inlinable
    public func add(_ amount: Int = 1, in context: SpanContext?) {
        guard amount > 0 else { return }
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: self.index)
        if let context { self.exemplars.keep(Double(amount), self.index, context) }
    }

    /// The sum over all threads now.
    public var value: Int { Int(truncatingIfNeeded: self.cells.sum(at: self.index)) }
}
