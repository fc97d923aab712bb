/// A number that grows and shrinks by steps. Copying one is free.
public struct UpDownCounter<Labels: MetricLabels>: Sendable {
    @usableFromInline
    let cells: CellTable

    init(cells: CellTable) { self.cells = cells }

    /// Adds `amount`, which may be less than 0; one thread may add and another take away.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int, _ labels: Labels) {
        self.cells.add(UInt64(bitPattern: Int64(amount)), at: labels.index)
    }

    /// The series of one label value, with the look-up done.
    public func series(_ labels: Labels) -> UpDownCounterSeries {
        UpDownCounterSeries(cells: self.cells, index: labels.index)
    }
}

extension UpDownCounter where Labels == NoLabels {
    /// Adds `amount`, which may be less than 0.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int) { self.add(amount, NoLabels()) }
}

/// One series of an up-down counter.
public struct UpDownCounterSeries: Sendable {
    @usableFromInline
    let cells: CellTable
    @usableFromInline
    let index: Int

    init(cells: CellTable, index: Int) {
        self.cells = cells
        self.index = index
    }

    /// Adds `amount`, which may be less than 0.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int) { self.cells.add(UInt64(bitPattern: Int64(amount)), at: self.index) }

    /// The sum over all threads now.
    public var value: Int { Int(Int64(bitPattern: self.cells.sum(at: self.index))) }
}
