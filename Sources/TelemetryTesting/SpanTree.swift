public import Telemetry

/// A span and its children, for assertions about the shape of a trace.
public struct SpanTree: Sendable {
    public let span: SpanData
    /// By start, then by name, so that the order does not depend on threads.
    public let children: [SpanTree]

    /// Roots are spans whose parent is not among `spans`.
    public static func build(_ spans: [SpanData]) -> [SpanTree] {
        let known = Set(spans.map(\.context.spanID))
        let byParent = Dictionary(grouping: spans, by: \.parentSpanID)
        let roots = spans.filter { !known.contains($0.parentSpanID) }
        return self.ordered(roots).map { self.make($0, byParent) }
    }

    private static func make(_ span: SpanData, _ byParent: [SpanID: [SpanData]]) -> SpanTree {
        SpanTree(
            span: span, children: self.ordered(byParent[span.context.spanID] ?? []).map { self.make($0, byParent) })
    }

    private static func ordered(_ spans: [SpanData]) -> [SpanData] {
        spans.sorted { ($0.startUnixNanoseconds, $0.name) < ($1.startUnixNanoseconds, $1.name) }
    }

    /// Names, two spaces deeper for each generation: compared with the expected outline as text.
    public var outline: String { self.lines(depth: 0).joined(separator: "\n") }

    /// Every parent and child, as `parent → child`.
    public var edges: [String] {
        self.children.flatMap { child in ["\(self.span.name) → \(child.span.name)"] + child.edges }
    }

    /// Whether every span belongs to one trace and lies within its parent's time.
    public var isConsistent: Bool {
        self.children.allSatisfy { child in
            child.span.context.traceID == self.span.context.traceID
                && child.span.startUnixNanoseconds >= self.span.startUnixNanoseconds && child.isConsistent
        }
    }

    private func lines(depth: Int) -> [String] {
        [String(repeating: "  ", count: depth) + self.span.name] + self.children.flatMap { $0.lines(depth: depth + 1) }
    }
}
