public import Telemetry

/// A span as it came in, whatever sent it.
///
/// Source: opentelemetry-proto, trace.proto, `Span`.
public struct ReceivedSpan: Sendable, Hashable {
    public enum Kind: Int, Sendable, Hashable {
        case unspecified = 0
        case `internal` = 1
        case server = 2
        case client = 3
        case producer = 4
        case consumer = 5
    }

    public enum Status: Int, Sendable, Hashable {
        case unset = 0
        case ok = 1
        case error = 2
    }

    public struct Event: Sendable, Hashable {
        public var name: String
        /// Nanoseconds since 1970.
        public var time: UInt64
        public var attributes: [ReceivedAttribute]

        public init(name: String, time: UInt64, attributes: [ReceivedAttribute] = []) {
            self.name = name
            self.time = time
            self.attributes = attributes
        }
    }

    public struct Link: Sendable, Hashable {
        public var traceID: TraceID
        public var spanID: SpanID
        public var traceState: String
        public var attributes: [ReceivedAttribute]

        public init(
            traceID: TraceID, spanID: SpanID, traceState: String = "", attributes: [ReceivedAttribute] = []
        ) {
            self.traceID = traceID
            self.spanID = spanID
            self.traceState = traceState
            self.attributes = attributes
        }
    }

    /// Valid, as is the span's id: what has none is refused when it is received.
    public var traceID: TraceID
    public var spanID: SpanID
    /// Nil for the root of a trace.
    public var parentID: SpanID?
    public var traceState = ""
    /// W3C flags in the low byte.
    public var flags: UInt32 = 0
    public var name: String
    public var kind: Kind
    /// Nanoseconds since 1970.
    public var start: UInt64
    /// Nanoseconds since 1970; never before the start: a clock that was set back counts as no time.
    public var end: UInt64
    public var attributes: [ReceivedAttribute] = []
    public var events: [Event] = []
    public var links: [Link] = []
    public var droppedAttributes: UInt32 = 0
    public var droppedEvents: UInt32 = 0
    public var droppedLinks: UInt32 = 0
    public var status = Status.unset
    public var statusMessage = ""
    public var resource: ReceivedResource
    public var scope: ReceivedScope

    public init(
        traceID: TraceID, spanID: SpanID, parentID: SpanID? = nil, name: String, kind: Kind = .internal, start: UInt64,
        end: UInt64, resource: ReceivedResource = ReceivedResource(), scope: ReceivedScope = ReceivedScope()
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.start = start
        self.end = max(start, end)
        self.resource = resource
        self.scope = scope
    }

    /// Nanoseconds.
    public var duration: UInt64 { self.end - self.start }
}
