import Telemetry

/// Rates, failures and durations over the last minute or so, by service, operation and edge; made from the traces that
/// are held.
struct Overview: Sendable {
    struct Figures: Sendable {
        private(set) var count = 0
        private(set) var errors = 0
        private var durations = DurationCounts()

        mutating func add(_ span: StoredSpan) {
            self.count += 1
            self.errors += span.isError ? 1 : 0
            self.durations.add(span.duration)
        }

        var errorRatio: Double { self.count == 0 ? 0 : Double(self.errors) / Double(self.count) }

        /// Milliseconds.
        func quantile(_ quantile: Double) -> Double { self.durations.quantile(quantile) }
    }

    struct Edge: Hashable, Sendable {
        let from: String
        let to: String
    }

    /// Seconds that the figures are about: less than asked for where no trace of then is held.
    var seconds: Double
    var services: [String: Figures] = [:]
    var operations: [String: [String: Figures]] = [:]
    var edges: [Edge: Figures] = [:]

    static let servicesMax = 64
    static let edgesMax = 256
    static let operationsMax = 128

    /// - Parameters:
    ///   - now: nanoseconds since 1970.
    ///   - window: seconds.
    init(_ store: TraceStore, now: UInt64, window: Double) {
        let length = UInt64(window * 1e9)
        // Of before, successes have given way and failures have not.
        let begin = max(now > length ? now - length : 0, min(store.forgottenUntil, now))
        self.seconds = min(window, max(1, Double(now - begin) / 1e9))
        var oldest = UInt64.max
        var byNumber: [UInt32: Figures] = [:]
        var byOperation: [UInt64: Figures] = [:]
        var byEdge: [UInt64: Figures] = [:]
        store.forEach { trace in
            oldest = min(oldest, trace.start)
            guard trace.end >= begin else { return }
            for span in trace.spans where span.end >= begin && span.end <= now {
                let parent = span.parentID == 0 ? nil : trace.place(of: span.parentID).map { trace.spans[$0] }
                if span.isEntry || parent == nil {
                    byNumber[span.service, default: Figures()].add(span)
                    byOperation[UInt64(span.service) << 32 | UInt64(span.name), default: Figures()].add(span)
                }
                if let parent, parent.service != span.service {
                    byEdge[UInt64(parent.service) << 32 | UInt64(span.service), default: Figures()].add(span)
                }
            }
        }
        if oldest > begin, oldest < now {
            self.seconds = max(1, Double(now - oldest) / 1e9)
        }
        let names = store.tables.names
        for (number, figures) in byNumber.sorted(by: { $0.value.count > $1.value.count }).prefix(Self.servicesMax) {
            self.services[names.text(number)] = figures
        }
        for (key, figures) in byOperation.sorted(by: { $0.value.count > $1.value.count }) {
            let service = names.text(UInt32(key >> 32))
            guard self.operations[service, default: [:]].count < Self.operationsMax else { continue }
            self.operations[service, default: [:]][names.text(UInt32(truncatingIfNeeded: key))] = figures
        }
        for (key, figures) in byEdge.sorted(by: { $0.value.count > $1.value.count }).prefix(Self.edgesMax) {
            let edge = Edge(from: names.text(UInt32(key >> 32)), to: names.text(UInt32(truncatingIfNeeded: key)))
            self.edges[edge] = figures
        }
    }
}

/// Durations in buckets of an eighth of a power of two: a quantile is right within a tenth.
struct DurationCounts: Sendable {
    private var buckets: [UInt16: UInt32] = [:]
    private var total: UInt32 = 0

    mutating func add(_ nanoseconds: UInt64) {
        let value = max(8, nanoseconds)
        let power = 63 - value.leadingZeroBitCount
        let fraction = value >> UInt64(power - 3) & 7
        self.buckets[UInt16(power * 8) + UInt16(fraction), default: 0] += 1
        self.total += 1
    }

    /// Milliseconds; 0 where there are none.
    func quantile(_ quantile: Double) -> Double {
        guard self.total > 0 else { return 0 }
        let wanted = UInt32((Double(self.total) * quantile).rounded(.up))
        var seen: UInt32 = 0
        for (bucket, count) in self.buckets.sorted(by: { $0.key < $1.key }) {
            seen += count
            guard seen >= max(1, wanted) else { continue }
            let power = Int(bucket) / 8
            // The middle of the bucket.
            let scale = Double(UInt64(1) << UInt64(power))
            return scale * (1 + (Double(bucket % 8) + 0.5) / 8) / 1e6
        }
        return 0
    }
}
