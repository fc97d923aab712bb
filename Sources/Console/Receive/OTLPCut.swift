public import Telemetry

/// What is left out of an item that is taken.
public enum OTLPCut: String, MetricLabel {
    case attribute, event, link
    /// A text or bytes of which only the beginning is kept.
    case text
    /// An element of a list or map, or one that is nested too deep.
    case element

    public static var labelName: String { "part" }
}
