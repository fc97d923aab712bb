import Synchronization

extension MetricRegistry {
    /// The text of a scrape: every family by name, every series, in one of the two formats.
    public func exposition(_ format: ExpositionFormat = .prometheusText) -> [UInt8] {
        var writer = ExpositionWriter(format: format)
        writer.writeTargetInfo(self.targetInfo)
        for family in self.sortedFamilies() { writer.write(family) }
        return writer.finish()
    }
}

/// Writes families in one format.
struct ExpositionWriter: ~Copyable {
    private let isOpenMetrics: Bool
    private var sink = ByteSink(capacity: 64 * 1_024)

    init(format: ExpositionFormat) { self.isOpenMetrics = format == .openMetrics }

    consuming func finish() -> [UInt8] {
        if self.isOpenMetrics { self.sink.append("# EOF\n" as StaticString) }
        return self.sink.bytes
    }

    mutating func writeTargetInfo(_ labels: [UInt8]) {
        guard !labels.isEmpty else { return }
        let name: StaticString = self.isOpenMetrics ? "target" : "target_info"
        self.sink.append("# HELP " as StaticString)
        self.sink.append(name)
        self.sink.append(" Target metadata\n# TYPE " as StaticString)
        self.sink.append(name)
        self.sink.append(self.isOpenMetrics ? " info\ntarget_info{" : " gauge\ntarget_info{")
        self.sink.append(labels)
        self.sink.append("} 1\n" as StaticString)
    }

    mutating func write(_ family: MetricFamily) {
        let (series, observers) = family.state.withLock { ($0.series, $0.observers) }
        self.sink.append(self.isOpenMetrics ? family.header.openMetrics : family.header.prometheus)
        switch family.cells {
        case .numbers(let cells): self.write(series, of: family, cells)
        case .histogram(let cells): self.write(series, of: family, cells)
        case .observed: self.write(observers.flatMap { $0() }, of: family)
        }
    }

    private mutating func write(_ series: [MetricFamily.Series], of family: MetricFamily, _ cells: CellTable) {
        for (index, one) in series.enumerated() { self.writeNumber(family, one.labels, cells, index) }
        if family.isDynamic, cells.sum(at: family.seriesMax) != 0 {
            self.writeNumber(family, LabelText.overflow, cells, family.seriesMax)
        }
    }

    private mutating func writeNumber(_ family: MetricFamily, _ labels: [UInt8], _ cells: CellTable, _ index: Int) {
        self.writeName(family.header.sampleName, labels)
        switch family.description.kind {
        case .counter, .histogram: self.sink.append(decimal: cells.sum(at: index))
        case .upDownCounter: self.sink.append(decimal: Int(Int64(bitPattern: cells.sum(at: index))))
        case .gauge: self.write(Double(bitPattern: cells.shared[index].load(ordering: .relaxed)))
        }
        self.sink.append(0x0a)
    }

    private mutating func write(_ observations: [MetricFamily.Observation], of family: MetricFamily) {
        for observation in observations {
            let labels = LabelText.render(names: family.header.labelNames, values: observation.values)
            self.writeName(family.header.sampleName, labels)
            self.write(observation.value)
            self.sink.append(0x0a)
        }
    }

    private mutating func write(_ series: [MetricFamily.Series], of family: MetricFamily, _ cells: HistogramCells) {
        for (index, one) in series.enumerated() { self.writeHistogram(family, one.labels, cells, index) }
        guard family.isDynamic, cells.bucketCounts(series: family.seriesMax).contains(where: { $0 != 0 }) else { return }
        self.writeHistogram(family, LabelText.overflow, cells, family.seriesMax)
    }

    private mutating func writeHistogram(
        _ family: MetricFamily, _ labels: [UInt8], _ cells: HistogramCells, _ index: Int
    ) {
        let header = family.header
        let bounds = self.isOpenMetrics ? header.openMetricsBounds : header.bounds
        var total: UInt64 = 0
        for (bucket, count) in cells.bucketCounts(series: index).enumerated() {
            total &+= count
            self.sink.append(header.bucketName)
            self.sink.append(labels)
            if !labels.isEmpty { self.sink.append(0x2c) }
            self.sink.append(bounds[bucket])
            self.sink.append(decimal: total)
            if self.isOpenMetrics, count > 0,
                let exemplar = cells.exemplars.newest(index * (cells.boundCount + 1) + bucket)
            {
                self.write(exemplar)
            }
            self.sink.append(0x0a)
        }
        self.writeName(header.sumName, labels)
        self.write(cells.sum(series: index))
        self.sink.append(0x0a)
        self.writeName(header.countName, labels)
        self.sink.append(decimal: total)
        self.sink.append(0x0a)
    }

    /// OpenMetrics 1.0, "Exemplars": the label set, 63 characters here, may have 128.
    private mutating func write(_ exemplar: Exemplar) {
        self.sink.append(" # {trace_id=\"" as StaticString)
        self.sink.append(exemplar.traceID)
        self.sink.append("\",span_id=\"" as StaticString)
        self.sink.append(exemplar.spanID)
        self.sink.append("\"} " as StaticString)
        self.write(exemplar.value)
        self.sink.append(0x20)
        self.sink.append(decimal: exemplar.unixNanoseconds / 1_000_000_000)
        self.sink.append(0x2e)
        self.sink.append(decimal: exemplar.unixNanoseconds / 1_000_000 % 1_000, digits: 3)
    }

    private mutating func writeName(_ name: [UInt8], _ labels: [UInt8]) {
        self.sink.append(name)
        if !labels.isEmpty {
            self.sink.append(0x7b)
            self.sink.append(labels)
            self.sink.append(0x7d)
        }
        self.sink.append(0x20)
    }

    private mutating func write(_ value: Double) {
        if value.isFinite {
            self.sink.append(finite: value)
        } else {
            self.sink.append(value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf")
        }
    }
}
