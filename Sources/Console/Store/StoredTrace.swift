import Telemetry

/// A trace as far as it has come in.
struct StoredTrace: Sendable {
    let id: TraceID
    private(set) var spans: [StoredSpan] = []
    /// Nanoseconds since 1970.
    private(set) var start = UInt64.max
    private(set) var end: UInt64 = 0
    private(set) var errors = 0
    private(set) var bytes = StoredTrace.ownBytes
    /// Whether it is of those that stay longer.
    var isKept = false
    /// When its last span came in, by the console's clock.
    private(set) var touched: UInt64 = 0
    /// Where each span is, once there are many.
    private var places: [UInt64: Int] = [:]

    /// What a trace takes without its spans: the entry, its place in the table and in the order.
    static let ownBytes = MemoryLayout<StoredTrace>.stride + 128
    private static let placesFrom = 32

    init(id: TraceID) { self.id = id }

    var duration: UInt64 { self.spans.isEmpty ? 0 : self.end - self.start }

    func place(of spanID: UInt64) -> Int? {
        self.places.isEmpty ? self.spans.firstIndex { $0.spanID == spanID } : self.places[spanID]
    }

    /// What became of a span.
    enum Fate { case added, replaced, beyond }

    /// - Parameter bytesMax: what the whole trace may take.
    mutating func add(_ span: StoredSpan, at now: UInt64, spansMax: Int, bytesMax: Int) -> Fate {
        self.touched = now
        if let place = self.place(of: span.spanID) {
            let old = self.spans[place]
            guard self.bytes + span.bytes - old.bytes <= bytesMax else { return .beyond }
            self.errors += (span.isError ? 1 : 0) - (old.isError ? 1 : 0)
            self.bytes += span.bytes - old.bytes
            self.spans[place] = span
            if old.start == self.start || old.end == self.end {
                self.start = self.spans.reduce(.max) { min($0, $1.start) }
                self.end = self.spans.reduce(0) { max($0, $1.end) }
            } else {
                self.start = min(self.start, span.start)
                self.end = max(self.end, span.end)
            }
            return .replaced
        }
        guard self.spans.count < spansMax, self.bytes + span.bytes <= bytesMax else { return .beyond }
        if self.places.isEmpty, self.spans.count >= Self.placesFrom {
            for (place, span) in self.spans.enumerated() { self.places[span.spanID] = place }
        }
        if !self.places.isEmpty { self.places[span.spanID] = self.spans.count }
        self.spans.append(span)
        self.start = min(self.start, span.start)
        self.end = max(self.end, span.end)
        self.errors += span.isError ? 1 : 0
        self.bytes += span.bytes + (self.places.isEmpty ? 0 : 32)
        return .added
    }

    /// The span it began with: one without a parent, or else the first.
    var root: StoredSpan? {
        let roots = self.spans.filter { $0.parentID == 0 }
        return (roots.isEmpty ? self.spans : roots).min { $0.start < $1.start }
    }

    /// Whether all of its spans hang together: one alone has no parent here. That one may have a parent elsewhere, which
    /// whoever called the shop keeps to himself.
    var isComplete: Bool {
        var roots = 0
        for span in self.spans where span.parentID == 0 || self.place(of: span.parentID) == nil {
            roots += 1
            if roots > 1 { return false }
        }
        return roots == 1
    }
}
