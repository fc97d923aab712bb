/// One log line on its way to OTLP.
struct LogRecord: Sendable {
    let unixNanoseconds: UInt64
    let level: LogLevel
    let message: StaticString
    let eventName: StaticString?
    let attributes: [Attribute]
    let context: SpanContext?
    /// Lines of the same message that were left out before this one.
    let skipped: Int

    init(_ entry: LogEntry) {
        self.unixNanoseconds = entry.unixNanoseconds
        self.level = entry.level
        self.message = entry.message
        self.eventName = entry.eventName
        self.attributes = entry.attributes
        self.context = entry.context
        self.skipped = entry.skipped
    }
}
