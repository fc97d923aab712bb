/// Writes log records as an OTLP/HTTP JSON request: `ExportLogsServiceRequest`.
struct OTLPLogEncoder: Sendable {
    private let head: [UInt8]

    init(resource: Resource, scopeName: String, scopeVersion: String) {
        var sink = ByteSink()
        sink.append("{\"resourceLogs\":[{\"resource\":" as StaticString)
        OTLPValues.append(resource: resource, to: &sink)
        sink.append(",\"scopeLogs\":[{\"scope\":" as StaticString)
        OTLPValues.append(scope: scopeName, version: scopeVersion, to: &sink)
        sink.append(",\"logRecords\":[" as StaticString)
        self.head = sink.bytes
    }

    func encode(_ records: [LogRecord]) -> [UInt8] {
        var sink = ByteSink(capacity: self.head.count + records.count * 512 + 64)
        sink.append(self.head)
        for (index, record) in records.enumerated() {
            if index > 0 { sink.append(0x2c) }
            self.append(record, to: &sink)
        }
        sink.append("]}]}]}" as StaticString)
        return sink.bytes
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
        let message = record.message
        sink.append(jsonBytes: UnsafeBufferPointer(start: message.utf8Start, count: message.utf8CodeUnitCount))
        sink.append(0x7d)
        OTLPValues.append(list: AttributeList.lastOfEachKey(record.attributes), lengthMax: .max, to: &sink)
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
}
