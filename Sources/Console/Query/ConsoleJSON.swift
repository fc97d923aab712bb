import JSON
import Telemetry

/// Writes what the console's own API answers.
enum ConsoleJSON {
    /// Milliseconds with microseconds behind the point.
    static func milliseconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds / 1_000) / 1_000 }

    static func write(_ summary: TraceSummary, to json: inout JSONWriter) {
        json.beginObject()
        json.field("trace_id", summary.id.description)
        json.field("root_service", summary.rootService)
        json.field("root_operation", summary.rootOperation)
        json.field("start_ms", self.milliseconds(summary.start))
        json.field("duration_ms", self.milliseconds(summary.duration))
        json.field("span_count", summary.spanCount)
        json.field("error_count", summary.errorCount)
        json.key("services")
        json.beginArray()
        for service in summary.services {
            json.beginObject()
            json.field("name", service.name)
            json.field("span_count", service.spanCount)
            json.field("error_count", service.errorCount)
            json.endObject()
        }
        json.endArray()
        json.field("is_complete", summary.isComplete)
        json.endObject()
    }

    static func write(_ attributes: [ReceivedAttribute], to json: inout JSONWriter) {
        json.beginObject()
        var seen: Set<String> = []
        // Of two of one key the last counts; a JSON object has each once.
        for attribute in attributes.reversed() where seen.insert(attribute.key).inserted {
            json.key(escaping: attribute.key)
            self.write(attribute.value, to: &json)
        }
        json.endObject()
    }

    static func write(_ value: ReceivedValue, to json: inout JSONWriter) {
        switch value {
        case .empty: json.null()
        case .string(let text): json.value(text)
        case .bool(let flag): json.value(flag)
        case .int(let number):
            // Beyond what a browser's numbers can tell apart it is a text.
            if number.magnitude <= 1 << 53 {
                json.value(Int(number))
            } else {
                json.value(String(number))
            }
        case .double(let number):
            if number.isFinite { json.value(number) } else { json.value("\(number)") }
        case .bytes(let bytes): json.value(Base64.encode(bytes))
        case .array(let values):
            json.beginArray()
            for value in values { self.write(value, to: &json) }
            json.endArray()
        case .map(let pairs): self.write(pairs, to: &json)
        }
    }

    static func write(_ log: StoredLog, _ tables: SharedTables, to json: inout JSONWriter) {
        var reader = PayloadReader(log.payload)
        json.beginObject()
        json.field("id", Int(log.id))
        json.field("time_ms", self.milliseconds(log.time))
        json.field("service", tables.names.text(log.service))
        json.field("level", LogSeverity(log.severity).rawValue)
        json.field("message", log.body)
        json.key("event")
        if log.event.isEmpty { json.null() } else { json.value(log.event) }
        json.key("attributes")
        self.write(reader.attributes(tables.keys), to: &json)
        json.key("trace_id")
        if let trace = log.traceID { json.value(trace.description) } else { json.null() }
        json.key("span_id")
        if log.spanID != 0 { json.value(SpanID(rawValue: log.spanID).description) } else { json.null() }
        json.endObject()
    }

    // MARK: A trace

    static func trace(_ tree: TraceTree, isComplete: Bool, logCount: Int) -> [UInt8] {
        let start = tree.spans.map(\.start).min() ?? 0
        let end = tree.spans.map(\.end).max() ?? 0
        var json = JSONWriter(capacity: tree.spans.count * 1_024 + 512)
        json.beginObject()
        json.field("trace_id", tree.id.description)
        json.field("start_ms", self.milliseconds(start))
        json.field("duration_ms", self.milliseconds(end - start))
        json.field("is_complete", isComplete)
        json.key("spans")
        json.beginArray()
        for (place, span) in tree.spans.enumerated() { self.write(span, tree.critical[place], to: &json) }
        json.endArray()
        json.key("explanation")
        json.beginArray()
        for sentence in Explanation(tree).sentences {
            json.beginObject()
            json.field("text", sentence.text)
            json.field("span_id", sentence.spanID.description)
            json.endObject()
        }
        json.endArray()
        json.field("log_count", logCount)
        json.endObject()
        return json.bytes
    }

    private static func write(_ span: ReceivedSpan, _ critical: UInt64, to json: inout JSONWriter) {
        json.beginObject()
        json.field("span_id", span.spanID.description)
        json.key("parent_id")
        if let parent = span.parentID { json.value(parent.description) } else { json.null() }
        json.field("service", span.resource.service)
        json.field("instance", span.resource.instance)
        json.field("name", span.name)
        json.field("kind", span.kind.text)
        json.field("start_us", Double(span.start) / 1_000)
        json.field("duration_us", Double(span.duration) / 1_000)
        json.field("status", span.status.text)
        json.field("status_message", span.statusMessage)
        json.field("scope", span.scope.name)
        json.field("critical_us", Double(critical) / 1_000)
        json.key("attributes")
        self.write(span.attributes, to: &json)
        json.key("resource")
        self.write(span.resource.attributes, to: &json)
        json.key("events")
        json.beginArray()
        for event in span.events {
            json.beginObject()
            json.field("name", event.name)
            json.field("time_us", Double(event.time) / 1_000)
            json.key("attributes")
            self.write(event.attributes, to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("links")
        json.beginArray()
        for link in span.links {
            json.beginObject()
            json.field("trace_id", link.traceID.description)
            json.field("span_id", link.spanID.description)
            json.key("attributes")
            self.write(link.attributes, to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension ReceivedSpan.Kind {
    /// As the page and Jaeger write it.
    var text: String {
        switch self {
        case .unspecified, .internal: "internal"
        case .server: "server"
        case .client: "client"
        case .producer: "producer"
        case .consumer: "consumer"
        }
    }
}

extension ReceivedSpan.Status {
    var text: String {
        switch self {
        case .unset: "unset"
        case .ok: "ok"
        case .error: "error"
        }
    }
}
