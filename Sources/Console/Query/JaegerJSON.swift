import JSON
import Telemetry

/// Traces as Jaeger's HTTP query API writes them.
///
/// Source: Jaeger's `model/json`: traces of spans, references and processes; times in microseconds.
enum JaegerJSON {
    /// What every answer is wrapped in.
    static func envelope(total: Int, limit: Int = 0, capacity: Int = 1_024, _ data: (inout JSONWriter) -> Void)
        -> [UInt8]
    {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        json.key("data")
        data(&json)
        json.field("total", total)
        json.field("limit", limit)
        json.field("offset", 0)
        json.key("errors")
        json.null()
        json.endObject()
        return json.bytes
    }

    static func failure(_ status: Int, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("data")
        json.null()
        json.field("total", 0)
        json.field("limit", 0)
        json.field("offset", 0)
        json.key("errors")
        json.beginArray()
        json.beginObject()
        json.field("code", status)
        json.field("msg", message)
        json.endObject()
        json.endArray()
        json.endObject()
        return json.bytes
    }

    static func write(_ tree: TraceTree, to json: inout JSONWriter) {
        // One process for each resource, p1 and on.
        var processes: [ReceivedResource] = []
        var numbers: [ReceivedResource: Int] = [:]
        for span in tree.spans where numbers[span.resource] == nil {
            processes.append(span.resource)
            numbers[span.resource] = processes.count
        }
        json.beginObject()
        json.field("traceID", tree.id.description)
        json.key("spans")
        json.beginArray()
        for (place, span) in tree.spans.enumerated() {
            self.write(span, hasParent: tree.parents[place] != nil, process: numbers[span.resource] ?? 1, to: &json)
        }
        json.endArray()
        json.key("processes")
        json.beginObject()
        for (index, resource) in processes.enumerated() {
            json.key(escaping: "p\(index + 1)")
            json.beginObject()
            json.field("serviceName", resource.service)
            json.key("tags")
            json.beginArray()
            for attribute in resource.attributes where attribute.key != "service.name" {
                self.write(attribute, to: &json)
            }
            json.endArray()
            json.endObject()
        }
        json.endObject()
        json.key("warnings")
        json.null()
        json.endObject()
    }

    private static func write(_ span: ReceivedSpan, hasParent: Bool, process: Int, to json: inout JSONWriter) {
        json.beginObject()
        json.field("traceID", span.traceID.description)
        json.field("spanID", span.spanID.description)
        json.field("flags", Int(span.flags & 0xFF))
        json.field("operationName", span.name)
        json.key("references")
        json.beginArray()
        if let parent = span.parentID { self.reference("CHILD_OF", span.traceID, parent, to: &json) }
        for link in span.links { self.reference("FOLLOWS_FROM", link.traceID, link.spanID, to: &json) }
        json.endArray()
        json.field("startTime", Int(span.start / 1_000))
        json.field("duration", Int(span.duration / 1_000))
        json.key("tags")
        json.beginArray()
        for attribute in span.attributes { self.write(attribute, to: &json) }
        for attribute in self.tags(of: span) { self.write(attribute, to: &json) }
        json.endArray()
        json.key("logs")
        json.beginArray()
        for event in span.events {
            json.beginObject()
            json.field("timestamp", Int(event.time / 1_000))
            json.key("fields")
            json.beginArray()
            self.write(Self.tag("event", .string(event.name)), to: &json)
            for attribute in event.attributes { self.write(attribute, to: &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.field("processID", "p\(process)")
        json.key("warnings")
        if let parent = span.parentID, !hasParent {
            json.beginArray()
            json.value("invalid parent span IDs=\(parent); skipping clock skew adjustment")
            json.endArray()
        } else {
            json.null()
        }
        json.endObject()
    }

    /// What Jaeger makes of the fields that it has no place for.
    private static func tags(of span: ReceivedSpan) -> [ReceivedAttribute] {
        var tags: [ReceivedAttribute] = []
        if span.kind != .unspecified { tags.append(Self.tag("span.kind", .string(span.kind.text))) }
        switch span.status {
        case .unset: break
        case .ok: tags.append(Self.tag("otel.status_code", .string("OK")))
        case .error:
            tags.append(Self.tag("otel.status_code", .string("ERROR")))
            tags.append(Self.tag("error", .bool(true)))
        }
        if !span.statusMessage.isEmpty {
            tags.append(Self.tag("otel.status_description", .string(span.statusMessage)))
        }
        if !span.scope.name.isEmpty {
            tags.append(Self.tag("otel.scope.name", .string(span.scope.name)))
        }
        if !span.scope.version.isEmpty {
            tags.append(Self.tag("otel.scope.version", .string(span.scope.version)))
        }
        if !span.traceState.isEmpty {
            tags.append(Self.tag("w3c.tracestate", .string(span.traceState)))
        }
        return tags
    }

    private static func tag(_ key: String, _ value: ReceivedValue) -> ReceivedAttribute {
        ReceivedAttribute(key, value)
    }

    private static func reference(_ kind: String, _ trace: TraceID, _ span: SpanID, to json: inout JSONWriter) {
        json.beginObject()
        json.field("refType", kind)
        json.field("traceID", trace.description)
        json.field("spanID", span.description)
        json.endObject()
    }

    private static func write(_ attribute: ReceivedAttribute, to json: inout JSONWriter) {
        json.beginObject()
        json.field("key", attribute.key)
        switch attribute.value {
        case .bool(let flag):
            json.field("type", "bool")
            json.field("value", flag)
        case .int(let number):
            json.field("type", "int64")
            json.field("value", Int(number))
        case .double(let number) where number.isFinite:
            json.field("type", "float64")
            json.field("value", number)
        case .bytes(let bytes):
            json.field("type", "binary")
            json.field("value", Base64.encode(bytes))
        case .empty, .string, .double, .array, .map:
            json.field("type", "string")
            json.field("value", attribute.value.text)
        }
        json.endObject()
    }
}
