import Glibc
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
        var matches: [(start: UInt64, id: TraceID)] = []
        self.forEach { trace in
            if let min = query.startMin, trace.start < min { return }
            if let max = query.startMax, trace.start > max { return }
            if let isError = query.isError, isError != (trace.errors > 0) { return }
            if let min = query.durationMin, trace.duration < min { return }
            if let max = query.durationMax, trace.duration > max { return }
            guard trace.spans.contains(where: { matcher.matches($0, self.tables) }) else { return }
            matches.append((trace.start, trace.id))
        }
        let matched = matches.count
        matches.sort { $0.start > $1.start }
        let found = matches.prefix(query.limit).compactMap { self.trace($0.id).map(self.summary) }
        return (found, matched)
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

/// Whether a span is what a query looks for; the cheap questions first.
private struct SpanMatcher {
    private let service: UInt32?
    private let operation: UInt32?
    private let tags: [(key: String, value: String)]
    private let bits: UInt64
    private let text: [UInt8]

    /// Nil where nothing can match: a name that nobody has ever had.
    init?(_ query: TraceQuery, _ tables: SharedTables) {
        func number(_ text: String?) -> UInt32?? {
            guard let text else { return .some(nil) }
            return tables.names.known(text).map { .some($0) }
        }
        guard let service = number(query.service), let operation = number(query.operation) else { return nil }
        self.service = service
        self.operation = operation
        self.tags = query.tags
        self.text = Array((query.text ?? "").utf8)
        self.bits = query.tags.reduce(0) { $0 | StoredSpan.bits($1.key, $1.value) }
    }

    func matches(_ span: StoredSpan, _ tables: SharedTables) -> Bool {
        if let service = self.service, span.service != service { return false }
        if let operation = self.operation, span.name != operation { return false }
        if !self.tags.isEmpty, !self.bearsTags(span, tables) { return false }
        if self.text.isEmpty { return true }
        return Self.contains(span.payload, self.text)
            || Self.contains(Array(tables.names.text(span.name).utf8), self.text)
    }

    private func bearsTags(_ span: StoredSpan, _ tables: SharedTables) -> Bool {
        let resource = tables.resource(span.resource).attributes
        let own = span.pairBits & self.bits == self.bits ? tables.attributes(span) : []
        return self.tags.allSatisfy { tag in
            if tag.key == "error", tag.value == "true", span.isError { return true }
            return (own.isEmpty ? tables.attributesIfLikely(span, tag) : own).contains {
                $0.key == tag.key && $0.value.text == tag.value
            } || resource.contains { $0.key == tag.key && $0.value.text == tag.value }
        }
    }

    /// Looks where the first byte is, and there for the rest.
    private static func contains(_ content: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard content.count >= wanted.count, let first = wanted.first else { return false }
        return content.withUnsafeBytes { content in
            wanted.withUnsafeBytes { wanted in
                guard var place = content.baseAddress, let needle = wanted.baseAddress else { return false }
                let last = place + (content.count - wanted.count)
                while place <= last {
                    guard let found = memchr(place, Int32(first), last - place + 1) else { return false }
                    if memcmp(found, needle, wanted.count) == 0 { return true }
                    place = UnsafeRawPointer(found) + 1
                }
                return false
            }
        }
    }
}

extension SharedTables {
    /// A span's attributes where one of them may be the pair: most spans need not be unpacked.
    fileprivate func attributesIfLikely(
        _ span: StoredSpan, _ tag: (key: String, value: String)
    ) -> [ReceivedAttribute] {
        let bits = StoredSpan.bits(tag.key, tag.value)
        return span.pairBits & bits == bits ? self.attributes(span) : []
    }
}
