import Synchronization

extension ExpositionWriter {
    mutating func write(_ series: SeriesTexts, of family: MetricFamily, _ cells: HistogramCells) {
        let blocks = cells.table.activeBlocks
        series.forEach { index, labels in
            self.writeHistogram(family, labels, cells, blocks, index)
            if self.writesCreated { self.writeCreated(family, labels, series.created[index]) }
        }
        guard family.isDynamic, cells.bucketCounts(series: family.seriesMax).contains(where: { $0 != 0 }) else {
            return
        }
        LabelText.overflow.withUnsafeBufferPointer {
            self.writeHistogram(family, $0, cells, blocks, family.seriesMax)
        }
    }

    private mutating func writeHistogram(
        _ family: MetricFamily, _ labels: UnsafeBufferPointer<UInt8>, _ cells: HistogramCells,
        _ blocks: [UnsafeMutablePointer<CellTable.Cell>], _ series: Int
    ) {
        let header = family.header
        let first = series * (cells.boundCount + 2)
        var total: UInt64 = 0
        for bucket in 0...cells.boundCount {
            var count: UInt64 = 0
            for block in blocks { count &+= block[first + bucket].load(ordering: .relaxed) }
            total &+= count
            self.writeBucketName(header, labels, bucket)
            self.sink.append(decimal: total)
            if self.isOpenMetrics, count > 0,
                let exemplar = cells.exemplars.newest(series * (cells.boundCount + 1) + bucket)
            {
                self.write(exemplar)
            }
            self.sink.append(0x0a)
        }
        self.writeName(header.sumName, labels)
        self.write(cells.sum(series: series))
        self.sink.append(0x0a)
        self.writeName(header.countName, labels)
        self.sink.append(decimal: total)
        self.sink.append(0x0a)
    }

    @inline(__always)
    private mutating func writeBucketName(_ header: MetricHeader, _ labels: UnsafeBufferPointer<UInt8>, _ bucket: Int) {
        self.sink.append(header.bucketName)
        if let start = labels.baseAddress, !labels.isEmpty {
            self.sink.append(start, labels.count)
            self.sink.append(0x2c)
        }
        self.sink.append(self.isOpenMetrics ? header.openMetricsBounds[bucket] : header.bounds[bucket])
    }

    /// OpenMetrics 1.0, "Exemplars": the label set, 63 characters here, may have 128.
    mutating func write(_ exemplar: Exemplar) {
        self.sink.append(" # {trace_id=\"" as StaticString)
        self.sink.append(exemplar.traceID)
        self.sink.append("\",span_id=\"" as StaticString)
        self.sink.append(exemplar.spanID)
        self.sink.append("\"} " as StaticString)
        self.write(exemplar.value)
        self.sink.append(0x20)
        self.writeSeconds(exemplar.unixNanoseconds)
    }
}
