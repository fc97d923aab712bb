/// Renders label sets for Prometheus: values come from strangers, so each is escaped. A label with an empty value is
/// left out, which to Prometheus is the same series: `error.type` is there on failure only.
enum LabelText {
    static func render(names: [String], values: [String]) -> [UInt8] {
        var sink = ByteSink(capacity: 128)
        for (name, value) in zip(names, values) where !value.isEmpty {
            if sink.count > 0 { sink.append(0x2c) }
            sink.append(text: name)
            sink.append("=\"" as StaticString)
            self.append(escaped: value, to: &sink)
            sink.append(0x22)
        }
        return sink.bytes
    }

    /// Backslash, quote and line feed, the three that both formats escape.
    static func append(escaped value: String, to sink: inout ByteSink) {
        for byte in value.utf8 {
            switch byte {
            case 0x5c: sink.append("\\\\" as StaticString)
            case 0x22: sink.append("\\\"" as StaticString)
            case 0x0a: sink.append("\\n" as StaticString)
            default: sink.append(byte)
            }
        }
    }

    /// HELP text: 0.0.4 escapes backslash and line feed, OpenMetrics the quote as well.
    static func append(help: String, escapingQuotes: Bool, to sink: inout ByteSink) {
        for byte in help.utf8 {
            switch byte {
            case 0x5c: sink.append("\\\\" as StaticString)
            case 0x0a: sink.append("\\n" as StaticString)
            case 0x22 where escapingQuotes: sink.append("\\\"" as StaticString)
            default: sink.append(byte)
            }
        }
    }

    static let overflow: [UInt8] = Array("otel_metric_overflow=\"true\"".utf8)
}
