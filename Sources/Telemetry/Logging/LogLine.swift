/// Writes one log line: a JSON object with fixed fields first, then the attributes.
enum LogLine {
    static func append(
        unixNanoseconds: UInt64, level: LogLevel, message: StaticString, attributes: [Attribute], context: SpanContext?,
        service: [UInt8], timestamp: inout TimestampText, to sink: inout ByteSink
    ) {
        sink.append("{\"timestamp\":\"" as StaticString)
        timestamp.append(unixNanoseconds, to: &sink)
        sink.append("\",\"severity\":\"" as StaticString)
        sink.append(level.text)
        sink.append("\",\"message\":" as StaticString)
        sink.append(jsonBytes: UnsafeBufferPointer(start: message.utf8Start, count: message.utf8CodeUnitCount))
        sink.append(service)
        if let context, context.isValid {
            sink.append(",\"trace_id\":\"" as StaticString)
            sink.append(context.traceID)
            sink.append("\",\"span_id\":\"" as StaticString)
            sink.append(context.spanID)
            sink.append(0x22)
        }
        for attribute in attributes {
            sink.append(0x2c)
            sink.append(jsonString: attribute.key)
            sink.append(0x3a)
            if attribute.sensitivity == .personal {
                sink.append("\"[redacted]\"" as StaticString)
            } else {
                self.append(attribute.value, to: &sink)
            }
        }
        sink.append("}\n" as StaticString)
    }

    @inline(__always)
    private static func append(_ value: AttributeValue, to sink: inout ByteSink) {
        switch value {
        case .string(let text): sink.append(jsonString: text)
        case .int(let number): sink.append(decimal: number)
        case .double(let number): if number.isFinite { sink.append(finite: number) } else { sink.append("null") }
        case .bool(let flag): sink.append(flag ? "true" : "false")
        case .strings(let texts):
            sink.append(0x5b)
            for (index, text) in texts.enumerated() {
                if index > 0 { sink.append(0x2c) }
                sink.append(jsonString: text)
            }
            sink.append(0x5d)
        }
    }
}
