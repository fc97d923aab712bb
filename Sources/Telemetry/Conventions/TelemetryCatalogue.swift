/// What a module or a service may emit, declared beside what emits it. Metrics are not in it: their registry knows them.
///
/// A service's catalogue is the sum of those of the modules it is made of and its own; who emits what is read from there.
public struct TelemetryCatalogue: Sendable {
    public var attributes: [AttributeDescriptor]
    /// Labels of metrics that are no attributes.
    public var labels: [LabelDescriptor]
    public var spans: [SpanDescriptor]
    public var spanEvents: [SpanEventDescriptor]
    public var logEvents: [LogEventDescriptor]

    public init(
        attributes: [any DeclaredAttribute] = [], labels: [LabelDescriptor] = [], spans: [SpanDescriptor] = [],
        spanEvents: [SpanEventDescriptor] = [], logEvents: [LogEventDescriptor] = []
    ) {
        self.attributes = attributes.map(\.descriptor)
        self.labels = labels
        self.spans = spans
        self.spanEvents = spanEvents
        self.logEvents = logEvents
    }

    /// Both, what they share once.
    public static func + (left: TelemetryCatalogue, right: TelemetryCatalogue) -> TelemetryCatalogue {
        TelemetryCatalogue(
            attributes: self.unique(left.attributes + right.attributes),
            labels: self.unique(left.labels + right.labels),
            spans: self.unique(left.spans + right.spans), spanEvents: self.unique(left.spanEvents + right.spanEvents),
            logEvents: self.unique(left.logEvents + right.logEvents))
    }

    /// The elements in their order, each once.
    static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
