/// Writes one log line for people: `12:34:56.789 WARN  order  payment provider failed  error.type=timeout  trace_id=…`.
enum LogText {
    static func append(
        _ entry: LogEntry, service: [UInt8], limits: LogLimits, inColour: Bool, timestamp: inout TimestampText,
        to sink: inout ByteSink
    ) {
        self.appendTime(entry.unixNanoseconds, inColour, &timestamp, &sink)
        if inColour { sink.append(self.colour(entry.level)) }
        sink.append(entry.level.text)
        if inColour { sink.append(self.plain) }
        sink.append(entry.level.text.utf8CodeUnitCount == 4 ? "  " : " ")
        sink.append(service)
        sink.append("  " as StaticString)
        if inColour { sink.append("\u{1b}[1m") }
        sink.append(entry.message)
        if inColour { sink.append(self.plain) }
        for attribute in entry.attributes.prefix(limits.attributesMax) {
            self.append(attribute, limits.attributeValueLengthMax, inColour, &sink)
        }
        self.appendTail(entry, limits, inColour, &sink)
        sink.append(0x0a)
    }

    private static let plain: StaticString = "\u{1b}[0m"
    private static let faint: StaticString = "\u{1b}[2m"

    private static func colour(_ level: LogLevel) -> StaticString {
        switch level {
        case .debug: "\u{1b}[36m"
        case .info: "\u{1b}[32m"
        case .warning: "\u{1b}[33m"
        case .error: "\u{1b}[1;31m"
        }
    }

    /// The time of day in UTC with milliseconds: the date is the reader's own.
    private static func appendTime(
        _ nanoseconds: UInt64, _ inColour: Bool, _ timestamp: inout TimestampText, _ sink: inout ByteSink
    ) {
        var whole = ByteSink(capacity: 64)
        timestamp.append(nanoseconds, to: &whole)
        if inColour { sink.append(self.faint) }
        sink.append(whole.base + 11, 12)
        if inColour { sink.append(self.plain) }
        sink.append(0x20)
    }

    private static func append(
        _ attribute: Attribute, _ lengthMax: Int, _ inColour: Bool, _ sink: inout ByteSink
    ) {
        sink.append("  " as StaticString)
        if inColour { sink.append(self.faint) }
        sink.append(text: attribute.key)
        sink.append(0x3d)
        if inColour { sink.append(self.plain) }
        if attribute.sensitivity == .personal { return sink.append("[redacted]" as StaticString) }
        guard case .string(let text) = attribute.value, self.isPlain(text), text.utf8.count <= lengthMax else {
            return LogLine.append(attribute.value, lengthMax: lengthMax, to: &sink)
        }
        sink.append(text: text)
    }

    /// Anything that is not printable ASCII without spaces is quoted and escaped: a stranger's text must neither look
    /// like another attribute nor command the terminal.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }

    private static func appendTail(
        _ entry: LogEntry, _ limits: LogLimits, _ inColour: Bool, _ sink: inout ByteSink
    ) {
        if entry.skipped > 0 {
            sink.append("  skipped=" as StaticString)
            sink.append(decimal: entry.skipped)
        }
        guard let context = entry.context, context.isValid else { return }
        if inColour { sink.append(self.faint) }
        sink.append("  trace_id=" as StaticString)
        sink.append(context.traceID)
        sink.append("  span_id=" as StaticString)
        sink.append(context.spanID)
        if inColour { sink.append(self.plain) }
    }
}
