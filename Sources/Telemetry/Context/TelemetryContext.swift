/// What the current task is part of: its span, its baggage, and whether it may record.
public struct TelemetryContext: Sendable {
    /// The innermost span of this process.
    public var span: ActiveSpan?
    /// The caller's span in another process, while there is none of ours.
    public var remoteParent: SpanContext?
    public var baggage: Baggage
    /// While true no span starts: the exporter's own calls must not make spans to export.
    public var isSuppressed: Bool

    public init(
        span: ActiveSpan? = nil, remoteParent: SpanContext? = nil, baggage: Baggage = .empty, isSuppressed: Bool = false
    ) {
        self.span = span
        self.remoteParent = remoteParent
        self.baggage = baggage
        self.isSuppressed = isSuppressed
    }

    /// The context of the current task; empty at the top.
    @TaskLocal public static var current = TelemetryContext()

    /// The parent a span started here gets.
    public var spanContext: SpanContext? { self.span?.context ?? self.remoteParent }
}
