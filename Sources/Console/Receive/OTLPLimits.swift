/// How much of what strangers send is taken. Reaching a bound is counted, or said in the answer.
public struct OTLPLimits: Sendable, Hashable {
    /// Of a body as it is sent, in bytes. 4 MiB by default; past it the answer is 413.
    public var bodyBytesMax = 4 << 20
    /// How long a body may take to come in, in nanoseconds. 30 s by default; past it the answer is 503.
    public var bodyNanosecondsMax: UInt64 = 30_000_000_000
    /// Of a body once it is expanded. 32 MiB by default; past it the answer is 413.
    public var expandedBytesMax = 32 << 20
    /// Requests under way at once. 16 by default; past it the answer is 429, to come again in a second.
    public var requestsMax = 16
    /// Spans, log records or metric points of a request; those beyond are refused. 32,768 by default.
    public var itemsMax = 32_768
    /// Of a span, an event, a link, a log record, a metric point, a scope or a resource; those beyond are dropped, and
    /// counted as dropped where there is a field for that. 128 by default, as the SDKs have it.
    public var attributesMax = 128
    /// Events of a span; those beyond are dropped and counted. 128 by default.
    public var eventsMax = 128
    /// Links of a span; those beyond are dropped and counted. 128 by default.
    public var linksMax = 128
    /// Of a name or a value that is a text or bytes. Cut to 64 KiB by default, a text between two characters.
    public var textBytesMax = 64 << 10
    /// Elements of a list or map that is a value; those beyond are dropped. 1,024 by default.
    public var elementsMax = 1_024
    /// Lists and maps inside one another; deeper ones become empty values. 16 by default.
    public var depthMax = 16

    public init() {}

    /// Arrays and objects inside one another in JSON. A value at `depthMax` in an event's attribute is at 77.
    static let jsonDepthMax = 100
    /// Values of a JSON document: 32 MiB of ordinary telemetry are about two million.
    static let jsonValuesMax = 3_000_000
    /// What decoding Protobuf may take in memory, texts not counted.
    static let memoryBytesMax = 96 << 20
}
