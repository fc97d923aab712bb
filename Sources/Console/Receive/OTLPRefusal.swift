public import Telemetry

/// Why an item is refused while the others of its request are taken.
public enum OTLPRefusal: String, MetricLabel {
    case traceID = "trace_id"
    case spanID = "span_id"
    case parentID = "parent_span_id"
    /// A metric without a name.
    case name
    /// A metric point that holds no number.
    case value
    /// One of more than `OTLPLimits.itemsMax`.
    case tooMany = "too_many"
    /// The sink did not keep it.
    case sink

    public static var labelName: String { "reason" }
}
