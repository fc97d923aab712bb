/// A number that only grows, one series for each value of a closed label set. Copying one is free.
public struct Counter<Labels: MetricLabels>: Sendable {
    @usableFromInline
    let cells: CellTable

    init(cells: CellTable) { self.cells = cells }

    /// Adds `amount`, 0 or more; less is ignored. About 5 ns.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1, _ labels: Labels) {
        guard amount > 0 else { return }
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: labels.index)
    }

    /// The series of one label value, with the look-up done.
    public func series(_ labels: Labels) -> CounterSeries { CounterSeries(cells: self.cells, index: labels.index) }
}

extension Counter where Labels == NoLabels {
    /// Adds `amount`, 0 or more; less is ignored.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1) { self.add(amount, NoLabels()) }
}

/// One series of a counter.
public struct CounterSeries: Sendable {
    @usableFromInline
    let cells: CellTable
    @usableFromInline
    let index: Int

    init(cells: CellTable, index: Int) {
        self.cells = cells
        self.index = index
    }

    /// Adds `amount`, 0 or more; less is ignored.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int = 1) {
        guard amount > 0 else { return }
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: self.index)
    }

    /// The sum over all threads now.
    public var value: Int { Int(truncatingIfNeeded: self.cells.sum(at: self.index)) }
}
