/// What crosses process boundaries about a span: its ids, flags and vendor state.
public struct SpanContext: Sendable, Hashable {
    public let traceID: TraceID
    public let spanID: SpanID
    public let flags: TraceFlags
    public let traceState: TraceState
    /// Whether it came from another process.
    public let isRemote: Bool

    @inlinable
    public init(
        traceID: TraceID, spanID: SpanID, flags: TraceFlags = [], traceState: TraceState = .empty,
        isRemote: Bool = false
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.traceState = traceState
        self.isRemote = isRemote
    }

    @inlinable
    public var isSampled: Bool { self.flags.contains(.sampled) }

    /// Whether both ids are other than zero.
    @inlinable
    public var isValid: Bool { self.traceID.isValid && self.spanID.isValid }
}
