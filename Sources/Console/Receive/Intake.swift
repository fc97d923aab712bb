import Telemetry

/// Makes telemetry of messages: what cannot be told apart is refused, what is too long is cut.
struct Intake {
    /// Of a span or log record; those beyond are left out, and counted where the message has a field for it.
    static let attributesMax = 256
    /// Events of a span, and links.
    static let partsMax = 512
    /// Of a name or a value that is text, in bytes.
    static let textBytesMax = 64 << 10
    /// Lists and maps in one another.
    static let depthMax = 16

    private(set) var refused = 0
    private(set) var reason = ""
    /// Attributes that were left out, and texts that were cut.
    private(set) var cut = 0

    private mutating func refuse(_ reason: String) {
        self.refused += 1
        if self.reason.isEmpty { self.reason = reason }
    }

    // MARK: Spans

    mutating func spans(_ request: OTLP.Request<OTLP.Span>) -> [ReceivedSpan] {
        var spans: [ReceivedSpan] = []
        for origin in request.origins {
            let resource = self.resource(origin.resource)
            for scoped in origin.scopes {
                let scope = self.scope(scoped.scope)
                for item in scoped.items {
                    if let span = self.span(item, resource, scope) { spans.append(span) }
                }
            }
        }
        return spans
    }

    private mutating func span(
        _ item: OTLP.Span, _ resource: ReceivedResource, _ scope: ReceivedScope
    ) -> ReceivedSpan? {
        guard let traceID = Self.traceID(item.traceID), let spanID = Self.spanID(item.spanID) else {
            self.refuse("a span's trace id must be 16 bytes and its span id 8, and neither all zero")
            return nil
        }
        var span = ReceivedSpan(
            traceID: traceID, spanID: spanID, parentID: Self.spanID(item.parentID), name: self.text(item.name),
            kind: ReceivedSpan.Kind(rawValue: Int(item.kind)) ?? .unspecified, start: item.start, end: item.end,
            resource: resource, scope: scope)
        span.traceState = self.text(item.traceState)
        span.flags = item.flags
        span.attributes = self.attributes(item.attributes)
        let left = max(0, item.attributes.count - Self.attributesMax)
        span.droppedAttributes = item.droppedAttributes &+ UInt32(left)
        span.events = item.events.prefix(Self.partsMax).map { event in
            .init(name: self.text(event.name), time: event.time, attributes: self.attributes(event.attributes))
        }
        span.droppedEvents = item.droppedEvents &+ UInt32(max(0, item.events.count - Self.partsMax))
        span.links = item.links.prefix(Self.partsMax).compactMap { link in
            guard let traceID = Self.traceID(link.traceID), let spanID = Self.spanID(link.spanID) else { return nil }
            return .init(
                traceID: traceID, spanID: spanID, traceState: self.text(link.traceState),
                attributes: self.attributes(link.attributes))
        }
        span.droppedLinks = item.droppedLinks &+ UInt32(item.links.count - span.links.count)
        span.status = ReceivedSpan.Status(rawValue: Int(item.status.code)) ?? .unset
        span.statusMessage = self.text(item.status.message)
        return span
    }

    // MARK: Logs

    /// - Parameter now: nanoseconds since 1970, for records that do not say when.
    mutating func logs(_ request: OTLP.Request<OTLP.LogRecord>, now: UInt64) -> [ReceivedLog] {
        var logs: [ReceivedLog] = []
        for origin in request.origins {
            let resource = self.resource(origin.resource)
            for scoped in origin.scopes {
                let scope = self.scope(scoped.scope)
                for item in scoped.items {
                    let attributes = self.attributes(item.attributes)
                    var event = self.text(item.eventName)
                    if event.isEmpty, case .string(let name) = attributes["event.name"] { event = name }
                    logs.append(
                        ReceivedLog(
                            time: item.time != 0 ? item.time : item.observed != 0 ? item.observed : now,
                            severity: (0...24).contains(item.severity) ? Int(item.severity) : 0,
                            severityText: self.text(item.severityText), body: self.value(item.body.value, 0),
                            eventName: event, attributes: attributes, traceID: Self.traceID(item.traceID),
                            spanID: Self.spanID(item.spanID), resource: resource, scope: scope))
                }
            }
        }
        return logs
    }

    // MARK: Metrics

    mutating func metrics(_ request: OTLP.Request<OTLP.Metric>) -> [ReceivedMetric] {
        var metrics: [ReceivedMetric] = []
        for origin in request.origins {
            let resource = self.resource(origin.resource)
            for metric in origin.scopes.flatMap(\.items) {
                guard !metric.name.isEmpty else {
                    self.refuse("a metric must have a name")
                    continue
                }
                let (name, unit) = (self.text(metric.name), self.text(metric.unit))
                for point in metric.numbers.points {
                    metrics.append(
                        ReceivedMetric(
                            name: name, unit: unit, point: .number(point.value), time: point.time,
                            attributes: self.attributes(point.attributes), resource: resource))
                }
                for point in metric.distributions.points {
                    metrics.append(
                        ReceivedMetric(
                            name: name, unit: unit, point: .distribution(count: point.count, sum: point.sum),
                            time: point.time, attributes: self.attributes(point.attributes), resource: resource))
                }
            }
        }
        return metrics
    }

    // MARK: Parts

    private mutating func resource(_ resource: OTLP.Resource) -> ReceivedResource {
        ReceivedResource(attributes: self.attributes(resource.attributes))
    }

    private mutating func scope(_ scope: OTLP.Scope) -> ReceivedScope {
        ReceivedScope(
            name: self.text(scope.name), version: self.text(scope.version),
            attributes: self.attributes(scope.attributes))
    }

    private mutating func attributes(_ pairs: [OTLP.Pair]) -> [ReceivedAttribute] {
        self.cut += max(0, pairs.count - Self.attributesMax)
        return pairs.prefix(Self.attributesMax).map { pair in
            ReceivedAttribute(self.text(pair.key), self.value(pair.value.value, 0))
        }
    }

    private mutating func value(_ value: ReceivedValue, _ depth: Int) -> ReceivedValue {
        switch value {
        case .string(let text): return .string(self.text(text))
        case .bytes(let bytes) where bytes.count > Self.textBytesMax:
            self.cut += 1
            return .bytes(Array(bytes.prefix(Self.textBytesMax)))
        case .array(let values):
            guard depth < Self.depthMax else {
                self.cut += 1
                return .empty
            }
            return .array(values.map { self.value($0, depth + 1) })
        case .map(let pairs):
            guard depth < Self.depthMax else {
                self.cut += 1
                return .empty
            }
            return .map(pairs.map { ReceivedAttribute(self.text($0.key), self.value($0.value, depth + 1)) })
        case .empty, .bool, .int, .double, .bytes: return value
        }
    }

    /// At most so many bytes, cut between characters.
    private mutating func text(_ text: String) -> String {
        guard text.utf8.count > Self.textBytesMax else { return text }
        self.cut += 1
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: Self.textBytesMax)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    private static func traceID(_ bytes: [UInt8]) -> TraceID? {
        guard bytes.count == 16 else { return nil }
        let id = TraceID(high: self.word(bytes[0..<8]), low: self.word(bytes[8..<16]))
        return id.isValid ? id : nil
    }

    private static func spanID(_ bytes: [UInt8]) -> SpanID? {
        guard bytes.count == 8 else { return nil }
        let id = SpanID(rawValue: self.word(bytes[0..<8]))
        return id.isValid ? id : nil
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
