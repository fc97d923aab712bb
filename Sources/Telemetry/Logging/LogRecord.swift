/// One log line on its way to OTLP.
struct LogRecord: Sendable {
    let unixNanoseconds: UInt64
    let level: LogLevel
    let message: StaticString
    let attributes: [Attribute]
    let context: SpanContext?
}
