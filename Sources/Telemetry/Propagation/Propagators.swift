/// Which headers carry context between processes: `OTEL_PROPAGATORS`.
///
/// Over HTTP the request pipeline and the clients read and write the fields themselves, without allocating; `inject` and
/// `extract` are for every other carrier: message headers, gRPC metadata, a job in a table.
public struct Propagators: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `traceparent` and `tracestate` (W3C Trace Context).
    public static let traceContext = Propagators(rawValue: 1)
    /// `baggage` (W3C Baggage).
    public static let baggage = Propagators(rawValue: 2)

    /// The names of the headers these propagators read and write, in lower case.
    public var fields: [String] {
        (self.contains(.traceContext) ? ["traceparent", "tracestate"] : [])
            + (self.contains(.baggage) ? ["baggage"] : [])
    }

    /// Gives `set` the name and value of each header to send along; nothing for an invalid context or empty baggage.
    public func inject(
        _ span: SpanContext?, _ baggage: Baggage = .empty, set: (_ name: String, _ value: String) -> Void
    ) {
        if self.contains(.traceContext), let span, span.isValid {
            set("traceparent", W3CPropagator.traceparent(span))
            if !span.traceState.isEmpty { set("tracestate", span.traceState.header) }
        }
        if self.contains(.baggage), !baggage.isEmpty { set("baggage", baggage.header) }
    }

    /// Reads the caller's context; `get` answers all values of a header, in the order they came.
    ///
    /// Several `traceparent` values count as none (Trace Context, section 3.2.1); those of the two lists are combined
    /// (RFC 9110, section 5.3).
    public func extract(get: (_ name: String) -> [String]) -> (SpanContext?, Baggage) {
        let parents = self.contains(.traceContext) ? get("traceparent") : []
        let parent = parents.count == 1 ? parents[0] : nil
        return W3CPropagator.extract(
            traceparent: parent, tracestate: parent == nil ? nil : Self.combined(get("tracestate")),
            baggage: self.contains(.baggage) ? Self.combined(get("baggage")) : nil)
    }

    private static func combined(_ values: [String]) -> String? {
        values.isEmpty ? nil : values.joined(separator: ",")
    }
}

/// What a listener does with the trace context of whoever calls it.
public enum RemoteContextPolicy: String, Sendable, Hashable, CaseIterable {
    /// The caller's span is the parent, its sampling decision counts, its baggage goes on.
    case trust
    /// A new trace begins here, with a link to the caller's span; its baggage goes on.
    case link
    /// A new trace begins here, and nothing is taken over.
    case ignore
}
