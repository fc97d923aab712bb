/// Counters whose label values are known only while running.
public struct CounterFamily: Sendable {
    let family: MetricFamily
    let now: @Sendable () -> UInt64

    /// The series with these values, made on first use. Takes a lock: call it once and keep the answer.
    public func series(_ values: [String]) -> CounterSeries {
        CounterSeries(
            cells: self.family.numbers.cells, index: self.family.index(of: values, now: self.now),
            exemplars: self.family.numbers.exemplars)
    }
}

/// Up-down counters whose label values are known only while running.
public struct UpDownCounterFamily: Sendable {
    let family: MetricFamily
    let now: @Sendable () -> UInt64

    /// The series with these values, made on first use. Takes a lock: call it once and keep the answer.
    public func series(_ values: [String]) -> UpDownCounterSeries {
        UpDownCounterSeries(cells: self.family.numbers.cells, index: self.family.index(of: values, now: self.now))
    }
}

/// Gauges whose label values are known only while running.
public struct GaugeFamily: Sendable {
    let family: MetricFamily
    let now: @Sendable () -> UInt64

    /// The series with these values, made on first use. Takes a lock: call it once and keep the answer.
    public func series(_ values: [String]) -> GaugeSeries {
        GaugeSeries(cells: self.family.numbers.cells, index: self.family.index(of: values, now: self.now))
    }
}

/// Histograms whose label values are known only while running.
public struct HistogramFamily: Sendable {
    let family: MetricFamily
    let now: @Sendable () -> UInt64

    /// The series with these values, made on first use. Takes a lock: call it once and keep the answer.
    public func series(_ values: [String]) -> HistogramSeries {
        HistogramSeries(cells: self.family.histogram, index: self.family.index(of: values, now: self.now))
    }
}

extension MetricFamily {
    fileprivate var numbers: (cells: CellTable, exemplars: ExemplarCells) {
        guard case .numbers(let cells, let exemplars) = self.cells else {
            preconditionFailure("\(self.description.name) has no numbers")
        }
        return (cells, exemplars)
    }

    fileprivate var histogram: HistogramCells {
        guard case .histogram(let cells) = self.cells else {
            preconditionFailure("\(self.description.name) has no buckets")
        }
        return cells
    }
}
