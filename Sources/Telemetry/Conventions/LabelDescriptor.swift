/// A label of metrics that is no attribute of spans or log lines: what it tells apart.
public struct LabelDescriptor: Sendable, Hashable {
    /// In the attribute spelling.
    public let name: String
    /// What it tells apart, in one sentence.
    public let brief: String

    public init(_ name: String, _ brief: String) {
        self.name = name
        self.brief = brief
    }
}

extension LabelDescriptor {
    /// Shared by many metrics, each with outcomes of its own.
    public static let outcome = LabelDescriptor("outcome", "What came of it.")
    /// Of telemetry itself.
    static let tailDecision = LabelDescriptor("decision", "Why a trace was kept, or that it was dropped.")
    static let severity = LabelDescriptor("severity", "How much a log line matters.")
    static let telemetryComponent = LabelDescriptor("component", "What telemetry did with its processor time.")
}
