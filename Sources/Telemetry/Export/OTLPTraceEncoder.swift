/// Writes spans as an OTLP/HTTP JSON request: `ExportTraceServiceRequest`.
///
/// Ids are hexadecimal, enums numbers, 64-bit integers strings (OTLP specification, "JSON Protobuf Encoding").
struct OTLPTraceEncoder: Sendable {
    /// Everything before the first span.
    private let head: [UInt8]
    private let limits: SpanLimits
    private let buffer = EncodingBuffer()

    init(resource: Resource, scopeName: String, scopeVersion: String, limits: SpanLimits) {
        var sink = ByteSink()
        sink.append("{\"resourceSpans\":[{\"resource\":" as StaticString)
        OTLPValues.append(resource: resource, to: &sink)
        sink.append(",\"scopeSpans\":[{\"scope\":" as StaticString)
        OTLPValues.append(scope: scopeName, version: scopeVersion, to: &sink)
        sink.append(",\"spans\":[" as StaticString)
        self.head = sink.bytes
        self.limits = limits
    }

    func encode(_ spans: [RecordingSpan]) -> [UInt8] {
        self.buffer.encode { sink in
            sink.append(self.head)
            for (index, span) in spans.enumerated() {
                if index > 0 { sink.append(0x2c) }
                span.withState { self.append(span, $0, to: &sink) }
            }
            sink.append("]}]}]}" as StaticString)
        }
    }

    private func append(_ span: RecordingSpan, _ state: borrowing SpanState, to sink: inout ByteSink) {
        sink.append("{\"traceId\":\"" as StaticString)
        sink.append(span.context.traceID)
        sink.append("\",\"spanId\":\"" as StaticString)
        sink.append(span.context.spanID)
        if span.parentSpanID.isValid {
            sink.append("\",\"parentSpanId\":\"" as StaticString)
            sink.append(span.parentSpanID)
        }
        sink.append(0x22)
        OTLPValues.append(traceState: span.context.traceState, to: &sink)
        OTLPValues.append(flags: span.context.flags, isRemote: span.parentIsRemote, to: &sink)
        sink.append(",\"name\":" as StaticString)
        sink.append(jsonString: state.name)
        sink.append(",\"kind\":" as StaticString)
        sink.append(0x30 + span.kind.otlpNumber)
        self.appendTimes(span, state, to: &sink)
        OTLPValues.append(
            list: AttributeList.lastOfEachKey(state.attributes), lengthMax: self.limits.attributeValueLengthMax,
            to: &sink)
        OTLPValues.append(dropped: "Attributes", state.droppedAttributes, to: &sink)
        if let extras = state.extras { self.append(extras, to: &sink) }
        self.append(state.status, to: &sink)
        sink.append(0x7d)
    }

    private func appendTimes(_ span: RecordingSpan, _ state: borrowing SpanState, to sink: inout ByteSink) {
        sink.append(",\"startTimeUnixNano\":\"" as StaticString)
        sink.append(decimal: span.startUnixNanoseconds)
        sink.append("\",\"endTimeUnixNano\":\"" as StaticString)
        sink.append(decimal: span.startUnixNanoseconds &+ (state.endNanoseconds &- span.startNanoseconds))
        sink.append(0x22)
    }

    private func append(_ status: SpanStatus, to sink: inout ByteSink) {
        switch status {
        case .unset: break
        case .ok: sink.append(",\"status\":{\"code\":1}" as StaticString)
        case .error(let message):
            sink.append(",\"status\":{\"code\":2" as StaticString)
            if !message.isEmpty {
                sink.append(",\"message\":" as StaticString)
                sink.append(jsonString: message)
            }
            sink.append(0x7d)
        }
    }

    private func append(_ extras: SpanState.Extras, to sink: inout ByteSink) {
        if !extras.events.isEmpty {
            sink.append(",\"events\":[" as StaticString)
            for (index, event) in extras.events.enumerated() {
                if index > 0 { sink.append(0x2c) }
                self.append(event, to: &sink)
            }
            sink.append(0x5d)
        }
        OTLPValues.append(dropped: "Events", extras.droppedEvents, to: &sink)
        if !extras.links.isEmpty {
            sink.append(",\"links\":[" as StaticString)
            for (index, link) in extras.links.enumerated() {
                if index > 0 { sink.append(0x2c) }
                self.append(link, to: &sink)
            }
            sink.append(0x5d)
        }
        OTLPValues.append(dropped: "Links", extras.droppedLinks, to: &sink)
    }

    private func append(_ event: SpanEvent, to sink: inout ByteSink) {
        sink.append("{\"timeUnixNano\":\"" as StaticString)
        sink.append(decimal: event.unixNanoseconds)
        sink.append("\",\"name\":" as StaticString)
        sink.append(jsonString: event.name)
        self.append(event.attributes, atMost: self.limits.attributesPerEventMax, to: &sink)
        sink.append(0x7d)
    }

    private func append(_ link: SpanLink, to sink: inout ByteSink) {
        sink.append("{\"traceId\":\"" as StaticString)
        sink.append(link.context.traceID)
        sink.append("\",\"spanId\":\"" as StaticString)
        sink.append(link.context.spanID)
        sink.append(0x22)
        OTLPValues.append(traceState: link.context.traceState, to: &sink)
        OTLPValues.append(flags: link.context.flags, isRemote: link.context.isRemote, to: &sink)
        self.append(link.attributes, atMost: self.limits.attributesPerLinkMax, to: &sink)
        sink.append(0x7d)
    }

    private func append(_ attributes: [Attribute], atMost limit: Int, to sink: inout ByteSink) {
        let unique = AttributeList.lastOfEachKey(attributes)
        let kept = unique.count <= limit ? unique : Array(unique.prefix(limit))
        OTLPValues.append(list: kept, lengthMax: self.limits.attributeValueLengthMax, to: &sink)
        OTLPValues.append(dropped: "Attributes", unique.count - kept.count, to: &sink)
    }
}
