/// Writes one log line: a JSON object with fixed fields first, then the attributes.
enum LogLine {
    static func append(
        _ entry: LogEntry, service: [UInt8], limits: LogLimits, timestamp: inout TimestampText, to sink: inout ByteSink
    ) {
        sink.append("{\"timestamp\":\"" as StaticString)
        timestamp.append(entry.unixNanoseconds, to: &sink)
        sink.append("\",\"severity\":\"" as StaticString)
        sink.append(entry.level.text)
        sink.append("\",\"message\":" as StaticString)
        sink.append(jsonBytes: entry.message.bytes)
        sink.append(service)
        if let context = entry.context, context.isValid {
            sink.append(",\"trace_id\":\"" as StaticString)
            sink.append(context.traceID)
            sink.append("\",\"span_id\":\"" as StaticString)
            sink.append(context.spanID)
            sink.append(0x22)
        }
        if let name = entry.eventName {
            sink.append(",\"event.name\":" as StaticString)
            sink.append(jsonBytes: name.bytes)
        }
        let kept = min(entry.attributes.count, limits.attributesMax)
        entry.attributes.withUnsafeBufferPointer { attributes in
            // In place: an element taken out of the array is counted and released again.
            for index in 0..<kept { self.append(attributes[index], limits.attributeValueLengthMax, to: &sink) }
        }
        self.append(",\"dropped_attributes\":", entry.attributes.count - kept, to: &sink)
        self.append(",\"skipped\":", entry.skipped, to: &sink)
        sink.append("}\n" as StaticString)
    }

    /// A count that is there only if there is something to count.
    private static func append(_ field: StaticString, _ count: Int, to sink: inout ByteSink) {
        guard count > 0 else { return }
        sink.append(field)
        sink.append(decimal: count)
    }

    @inline(__always)
    private static func append(_ attribute: borrowing Attribute, _ lengthMax: Int, to sink: inout ByteSink) {
        sink.append(0x2c)
        sink.append(jsonString: attribute.key)
        sink.append(0x3a)
        if attribute.sensitivity == .personal {
            sink.append("\"[redacted]\"" as StaticString)
        } else {
            self.append(attribute.value, lengthMax: lengthMax, to: &sink)
        }
    }

    @inline(__always)
    static func append(_ value: AttributeValue, lengthMax: Int, to sink: inout ByteSink) {
        switch value {
        case .string(let text): sink.append(jsonString: text, lengthMax: lengthMax)
        case .int(let number): sink.append(decimal: number)
        case .double(let number): if number.isFinite { sink.append(finite: number) } else { sink.append("null") }
        case .bool(let flag): sink.append(flag ? "true" : "false")
        case .strings(let texts):
            sink.append(0x5b)
            for (index, text) in texts.enumerated() {
                if index > 0 { sink.append(0x2c) }
                sink.append(jsonString: text, lengthMax: lengthMax)
            }
            sink.append(0x5d)
        }
    }
}
