/// A span of another trace, or another branch, that this one has to do with.
public struct SpanLink: Sendable, Hashable {
    public let context: SpanContext
    public let attributes: [Attribute]

    public init(_ context: SpanContext, _ attributes: [Attribute] = []) {
        self.context = context
        self.attributes = attributes
    }
}

/// Something that happened at one moment of a span.
public struct SpanEvent: Sendable, Hashable {
    public let name: String
    /// Unix time in nanoseconds.
    public let unixNanoseconds: UInt64
    public let attributes: [Attribute]
}
