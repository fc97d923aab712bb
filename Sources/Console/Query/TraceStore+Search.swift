import Telemetry

/// A trace in a line of a list.
struct TraceSummary: Sendable {
    let id: TraceID
    let rootService: String
    let rootOperation: String
    /// Nanoseconds since 1970.
    let start: UInt64
    /// Nanoseconds.
    let duration: UInt64
    let spanCount: Int
    let errorCount: Int
    let services: [(name: String, spanCount: Int, errorCount: Int)]
    let isComplete: Bool
}

extension TraceStore {
    /// The newest traces that a query is true of, and how many there are in all.
    func search(_ query: TraceQuery) -> (found: [TraceSummary], matched: Int) {
        guard let matcher = SpanMatcher(query, self.tables) else { return ([], 0) }
        var newest = NewestTraces(limit: query.limit)
        self.forEach { trace in
            if let min = query.startMin, trace.start < min { return }
            if let max = query.startMax, trace.start > max { return }
            if let isError = query.isError, isError != (trace.errors > 0) { return }
            if let min = query.durationMin, trace.duration < min { return }
            if let max = query.durationMax, trace.duration > max { return }
            if matcher.matches(trace.spans) { newest.add(trace.id, start: trace.start) }
        }
        let found = newest.sorted.compactMap { self.trace($0).map(self.summary) }
        return (found, newest.seen)
    }

    /// The newest of those that are shown to it: a heap with the oldest on top, which is the next to go.
    private struct NewestTraces {
        private let limit: Int
        private var heap: [(start: UInt64, id: TraceID)] = []
        private(set) var seen = 0

        init(limit: Int) { self.limit = limit }

        mutating func add(_ id: TraceID, start: UInt64) {
            self.seen += 1
            if self.heap.count < self.limit {
                self.heap.append((start, id))
                var child = self.heap.count - 1
                while child > 0, self.heap[child].start < self.heap[(child - 1) / 2].start {
                    self.heap.swapAt(child, (child - 1) / 2)
                    child = (child - 1) / 2
                }
            } else if let oldest = self.heap.first, oldest.start < start {
                self.heap[0] = (start, id)
                var parent = 0
                while true {
                    var least = parent
                    for child in [2 * parent + 1, 2 * parent + 2]
                    where child < self.heap.count && self.heap[child].start < self.heap[least].start { least = child }
                    if least == parent { return }
                    self.heap.swapAt(parent, least)
                    parent = least
                }
            }
        }

        /// Newest first.
        var sorted: [TraceID] { self.heap.sorted { $0.start > $1.start }.map(\.id) }
    }

    func summary(_ trace: StoredTrace) -> TraceSummary {
        var services: [(service: UInt32, spans: Int, errors: Int)] = []
        for span in trace.spans {
            if let index = services.firstIndex(where: { $0.service == span.service }) {
                services[index].spans += 1
                services[index].errors += span.isError ? 1 : 0
            } else {
                services.append((span.service, 1, span.isError ? 1 : 0))
            }
        }
        let root = trace.root
        return TraceSummary(
            id: trace.id, rootService: root.map { self.tables.names.text($0.service) } ?? "",
            rootOperation: root.map { self.tables.names.text($0.name) } ?? "", start: trace.start,
            duration: trace.duration, spanCount: trace.spans.count, errorCount: trace.errors,
            services: services.map { (self.tables.names.text($0.service), $0.spans, $0.errors) },
            isComplete: trace.isComplete)
    }

    /// Names of services that have spans, sorted.
    var services: [String] {
        var seen: Set<UInt32> = []
        self.forEach { for span in $0.spans { seen.insert(span.service) } }
        return seen.map { self.tables.names.text($0) }.sorted()
    }

    /// Operations of a service, or of all, with their kinds, sorted by name.
    func operations(of service: String?) -> [(name: String, kind: ReceivedSpan.Kind)] {
        let number = service.flatMap { self.tables.names.known($0) }
        if service != nil, number == nil { return [] }
        struct Seen: Hashable {
            let name: UInt32
            let kind: UInt8
        }
        var seen: Set<Seen> = []
        self.forEach { trace in
            for span in trace.spans where number == nil || span.service == number {
                seen.insert(Seen(name: span.name, kind: span.kind))
            }
        }
        return seen.map { (self.tables.names.text($0.name), ReceivedSpan.Kind(rawValue: Int($0.kind)) ?? .unspecified) }
            .sorted { ($0.0, $0.1.rawValue) < ($1.0, $1.1.rawValue) }
    }
}
