/// Which side of a call a span stands for (OpenTelemetry specification, "SpanKind").
public enum SpanKind: UInt8, Sendable, Hashable {
    case `internal`
    case server
    case client
    case producer
    case consumer

    /// The number OTLP writes, which keeps 0 for "unspecified".
    var otlpNumber: UInt8 { self.rawValue + 1 }
}

/// How the work of a span ended.
public enum SpanStatus: Sendable, Hashable {
    case unset
    /// Declared a success by a person; later errors do not change it.
    case ok
    /// Failed; the text says why, for people.
    case error(String)
}
