/// One log line before it is written: what every format and the OTLP record are made from.
struct LogEntry {
    let unixNanoseconds: UInt64
    let level: LogLevel
    let message: StaticString
    /// Names what happened where the conventions have a name for it: `exception`.
    let eventName: StaticString?
    let attributes: [Attribute]
    let context: SpanContext?
    /// Lines of the same message that were left out before this one.
    var skipped = 0
}

/// How much one log line may hold; what is beyond is dropped and counted in the line.
///
/// Source: OpenTelemetry specification, "LogRecord limits".
public struct LogLimits: Sendable, Hashable {
    /// `OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT`, 128 by default.
    public var attributesMax = 128
    /// `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT` in characters; no limit by default.
    public var attributeValueLengthMax = Int.max

    public init() {}
}
