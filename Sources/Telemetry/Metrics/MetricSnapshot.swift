import Synchronization

/// Every series of a registry at one moment, as plain values: what is pushed over OTLP is made from it.
struct MetricSnapshot: Sendable {
    struct Point: Sendable {
        /// One value for each label name of the family; empty for the overflow series of an open label set.
        let labels: [String]
        let isOverflow: Bool
        /// When the series began, in Unix nanoseconds; for a difference, when the interval did.
        var startUnixNanoseconds: UInt64
        var value: Value
        let exemplars: [Exemplar]
    }

    enum Value: Sendable, Hashable {
        case int(Int)
        case double(Double)
        /// Counts of each bucket alone, the last without bound, and the sum.
        case buckets([UInt64], sum: Double)
    }

    struct Family: Sendable {
        let description: MetricDescription
        var points: [Point]
    }

    /// Never before the start of any point, even if the wall clock was put back.
    var unixNanoseconds: UInt64
    var families: [Family]

    var pointCount: Int { self.families.reduce(0) { $0 + $1.points.count } }
}

extension MetricRegistry {
    /// - Parameter startUnixNanoseconds: When observed series are said to have begun.
    func snapshot(startUnixNanoseconds: UInt64) -> MetricSnapshot {
        guard !self.isDisabled else { return MetricSnapshot(unixNanoseconds: self.now(), families: []) }
        let families = self.sortedFamilies().map { family in
            MetricSnapshot.Family(
                description: family.description, points: family.points(startUnixNanoseconds: startUnixNanoseconds))
        }
        let newestStart = families.lazy.flatMap(\.points).map(\.startUnixNanoseconds).max() ?? 0
        return MetricSnapshot(
            unixNanoseconds: max(self.now(), newestStart), families: families.filter { !$0.points.isEmpty })
    }
}

extension MetricFamily {
    fileprivate func points(startUnixNanoseconds start: UInt64) -> [MetricSnapshot.Point] {
        if case .observed = self.cells {
            return self.observations().map {
                .init(
                    labels: $0.values, isOverflow: false, startUnixNanoseconds: start, value: .double($0.value),
                    exemplars: [])
            }
        }
        let (values, created) = self.state.withLock { ($0.indexByValues, $0.series.created) }
        var points = values.sorted { $0.value < $1.value }.map { labels, index in
            MetricSnapshot.Point(
                labels: labels, isOverflow: false, startUnixNanoseconds: created[index], value: self.value(at: index),
                exemplars: self.exemplars(at: index))
        }
        if self.isDynamic, let overflow = self.overflowValue {
            points.append(
                .init(labels: [], isOverflow: true, startUnixNanoseconds: start, value: overflow, exemplars: []))
        }
        return points
    }

    private func value(at index: Int) -> MetricSnapshot.Value {
        switch self.cells {
        case .numbers(let cells, _):
            if self.description.kind == .gauge {
                return .double(Double(bitPattern: cells.shared[index].load(ordering: .relaxed)))
            }
            return .int(Int(Int64(bitPattern: cells.sum(at: index))))
        case .histogram(let cells): return .buckets(cells.bucketCounts(series: index), sum: cells.sum(series: index))
        case .observed: return .double(0)
        }
    }

    /// Nil while nothing has fallen to the overflow series.
    private var overflowValue: MetricSnapshot.Value? {
        switch self.value(at: self.seriesMax) {
        case .int(0), .double(0): nil
        case .buckets(let counts, _) where counts.allSatisfy { $0 == 0 }: nil
        case let value: value
        }
    }

    private func exemplars(at index: Int) -> [Exemplar] {
        switch self.cells {
        case .numbers(_, let exemplars): exemplars.newest(index).map { [$0] } ?? []
        case .histogram(let cells):
            (0...cells.boundCount).compactMap { cells.exemplars.newest(index * (cells.boundCount + 1) + $0) }
        case .observed: []
        }
    }
}

/// Turns totals into what was added since the last time, series by series.
///
/// Source: OpenTelemetry specification, "Metrics data model", "Temporality". Gauges and up-down counters stay as they are.
struct DeltaState: Sendable {
    private struct Key: Hashable, Sendable {
        let name: String
        let labels: [String]
        let isOverflow: Bool
    }

    private var last: [Key: MetricSnapshot.Value] = [:]
    private var lastUnixNanoseconds: UInt64?

    mutating func difference(_ snapshot: MetricSnapshot) -> MetricSnapshot {
        var result = snapshot
        result.unixNanoseconds = max(snapshot.unixNanoseconds, self.lastUnixNanoseconds ?? 0)
        // Made anew, so that series that are observed no more are forgotten.
        var totals: [Key: MetricSnapshot.Value] = [:]
        for (place, family) in snapshot.families.enumerated()
        where family.description.kind == .counter || family.description.kind == .histogram {
            for (index, point) in family.points.enumerated() {
                let key = Key(name: family.description.name, labels: point.labels, isOverflow: point.isOverflow)
                result.families[place].points[index].value = Self.subtract(self.last[key], from: point.value)
                if let lastUnixNanoseconds {
                    result.families[place].points[index].startUnixNanoseconds = max(
                        lastUnixNanoseconds, point.startUnixNanoseconds)
                }
                totals[key] = point.value
            }
        }
        self.last = totals
        self.lastUnixNanoseconds = result.unixNanoseconds
        return result
    }

    private static func subtract(
        _ earlier: MetricSnapshot.Value?, from value: MetricSnapshot.Value
    ) -> MetricSnapshot.Value {
        switch (earlier, value) {
        case (.int(let before), .int(let now)): .int(now - before)
        // An observed total that fell has begun anew.
        case (.double(let before), .double(let now)): .double(now >= before ? now - before : now)
        case (.buckets(let before, let sumBefore), .buckets(let now, let sum)):
            .buckets(zip(now, before).map { $0 &- $1 }, sum: sum - sumBefore)
        default: value
        }
    }
}
