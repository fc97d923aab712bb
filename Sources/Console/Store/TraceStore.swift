import Telemetry

/// Traces, the newest of them: bounded by spans and by bytes, whatever comes.
///
/// When there is no room the oldest trace goes, but one with a failure in it, or among the slowest of its kind, stays
/// until those that stay take half of the room.
struct TraceStore: Sendable {
    private(set) var tables = SharedTables()
    private let limits: StoreLimits
    private var slots: [StoredTrace?] = []
    private var freeSlots: [Int] = []
    private var index: [TraceID: Int] = [:]
    private var ordinary = TraceOrder()
    private var kept = TraceOrder()
    private var slow = SlowTraces()
    /// Traces that have changed since somebody was told of them.
    private var changed: Set<TraceID> = []

    private(set) var spanCount = 0
    private(set) var bytes = 0
    private var keptBytes = 0
    private(set) var evictedSpans = 0
    private(set) var duplicates = 0
    /// Spans of traces that were too long.
    private(set) var beyond = 0

    /// When the newest ordinary trace that had to go was last added to, by the console's clock: figures of before are
    /// not whole.
    private(set) var forgottenUntil: UInt64 = 0

    static let changedMax = 10_000

    init(_ limits: StoreLimits) { self.limits = limits }

    var traceCount: Int { self.index.count }

    // MARK: Adding

    mutating func add(_ span: ReceivedSpan, at now: UInt64) {
        let stored = self.tables.pack(span)
        let slot = self.slot(of: span.traceID)
        guard var trace = self.slots[slot].take() else { return }
        let before = trace.bytes
        switch trace.add(stored, at: now, spansMax: self.limits.spansPerTraceMax, bytesMax: self.limits.traceBytesMax) {
        case .added: self.spanCount += 1
        case .replaced: self.duplicates += 1
        case .beyond: self.beyond += 1
        }
        self.bytes += trace.bytes - before
        if trace.isKept { self.keptBytes += trace.bytes - before }
        self.slots[slot] = trace
        if self.changed.count < Self.changedMax { self.changed.insert(span.traceID) }
        self.makeRoom(sparing: span.traceID)
    }

    private mutating func slot(of id: TraceID) -> Int {
        if let known = self.index[id] { return known }
        let slot: Int
        if let free = self.freeSlots.popLast() {
            slot = free
            self.slots[slot] = StoredTrace(id: id)
        } else {
            slot = self.slots.count
            self.slots.append(StoredTrace(id: id))
        }
        self.index[id] = slot
        self.ordinary.append(id)
        self.bytes += StoredTrace.ownBytes
        return slot
    }

    private var isFull: Bool { self.bytes > self.limits.spanBytesMax || self.spanCount > self.limits.spansMax }

    /// - Parameter newest: is not the one to go, unless it is alone.
    private mutating func makeRoom(sparing newest: TraceID) {
        while self.isFull, self.index.count > 1 {
            if let id = self.ordinary.popFirst() {
                guard let slot = self.index[id] else { continue }
                if id == newest {
                    self.ordinary.append(id)
                    if self.ordinary.count > 1 { continue }
                } else if self.isWorthKeeping(slot) {
                    // The newest of those that stay are what one looks for.
                    while self.keptBytes >= self.limits.spanBytesMax / 2, let oldest = self.kept.popFirst() {
                        if let slot = self.index[oldest] { self.remove(oldest, slot) }
                    }
                    self.slots[slot]?.isKept = true
                    self.keptBytes += self.slots[slot]?.bytes ?? 0
                    self.kept.append(id)
                    continue
                } else {
                    self.forgottenUntil = max(self.forgottenUntil, self.slots[slot]?.touched ?? 0)
                    self.remove(id, slot)
                    continue
                }
            }
            guard let id = self.kept.popFirst() else { return }
            if let slot = self.index[id] { self.remove(id, slot) }
        }
    }

    private mutating func isWorthKeeping(_ slot: Int) -> Bool {
        guard let trace = self.slots[slot], let root = trace.root else { return false }
        let isSlow = self.slow.note(root.name, trace.duration)
        return trace.errors > 0 || isSlow
    }

    private mutating func remove(_ id: TraceID, _ slot: Int) {
        guard let trace = self.slots[slot].take() else { return }
        self.index[id] = nil
        self.freeSlots.append(slot)
        self.changed.remove(id)
        self.bytes -= trace.bytes
        if trace.isKept { self.keptBytes -= trace.bytes }
        self.spanCount -= trace.spans.count
        self.evictedSpans += trace.spans.count
    }

    /// Lends the tables to what is held beside the traces.
    mutating func withTables<Answer>(_ body: (inout SharedTables) -> Answer) -> Answer { body(&self.tables) }

    // MARK: Looking

    func trace(_ id: TraceID) -> StoredTrace? { self.index[id].flatMap { self.slots[$0] } }

    /// Every trace, in no order.
    var all: [StoredTrace] { self.slots.compactMap { $0 } }

    /// Every trace, in no order.
    func forEach(_ body: (StoredTrace) -> Void) {
        for case let trace? in self.slots { body(trace) }
    }

    /// Traces that have changed and rest since then; each is told once.
    mutating func takeChanged(restingSince limit: UInt64, atMost count: Int) -> [StoredTrace] {
        var taken: [StoredTrace] = []
        for id in self.changed {
            guard let trace = self.trace(id) else {
                self.changed.remove(id)
                continue
            }
            guard trace.touched <= limit else { continue }
            guard taken.count < count else { break }
            self.changed.remove(id)
            taken.append(trace)
        }
        return taken
    }

    /// Nobody is to be told of what has changed so far.
    mutating func forgetChanged() { self.changed.removeAll(keepingCapacity: true) }
}

/// Ids in the order in which they came.
struct TraceOrder: Sendable {
    private var ids: [TraceID] = []
    private var first = 0

    var count: Int { self.ids.count - self.first }

    mutating func append(_ id: TraceID) { self.ids.append(id) }

    mutating func popFirst() -> TraceID? {
        guard self.first < self.ids.count else { return nil }
        defer {
            self.first += 1
            // What is behind is given back once it is the larger part.
            if self.first > 1_024, self.first * 2 > self.ids.count {
                self.ids.removeFirst(self.first)
                self.first = 0
            }
        }
        return self.ids[self.first]
    }
}
