import Synchronization

/// Writes families in one format.
struct ExpositionWriter: ~Copyable {
    let isOpenMetrics: Bool
    /// OpenMetrics alone knows `_created`.
    let writesCreated: Bool
    var sink = ByteSink(capacity: 64 * 1_024)

    init(format: ExpositionFormat, writesCreated: Bool = false) {
        self.isOpenMetrics = format == .openMetrics
        self.writesCreated = writesCreated && format == .openMetrics
    }

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
        let series = family.state.withLock { $0.series }
        self.sink.append(self.isOpenMetrics ? family.header.openMetrics : family.header.prometheus)
        switch family.cells {
        case .numbers(let cells, let exemplars): self.write(series, of: family, cells, exemplars)
        case .histogram(let cells): self.write(series, of: family, cells)
        case .observed: self.write(family.observations(), of: family)
        }
    }

    private mutating func write(
        _ series: SeriesTexts, of family: MetricFamily, _ cells: CellTable, _ exemplars: ExemplarCells
    ) {
        let blocks = cells.activeBlocks
        let kind = family.description.kind
        let name = family.header.sampleName
        series.forEach { index, labels in
            self.writeName(name, labels)
            self.writeNumber(kind, blocks, index)
            if self.isOpenMetrics, kind == .counter, let exemplar = exemplars.newest(index) { self.write(exemplar) }
            self.sink.append(0x0a)
            if self.writesCreated, kind == .counter { self.writeCreated(family, labels, series.created[index]) }
        }
        guard family.isDynamic, cells.sum(at: family.seriesMax) != 0 else { return }
        LabelText.overflow.withUnsafeBufferPointer { self.writeName(name, $0) }
        self.writeNumber(kind, blocks, family.seriesMax)
        self.sink.append(0x0a)
    }

    /// When a series began, in seconds of Unix time (OpenMetrics 1.0, "Counter" and "Histogram").
    mutating func writeCreated(_ family: MetricFamily, _ labels: UnsafeBufferPointer<UInt8>, _ nanoseconds: UInt64) {
        self.writeName(family.header.createdName, labels)
        self.writeSeconds(nanoseconds)
        self.sink.append(0x0a)
    }

    /// With milliseconds.
    mutating func writeSeconds(_ unixNanoseconds: UInt64) {
        self.sink.append(decimal: unixNanoseconds / 1_000_000_000)
        self.sink.append(0x2e)
        self.sink.append(decimal: unixNanoseconds / 1_000_000 % 1_000, digits: 3)
    }

    @inline(__always)
    private mutating func writeNumber(
        _ kind: MetricKind, _ blocks: [UnsafeMutablePointer<CellTable.Cell>], _ index: Int
    ) {
        if kind == .gauge {
            // A gauge lives in the shared block alone, which is the first.
            self.write(Double(bitPattern: blocks[0][index].load(ordering: .relaxed)))
        } else {
            var total: UInt64 = 0
            for block in blocks { total &+= block[index].load(ordering: .relaxed) }
            if kind == .upDownCounter {
                self.sink.append(decimal: Int(Int64(bitPattern: total)))
            } else {
                self.sink.append(decimal: total)
            }
        }
    }

    private mutating func write(_ observations: [MetricFamily.Observation], of family: MetricFamily) {
        for observation in observations {
            let labels = LabelText.render(names: family.header.labelNames, values: observation.values)
            labels.withUnsafeBufferPointer { self.writeName(family.header.sampleName, $0) }
            self.write(observation.value)
            self.sink.append(0x0a)
        }
    }

    @inline(__always)
    mutating func writeName(_ name: [UInt8], _ labels: UnsafeBufferPointer<UInt8>) {
        self.sink.append(name)
        if let start = labels.baseAddress, !labels.isEmpty {
            self.sink.reserve(labels.count + 3)
            self.sink.append(0x7b)
            self.sink.append(start, labels.count)
            self.sink.append(0x7d)
        }
        self.sink.append(0x20)
    }

    mutating func write(_ value: Double) {
        if value.isFinite {
            self.sink.append(finite: value)
        } else {
            self.sink.append(value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf")
        }
    }
}
