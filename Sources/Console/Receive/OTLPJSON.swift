import JSON

/// Reads OTLP's messages out of JSON.
///
/// Names are those of the fields in lowerCamelCase; ids are hexadecimal; 64-bit numbers may be texts; enums are numbers;
/// what is not known, or of another kind than it should be, counts as not sent.
/// Source: OTLP specification 1.x, "JSON Protobuf Encoding".
enum OTLPJSON {
    static func request<Item>(
        _ json: JSONValue, origins: String, scopes: String, items: String, _ item: (JSONValue) -> Item
    ) -> OTLP.Request<Item> {
        var request = OTLP.Request<Item>()
        request.origins = self.list(json, origins).map { entry in
            var origin = OTLP.Origin<Item>()
            origin.resource.attributes = self.pairs(entry["resource"])
            origin.scopes = self.list(entry, scopes).map { entry in
                var scoped = OTLP.Scoped<Item>()
                scoped.scope.name = self.text(entry["scope"], "name")
                scoped.scope.version = self.text(entry["scope"], "version")
                scoped.scope.attributes = self.pairs(entry["scope"])
                scoped.items = self.list(entry, items).map(item)
                return scoped
            }
            return origin
        }
        return request
    }

    static func traces(_ json: JSONValue) -> OTLP.Request<OTLP.Span> {
        self.request(json, origins: "resourceSpans", scopes: "scopeSpans", items: "spans", self.span)
    }

    static func logs(_ json: JSONValue) -> OTLP.Request<OTLP.LogRecord> {
        self.request(json, origins: "resourceLogs", scopes: "scopeLogs", items: "logRecords", self.log)
    }

    static func metrics(_ json: JSONValue) -> OTLP.Request<OTLP.Metric> {
        self.request(json, origins: "resourceMetrics", scopes: "scopeMetrics", items: "metrics", self.metric)
    }

    // MARK: Items

    private static func span(_ json: JSONValue) -> OTLP.Span {
        var span = OTLP.Span()
        span.traceID = self.id(json, "traceId")
        span.spanID = self.id(json, "spanId")
        span.parentID = self.id(json, "parentSpanId")
        span.traceState = self.text(json, "traceState")
        span.name = self.text(json, "name")
        span.kind = Int32(truncatingIfNeeded: self.integer(json, "kind"))
        span.start = UInt64(bitPattern: self.integer(json, "startTimeUnixNano"))
        span.end = UInt64(bitPattern: self.integer(json, "endTimeUnixNano"))
        span.attributes = self.pairs(json)
        span.droppedAttributes = UInt32(truncatingIfNeeded: self.integer(json, "droppedAttributesCount"))
        span.droppedEvents = UInt32(truncatingIfNeeded: self.integer(json, "droppedEventsCount"))
        span.droppedLinks = UInt32(truncatingIfNeeded: self.integer(json, "droppedLinksCount"))
        span.flags = UInt32(truncatingIfNeeded: self.integer(json, "flags"))
        span.status.message = self.text(json["status"], "message")
        span.status.code = Int32(truncatingIfNeeded: self.integer(json["status"], "code"))
        span.events = self.list(json, "events").map { entry in
            var event = OTLP.Event()
            event.time = UInt64(bitPattern: self.integer(entry, "timeUnixNano"))
            event.name = self.text(entry, "name")
            event.attributes = self.pairs(entry)
            return event
        }
        span.links = self.list(json, "links").map { entry in
            var link = OTLP.Link()
            link.traceID = self.id(entry, "traceId")
            link.spanID = self.id(entry, "spanId")
            link.traceState = self.text(entry, "traceState")
            link.attributes = self.pairs(entry)
            return link
        }
        return span
    }

