/// What is known about a span before it starts: how it is named, and what it may say.
public struct SpanDescriptor: Sendable, Hashable {
    public enum Name: Sendable, Hashable {
        case exactly(String)
        /// The values of these attributes with spaces between, as far as the span has them.
        case values([AttributeDescriptor])
    }

    public let name: Name
    public let kind: SpanKind
    /// What it stands for, in one sentence.
    public let brief: String
    /// What it may say; `error.type` is among it, since every span can fail.
    public let attributes: [AttributeDescriptor]

    /// A span of one name.
    public init(
        _ name: String, kind: SpanKind = .internal, _ brief: String, _ attributes: [any DeclaredAttribute] = []
    ) {
        self.init(name: .exactly(name), kind, brief, attributes)
    }

    /// Spans that are named by what they do: `GET /api/v1/orders`.
    public init(
        named parts: [any DeclaredAttribute], kind: SpanKind, _ brief: String, _ attributes: [any DeclaredAttribute]
    ) {
        self.init(name: .values(parts.map(\.descriptor)), kind, brief, attributes)
    }

    private init(name: Name, _ kind: SpanKind, _ brief: String, _ attributes: [any DeclaredAttribute]) {
        self.name = name
        self.kind = kind
        self.brief = brief
        self.attributes = TelemetryCatalogue.unique(attributes.map(\.descriptor) + [Attribute.errorType.descriptor])
    }
}

/// A moment within a span.
public struct SpanEventDescriptor: Sendable, Hashable {
    public let name: String
    /// What happened, in one sentence.
    public let brief: String
    public let attributes: [AttributeDescriptor]

    public init(_ name: String, _ brief: String, _ attributes: [any DeclaredAttribute] = []) {
        self.name = name
        self.brief = brief
        self.attributes = attributes.map(\.descriptor)
    }
}
