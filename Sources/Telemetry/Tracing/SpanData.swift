/// A finished span as exporters and tests see it.
public struct SpanData: Sendable {
    public let context: SpanContext
    /// The invalid id for a root.
    public let parentSpanID: SpanID
    /// Whether the parent is in another process.
    public let parentIsRemote: Bool
    public let name: String
    public let kind: SpanKind
    /// Unix time in nanoseconds.
    public let startUnixNanoseconds: UInt64
    /// Unix time in nanoseconds; start plus the monotonic duration.
    public let endUnixNanoseconds: UInt64
    /// Each key once, the last value set.
    public let attributes: [Attribute]
    public let events: [SpanEvent]
    public let links: [SpanLink]
    public let status: SpanStatus
    public let droppedAttributes: Int
    public let droppedEvents: Int
    public let droppedLinks: Int

    public var durationNanoseconds: UInt64 { self.endUnixNanoseconds &- self.startUnixNanoseconds }

    public subscript(_ key: String) -> AttributeValue? { self.attributes.first { $0.key == key }?.value }
}
