/// Where finished spans go: a closed set, so that ending a span makes no dynamic call.
enum SpanDestination: Sendable {
    case discard
    /// Unmanaged, because a queue is never freed, and counting references would cost all threads the same cache line.
    case batch(Unmanaged<BatchQueue<RecordingSpan>>)

    init(_ queue: BatchQueue<RecordingSpan>?) { self = queue.map { .batch(.passUnretained($0)) } ?? .discard }

    @inline(__always)
    func accept(_ span: RecordingSpan) {
        switch self {
        case .discard: break
        case .batch(let queue): queue._withUnsafeGuaranteedRef { $0.append(span) }
        }
    }
}
