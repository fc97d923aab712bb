/// Where the parent of a started span is.
enum SpanParentOrigin: String, MetricLabel {
    case none, local, remote
    static var labelName: String { "otel.span.parent.origin" }
}

/// What the sampler decided.
enum SpanSamplingResult: String, MetricLabel {
    case drop = "DROP"
    case recordAndSample = "RECORD_AND_SAMPLE"
    static var labelName: String { "otel.span.sampling_result" }
}

enum SpanMetrics {
    static let started = CounterDescriptor<LabelPair<SpanParentOrigin, SpanSamplingResult>>(
        "otel.sdk.span.started", unit: .count("span"),
        help: "Spans started, by origin of the parent and sampling result.")
    static let live = UpDownCounterDescriptor<SpanSamplingResult>(
        "otel.sdk.span.live", unit: .count("span"), help: "Spans that record and have not ended.")
}
