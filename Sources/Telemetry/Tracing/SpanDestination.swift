/// Where finished spans go: a closed set, so that ending a span makes no dynamic call.
enum SpanDestination: Sendable {
    case discard
    case batch(BatchQueue<RecordingSpan>)

    @inline(__always)
    func accept(_ span: RecordingSpan) {
        switch self {
        case .discard: break
        case .batch(let queue): queue.append(span)
        }
    }
}
