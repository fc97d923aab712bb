/// How much one span may hold; what is beyond is dropped and counted in the span.
///
/// Source: OpenTelemetry specification, "Span limits" and "Attribute limits".
public struct SpanLimits: Sendable, Hashable {
    /// `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, 128 by default.
    public var attributesMax = 128
    /// `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT` in characters; no limit by default.
    public var attributeValueLengthMax = Int.max
    /// `OTEL_SPAN_EVENT_COUNT_LIMIT`, 128 by default.
    public var eventsMax = 128
    /// `OTEL_SPAN_LINK_COUNT_LIMIT`, 128 by default.
    public var linksMax = 128
    /// `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`, 128 by default.
    public var attributesPerEventMax = 128
    /// `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, 128 by default.
    public var attributesPerLinkMax = 128

    public init() {}
}
