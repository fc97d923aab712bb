/// What traces are looked for.
public struct TraceQuery: Sendable, Hashable {
    /// Of any span; the operation and the tags must then be of a span of that service.
    public var service: String?
    public var operation: String?
    /// True for traces with a failure, false for those without; nil for both.
    public var isError: Bool?
    /// Of the whole trace, in nanoseconds.
    public var durationMin: UInt64?
    public var durationMax: UInt64?
    /// Attributes of one span or of its resource, as texts.
    public var tags: [(key: String, value: String)] = []
    /// Within a name, or an attribute's value that is text.
    public var text: String?
    /// When the trace began, in nanoseconds since 1970.
    public var startMin: UInt64?
    public var startMax: UInt64?
    public var limit = 50

    public static let limitMax = 1_000

    public init() {}

    public static func == (left: TraceQuery, right: TraceQuery) -> Bool {
        left.service == right.service && left.operation == right.operation && left.isError == right.isError
            && left.durationMin == right.durationMin && left.durationMax == right.durationMax
            && left.tags.elementsEqual(right.tags, by: ==) && left.text == right.text
            && left.startMin == right.startMin && left.startMax == right.startMax && left.limit == right.limit
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.service)
        hasher.combine(self.operation)
        hasher.combine(self.text)
        hasher.combine(self.limit)
    }
}
