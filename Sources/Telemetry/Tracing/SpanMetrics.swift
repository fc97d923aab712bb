/// Where the parent of a started span is.
package enum SpanParentOrigin: String, MetricLabel {
    case none, local, remote
    package static var labelName: String { "otel.span.parent.origin" }
}

/// What the sampler decided.
package enum SpanSamplingResult: String, MetricLabel {
    case drop = "DROP"
    case recordAndSample = "RECORD_AND_SAMPLE"
    package static var labelName: String { "otel.span.sampling_result" }
}

package enum SpanMetrics {
    package static let started = CounterDescriptor<LabelPair<SpanParentOrigin, SpanSamplingResult>>(
        "otel.sdk.span.started", unit: .count("span"),
        help: "Spans started, by origin of the parent and sampling result.")
    package static let live = UpDownCounterDescriptor<SpanSamplingResult>(
        "otel.sdk.span.live", unit: .count("span"), help: "Spans that record and have not ended.")
}
