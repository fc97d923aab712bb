import Telemetry

/// The spans of a trace in order: parents before their children, siblings by their start.
struct TraceTree: Sendable {
    let id: TraceID
    let spans: [ReceivedSpan]
    /// By place in `spans`: the place of the parent; nil for roots and for those whose parent has not come.
    let parents: [Int?]
    let children: [[Int]]
    /// Places of spans without a parent here.
    let roots: [Int]
    /// By place: nanoseconds in which nothing else explains that the trace is not over.
    let critical: [UInt64]

    init(_ trace: StoredTrace, _ tables: SharedTables) {
        let stored = trace.spans.sorted { ($0.start, $0.spanID) < ($1.start, $1.spanID) }
        var places: [UInt64: Int] = [:]
        for (place, span) in stored.enumerated() { places[span.spanID] = place }
        var children = [[Int]](repeating: [], count: stored.count)
        var roots: [Int] = []
        for (place, span) in stored.enumerated() {
            if span.parentID != 0, let parent = places[span.parentID], parent != place {
                children[parent].append(place)
            } else {
                roots.append(place)
            }
        }
        // Walked from the roots; what no root leads to is a circle, and is broken where it begins.
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: stored.count)
        func walk(from root: Int) {
            var stack = [root]
            while let place = stack.popLast() {
                guard !isSeen[place] else { continue }
                isSeen[place] = true
                order.append(place)
                stack += children[place].reversed()
            }
        }
        for root in roots { walk(from: root) }
        for place in stored.indices where !isSeen[place] {
            roots.append(place)
            walk(from: place)
        }
        var newPlace = [Int](repeating: 0, count: stored.count)
        for (new, old) in order.enumerated() { newPlace[old] = new }
        let isRoot = Set(roots)
        var parents = [Int?](repeating: nil, count: stored.count)
        var ordered = [[Int]](repeating: [], count: stored.count)
        for (old, list) in children.enumerated() {
            for child in list where !isRoot.contains(child) {
                parents[newPlace[child]] = newPlace[old]
                ordered[newPlace[old]].append(newPlace[child])
            }
        }
        self.id = trace.id
        self.spans = order.map { tables.unpack(stored[$0], of: trace.id) }
        self.parents = parents
        self.children = ordered
        self.roots = roots.map { newPlace[$0] }.sorted()
        self.critical = Self.critical(self.spans, ordered, self.roots)
    }

    /// Walks back from the end of the first root: what ended last before a moment is what was waited for until then.
    private static func critical(_ spans: [ReceivedSpan], _ children: [[Int]], _ roots: [Int]) -> [UInt64] {
        var critical = [UInt64](repeating: 0, count: spans.count)
        guard let root = roots.first else { return critical }
        // Place, and the moment up to which it is looked at. Not recursive: a chain may be as long as the trace.
        var stack: [(place: Int, end: UInt64)] = [(root, spans[root].end)]
        while let (place, end) = stack.popLast() {
            let span = spans[place]
            var moment = min(end, span.end)
            for child in children[place].sorted(by: { spans[$0].end > spans[$1].end }) {
                let (start, childEnd) = (max(spans[child].start, span.start), min(spans[child].end, span.end))
                // One that goes on beyond the moment was not what was waited for.
                guard childEnd <= moment, childEnd > start else { continue }
                critical[place] += moment - childEnd
                stack.append((child, childEnd))
                moment = start
            }
            if moment > span.start { critical[place] += moment - span.start }
        }
        return critical
    }

    /// How far below its root a span is.
    func depth(_ place: Int) -> Int {
        var depth = 0
        var parent = self.parents[place]
        while let next = parent {
            depth += 1
            parent = self.parents[next]
        }
        return depth
    }
}
