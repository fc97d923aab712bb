public import Telemetry

/// The ids of a span without its vendor state: what can be kept of very many calls without counting a reference.
public struct TraceReference: Sendable, Hashable {
    public let traceID: TraceID
    public let spanID: SpanID
    public let flags: TraceFlags

    public static let none = TraceReference(nil)

    @inlinable
    public init(_ context: SpanContext?) {
        self.traceID = context?.traceID ?? TraceID(high: 0, low: 0)
        self.spanID = context?.spanID ?? SpanID(rawValue: 0)
        self.flags = context?.flags ?? []
    }

    public var isValid: Bool { self.traceID.isValid && self.spanID.isValid }

    /// What a link needs; nil for none.
    public var context: SpanContext? {
        self.isValid ? SpanContext(traceID: self.traceID, spanID: self.spanID, flags: self.flags) : nil
    }
}
