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
        self.append(attribute.value, lengthMax, &sink)
    }

    private static func append(_ value: AttributeValue, _ lengthMax: Int, _ sink: inout ByteSink) {
        switch value {
        case .string(let text):
            let cut = text.utf8.count <= lengthMax ? text : String(text.prefix(lengthMax))
            if self.isPlain(cut) { sink.append(text: cut) } else { self.append(quoted: cut, to: &sink) }
        case .strings(let texts):
            sink.append(0x5b)
            for (index, text) in texts.enumerated() {
                if index > 0 { sink.append(0x2c) }
                self.append(.string(text), lengthMax, &sink)
            }
            sink.append(0x5d)
        default: LogLine.append(value, lengthMax: lengthMax, to: &sink)
        }
    }

    /// As JSON writes it, and besides without what a terminal obeys or a reader cannot see: DEL and the C1 controls, line
    /// and paragraph separators, and the marks that turn the direction of text.
    private static func append(quoted text: String, to sink: inout ByteSink) {
        guard text.unicodeScalars.contains(where: { self.isHidden($0.value) }) else {
            return sink.append(jsonString: text)
        }
        var visible = ""
        for scalar in text.unicodeScalars {
            if self.isHidden(scalar.value) {
                let digits = String(scalar.value, radix: 16)
                visible += "<U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ">"
            } else {
                visible.unicodeScalars.append(scalar)
            }
        }
        sink.append(jsonString: visible)
    }

    private static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
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
