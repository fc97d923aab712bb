/// Source: OpenTelemetry semantic conventions, "OpenTelemetry SDK".
extension Attribute {
    @inlinable
    public static var otelComponentType: AttributeKey<String> {
        .init(
            "otel.component.type", .development,
            "The kind of part that tells of itself, such as `batching_span_processor`.")
    }
    @inlinable
    public static var otelComponentName: AttributeKey<String> {
        .init("otel.component.name", .development, "The part that tells of itself: its kind and a number.")
    }
    @inlinable
    public static var otelSpanParentOrigin: AttributeKey<String> {
        .init("otel.span.parent.origin", .development, "Where the parent of a started span is.")
    }
    @inlinable
    public static var otelSpanSamplingResult: AttributeKey<String> {
        .init("otel.span.sampling_result", .development, "What the sampler decided.")
    }

    static var otelMetricOverflow: AttributeKey<Bool> {
        .init("otel.metric.overflow", .stable, "The series shared by all label sets that found no room of their own.")
    }

    /// All of this file.
    static var sdk: [any DeclaredAttribute] {
        [
            otelComponentType, otelComponentName, otelSpanParentOrigin, otelSpanSamplingResult,
            otelMetricOverflow,
        ]
    }
}
