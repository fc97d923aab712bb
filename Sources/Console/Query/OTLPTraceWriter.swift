import JSON
import Telemetry

/// Writes a trace as OTLP/JSON, for whatever reads that.
///
/// Source: OTLP specification 1.x, "JSON Protobuf Encoding".
enum OTLPTraceWriter {
    static func bytes(_ tree: TraceTree) -> [UInt8] {
        var json = JSONWriter(capacity: tree.spans.count * 1_024 + 256)
        json.beginObject()
        json.key("resourceSpans")
        json.beginArray()
        for (resource, spans) in Dictionary(grouping: tree.spans, by: \.resource).sorted(by: {
            $0.key.service < $1.key.service
        }) {
            json.beginObject()
            json.key("resource")
            json.beginObject()
            self.write(resource.attributes, to: &json)
            json.endObject()
            json.key("scopeSpans")
            json.beginArray()
            for (scope, spans) in Dictionary(grouping: spans, by: \.scope).sorted(by: { $0.key.name < $1.key.name }) {
                json.beginObject()
                json.key("scope")
                json.beginObject()
                json.field("name", scope.name)
                json.field("version", scope.version)
                json.endObject()
                json.key("spans")
                json.beginArray()
                for span in spans { self.write(span, to: &json) }
                json.endArray()
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ span: ReceivedSpan, to json: inout JSONWriter) {
        json.beginObject()
        json.field("traceId", span.traceID.description)
        json.field("spanId", span.spanID.description)
        if let parent = span.parentID { json.field("parentSpanId", parent.description) }
        if !span.traceState.isEmpty { json.field("traceState", span.traceState) }
        json.field("flags", Int(span.flags))
        json.field("name", span.name)
        json.field("kind", span.kind.rawValue)
        json.field("startTimeUnixNano", String(span.start))
        json.field("endTimeUnixNano", String(span.end))
        self.write(span.attributes, to: &json)
        json.field("droppedAttributesCount", Int(span.droppedAttributes))
        json.key("events")
        json.beginArray()
        for event in span.events {
            json.beginObject()
            json.field("timeUnixNano", String(event.time))
            json.field("name", event.name)
            self.write(event.attributes, to: &json)
            json.endObject()
        }
        json.endArray()
        json.field("droppedEventsCount", Int(span.droppedEvents))
        json.key("links")
        json.beginArray()
        for link in span.links {
            json.beginObject()
            json.field("traceId", link.traceID.description)
            json.field("spanId", link.spanID.description)
            if !link.traceState.isEmpty { json.field("traceState", link.traceState) }
            self.write(link.attributes, to: &json)
            json.endObject()
        }
        json.endArray()
        json.field("droppedLinksCount", Int(span.droppedLinks))
        json.key("status")
        json.beginObject()
        if span.status != .unset { json.field("code", span.status.rawValue) }
        if !span.statusMessage.isEmpty { json.field("message", span.statusMessage) }
        json.endObject()
        json.endObject()
    }

    private static func write(_ attributes: [ReceivedAttribute], to json: inout JSONWriter) {
        json.key("attributes")
        self.writePairs(attributes, to: &json)
    }

    private static func writePairs(_ pairs: [ReceivedAttribute], to json: inout JSONWriter) {
        json.beginArray()
        for pair in pairs {
            json.beginObject()
            json.field("key", pair.key)
            json.key("value")
            self.write(pair.value, to: &json)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ value: ReceivedValue, to json: inout JSONWriter) {
        json.beginObject()
        switch value {
        case .empty: break
        case .string(let text): json.field("stringValue", text)
        case .bool(let flag): json.field("boolValue", flag)
        case .int(let number): json.field("intValue", String(number))
        case .double(let number):
            json.key("doubleValue")
            if number.isFinite {
                json.value(number)
            } else {
                json.value(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
            }
        case .bytes(let bytes): json.field("bytesValue", Base64.encode(bytes))
        case .array(let values):
            json.key("arrayValue")
            json.beginObject()
            json.key("values")
            json.beginArray()
            for value in values { self.write(value, to: &json) }
            json.endArray()
            json.endObject()
        case .map(let pairs):
            json.key("kvlistValue")
            json.beginObject()
            json.key("values")
            self.writePairs(pairs, to: &json)
            json.endObject()
        }
        json.endObject()
    }
}