    private static func log(_ json: JSONValue) -> OTLP.LogRecord {
        var log = OTLP.LogRecord()
        log.time = UInt64(bitPattern: self.integer(json, "timeUnixNano"))
        log.observed = UInt64(bitPattern: self.integer(json, "observedTimeUnixNano"))
        log.severity = Int32(truncatingIfNeeded: self.integer(json, "severityNumber"))
        log.severityText = self.text(json, "severityText")
        log.body.value = self.value(json["body"] ?? .null)
        log.attributes = self.pairs(json)
        log.traceID = self.id(json, "traceId")
        log.spanID = self.id(json, "spanId")
        log.eventName = self.text(json, "eventName")
        return log
    }

    private static func metric(_ json: JSONValue) -> OTLP.Metric {
        var metric = OTLP.Metric()
        metric.name = self.text(json, "name")
        metric.unit = self.text(json, "unit")
        for kind in ["gauge", "sum"] {
            metric.numbers.points += self.list(json[kind] ?? .null, "dataPoints").map { entry in
                var point = OTLP.NumberPoint()
                point.attributes = self.pairs(entry)
                point.time = UInt64(bitPattern: self.integer(entry, "timeUnixNano"))
                point.value = entry["asDouble"].map(self.double) ?? Double(self.integer(entry, "asInt"))
                return point
            }
        }
        for kind in ["histogram", "exponentialHistogram", "summary"] {
            metric.distributions.points += self.list(json[kind] ?? .null, "dataPoints").map { entry in
                var point = OTLP.DistributionPoint()
                point.attributes = self.pairs(entry)
                point.time = UInt64(bitPattern: self.integer(entry, "timeUnixNano"))
                point.count = UInt64(bitPattern: self.integer(entry, "count"))
                point.sum = entry["sum"].map(self.double)
                return point
            }
        }
        return metric
    }

    // MARK: Values

    private static func pairs(_ json: JSONValue?) -> [OTLP.Pair] {
        self.list(json ?? .null, "attributes").map { self.pair($0) }
    }

    private static func pair(_ json: JSONValue) -> OTLP.Pair {
        OTLP.Pair(ReceivedAttribute(self.text(json, "key"), self.value(json["value"] ?? .null)))
    }

    /// `AnyValue`
    static func value(_ json: JSONValue) -> ReceivedValue {
        guard let member = json.object?.members.first(where: { !$0.value.isNull }) else { return .empty }
        switch member.key {
        case "stringValue": return .string(member.value.string ?? "")
        case "boolValue": return .bool(member.value.bool ?? false)
        case "intValue": return .int(self.integer(member.value))
        case "doubleValue": return .double(self.double(member.value))
        case "bytesValue": return .bytes(Base64.decode(member.value.string ?? ""))
        case "arrayValue": return .array(self.list(member.value, "values").map { self.value($0) })
        case "kvlistValue": return .map(self.list(member.value, "values").map { self.pair($0).attribute })
        default: return .empty
        }
    }

    private static func list(_ json: JSONValue, _ key: String) -> [JSONValue] { json[key]?.array ?? [] }

    private static func text(_ json: JSONValue?, _ key: String) -> String { json?[key]?.string ?? "" }

    private static func integer(_ json: JSONValue?, _ key: String) -> Int64 { json?[key].map(self.integer) ?? 0 }

    /// A number or a text of one; above the range of `Int64` its bits are those of the unsigned number.
    private static func integer(_ json: JSONValue) -> Int64 {
        if let number = json.int { return Int64(number) }
        if let text = json.string { return Int64(text) ?? UInt64(text).map { Int64(bitPattern: $0) } ?? 0 }
        guard let double = json.double else { return 0 }
        return Int64(exactly: double) ?? UInt64(exactly: double).map { Int64(bitPattern: $0) } ?? 0
    }

    /// A number, or `NaN`, `Infinity` and `-Infinity` as texts.
    private static func double(_ json: JSONValue) -> Double {
        if let number = json.double { return number }
        switch json.string {
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        case "NaN": return .nan
        case let text?: return Double(text) ?? 0
        case nil: return 0
        }
    }

    /// Hexadecimal; what is none gives no bytes, and so no valid id.
    private static func id(_ json: JSONValue, _ key: String) -> [UInt8] {
        guard let text = json[key]?.string, text.utf8.count.isMultiple(of: 2) else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
            default: return []
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
