public import Telemetry

/// A log record as it came in.
///
/// Source: opentelemetry-proto, logs.proto, `LogRecord`.
public struct ReceivedLog: Sendable, Hashable {
    /// Nanoseconds since 1970: when it happened, or when it was observed where that is not said.
    public var time: UInt64
    /// 1 (the finest trace) to 24 (the gravest); 0 where none is given.
    public var severity: Int
    public var severityText: String
    /// The body, as text if it is one.
    public var body: ReceivedValue
    /// `event.name`, or an empty text.
    public var eventName: String
    public var attributes: [ReceivedAttribute]
    public var traceID: TraceID?
    public var spanID: SpanID?
    public var resource: ReceivedResource
    public var scope: ReceivedScope

    public init(
        time: UInt64, severity: Int, severityText: String = "", body: ReceivedValue, eventName: String = "",
        attributes: [ReceivedAttribute] = [], traceID: TraceID? = nil, spanID: SpanID? = nil,
        resource: ReceivedResource = ReceivedResource(), scope: ReceivedScope = ReceivedScope()
    ) {
        self.time = time
        self.severity = severity
        self.severityText = severityText
        self.body = body
        self.eventName = eventName
        self.attributes = attributes
        self.traceID = traceID
        self.spanID = spanID
        self.resource = resource
        self.scope = scope
    }
}
