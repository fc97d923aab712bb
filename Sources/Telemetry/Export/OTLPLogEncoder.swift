/// Writes log records as an OTLP/HTTP JSON request: `ExportLogsServiceRequest`.
struct OTLPLogEncoder: Sendable {
    private let head: [UInt8]
    private let limits: LogLimits
    private let buffer = EncodingBuffer()

    init(resource: Resource, scopeName: String, scopeVersion: String, limits: LogLimits = LogLimits()) {
        self.limits = limits
        var sink = ByteSink()
        sink.append("{\"resourceLogs\":[{\"resource\":" as StaticString)
        OTLPValues.append(resource: resource, to: &sink)
        sink.append(",\"scopeLogs\":[{\"scope\":" as StaticString)
        OTLPValues.append(scope: scopeName, version: scopeVersion, to: &sink)
        sink.append(",\"logRecords\":[" as StaticString)
        self.head = sink.bytes
    }

    func encode(_ records: [LogRecord]) -> [UInt8] {
        self.buffer.encode { sink in
            sink.append(self.head)
            for (index, record) in records.enumerated() {
                if index > 0 { sink.append(0x2c) }
                self.append(record, to: &sink)
            }
            sink.append("]}]}]}" as StaticString)
        }
    }

    private func append(_ record: LogRecord, to sink: inout ByteSink) {
        sink.append("{\"timeUnixNano\":\"" as StaticString)
        sink.append(decimal: record.unixNanoseconds)
        sink.append("\",\"observedTimeUnixNano\":\"" as StaticString)
        sink.append(decimal: record.unixNanoseconds)
        sink.append("\",\"severityNumber\":" as StaticString)
        sink.append(decimal: record.level.severityNumber)
        sink.append(",\"severityText\":\"" as StaticString)
        sink.append(record.level.text)
        sink.append("\",\"body\":{\"stringValue\":" as StaticString)
        sink.append(jsonBytes: record.message.bytes)
        sink.append(0x7d)
        if let name = record.eventName {
            sink.append(",\"eventName\":" as StaticString)
            sink.append(jsonBytes: name.bytes)
        }
        self.appendAttributes(record, to: &sink)
        if let context = record.context, context.isValid {
            sink.append(",\"traceId\":\"" as StaticString)
            sink.append(context.traceID)
            sink.append("\",\"spanId\":\"" as StaticString)
            sink.append(context.spanID)
            sink.append("\",\"flags\":" as StaticString)
            sink.append(decimal: UInt64(context.flags.rawValue))
        }
        sink.append(0x7d)
    }

    private func appendAttributes(_ record: LogRecord, to sink: inout ByteSink) {
        var attributes = AttributeList.lastOfEachKey(record.attributes)
        if record.skipped > 0 { attributes.append(.logSkipped(record.skipped)) }
        let dropped = attributes.count - self.limits.attributesMax
        if dropped > 0 { attributes.removeLast(dropped) }
        OTLPValues.append(list: attributes, lengthMax: self.limits.attributeValueLengthMax, to: &sink)
        OTLPValues.append(dropped: "Attributes", dropped, to: &sink)
    }
}
