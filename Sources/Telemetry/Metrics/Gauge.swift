public import Synchronization

/// A number that is set; the last value counts, whichever thread set it. Copying one is free.
public struct Gauge<Labels: MetricLabels>: Sendable {
    @usableFromInline
    let cells: CellTable

    init(cells: CellTable) { self.cells = cells }

    @inlinable
    public func set(_ value: Double, _ labels: Labels) {
        self.cells.shared[labels.index].store(value.bitPattern, ordering: .relaxed)
    }

    @inlinable
    public func set(_ value: Int, _ labels: Labels) { self.set(Double(value), labels) }

    /// The series of one label value, with the look-up done.
    public func series(_ labels: Labels) -> GaugeSeries { GaugeSeries(cells: self.cells, index: labels.index) }
}

extension Gauge where Labels == NoLabels {
    @inlinable
    public func set(_ value: Double) { self.set(value, NoLabels()) }
    @inlinable
    public func set(_ value: Int) { self.set(Double(value), NoLabels()) }
}

/// One series of a gauge.
public struct GaugeSeries: Sendable {
    @usableFromInline
    let cells: CellTable
    @usableFromInline
    let index: Int

    init(cells: CellTable, index: Int) {
        self.cells = cells
        self.index = index
    }

    @inlinable
    public func set(_ value: Double) {
        self.cells.shared[self.index].store(value.bitPattern, ordering: .relaxed)
    }

    @inlinable
    public func set(_ value: Int) { self.set(Double(value)) }

    /// The value set last; 0 before.
    public var value: Double { Double(bitPattern: self.cells.shared[self.index].load(ordering: .relaxed)) }
}
