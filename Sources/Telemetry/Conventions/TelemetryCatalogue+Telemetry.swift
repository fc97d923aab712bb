extension TelemetryCatalogue {
    /// What this module emits by itself, and every attribute of the semantic conventions that it knows.
    public static var telemetry: TelemetryCatalogue {
        TelemetryCatalogue(
            attributes: Attribute.http + Attribute.database + Attribute.errors + Attribute.messaging + Attribute.network
                + Attribute.rpc + Attribute.user + Attribute.sdk + Attribute.resource,
            labels: [.outcome, .severity, .telemetryComponent, .tailDecision],
            spanEvents: [
                SpanEventDescriptor(
                    "exception", "An error left the work of the span.",
                    [Attribute.exceptionType, Attribute.exceptionMessage])
            ],
            logEvents: [
                LogEventDescriptor(
                    "telemetry export fails", .warning, "Spans or log lines do not reach their receiver.",
                    [Attribute.errorMessage]),
                LogEventDescriptor("telemetry export works again", .info, "The receiver takes telemetry again."),
                LogEventDescriptor(
                    "telemetry spool unusable", .warning, "Nothing can be kept on disk while a receiver is away.",
                    [Attribute.errorMessage]),
                LogEventDescriptor(
                    "exception", .warning, "An error left the work of a span, or nobody foresaw it.",
                    [Attribute.exceptionType, Attribute.exceptionMessage]),
            ])
    }

    /// What a process says of itself, on everything it sends.
    public static var resource: [AttributeDescriptor] { Attribute.resource.map(\.descriptor) }
}
