import Telemetry

/// Writes spans and log records into bytes that another run can read: whole, with every name in full, but for their
/// resource and scope, which many share and which are written once.
enum ArchiveCodec {
    enum Item: Sendable, Hashable {
        case span(ReceivedSpan)
        case log(ReceivedLog)
        case origin(Origin)
    }

    /// What made an item; items name the one they have by its place in the file, from 0.
    struct Origin: Sendable, Hashable {
        let resource: ReceivedResource
        let scope: ReceivedScope
    }

    private static let spanKind: UInt64 = 1
    private static let logKind: UInt64 = 2
    private static let originKind: UInt64 = 3

    /// - Parameter origin: the place of the item's; those of an origin itself are none.
    static func bytes(_ item: Item, origin: Int = 0) -> [UInt8] {
        var writer = PayloadWriter()
        switch item {
        case .span(let span):
            writer.put(self.spanKind)
            writer.put(origin)
            self.put(span, &writer)
        case .log(let log):
            writer.put(self.logKind)
            writer.put(origin)
            self.put(log, &writer)
        case .origin(let origin):
            writer.put(self.originKind)
            self.put(origin.resource, origin.scope, &writer)
        }
        return writer.bytes
    }

    /// - Parameters:
    ///   - bytes: what `bytes(_:origin:)` made; a checksum has vouched for them.
    ///   - origins: those that came before.
    /// - Returns: nil for a kind that a later version writes.
    static func item(_ bytes: [UInt8], _ origins: [Origin]) -> Item? {
        var reader = PayloadReader(bytes)
        func origin() -> Origin {
            let place = reader.count()
            return place < origins.count
                ? origins[place] : Origin(resource: ReceivedResource(), scope: ReceivedScope())
        }
        switch reader.number() {
        case self.spanKind:
            let origin = origin()
            return .span(self.span(&reader, origin))
        case self.logKind:
            let origin = origin()
            return .log(self.log(&reader, origin))
        case self.originKind: return .origin(self.origin(&reader))
        default: return nil
        }
    }

    // MARK: Spans

    private static func put(_ span: ReceivedSpan, _ writer: inout PayloadWriter) {
        self.put(span.traceID, &writer)
        writer.put(fixed: span.spanID.rawValue)
        writer.put(fixed: span.parentID?.rawValue ?? 0)
        writer.put(span.name)
        writer.put(span.kind.rawValue)
        writer.put(span.start)
        writer.put(span.end)
        writer.put(span.status.rawValue)
        writer.put(span.statusMessage)
        writer.put(span.traceState)
        writer.put(UInt64(span.flags))
        writer.put(UInt64(span.droppedAttributes))
        writer.put(UInt64(span.droppedEvents))
        writer.put(UInt64(span.droppedLinks))
        writer.put(.map(span.attributes))
        writer.put(span.events.count)
        for event in span.events {
            writer.put(event.name)
            writer.put(event.time)
            writer.put(.map(event.attributes))
        }
        writer.put(span.links.count)
        for link in span.links {
            self.put(link.traceID, &writer)
            writer.put(fixed: link.spanID.rawValue)
            writer.put(link.traceState)
            writer.put(.map(link.attributes))
        }
    }

    private static func span(_ reader: inout PayloadReader, _ origin: Origin) -> ReceivedSpan {
        let traceID = self.traceID(&reader)
        let spanID = SpanID(rawValue: reader.fixed())
        let parent = reader.fixed()
        let name = reader.text()
        let kind = ReceivedSpan.Kind(rawValue: reader.count()) ?? .unspecified
        let (start, end) = (reader.number(), reader.number())
        var span = ReceivedSpan(
            traceID: traceID, spanID: spanID, parentID: parent == 0 ? nil : SpanID(rawValue: parent), name: name,
            kind: kind, start: start, end: end)
        span.status = ReceivedSpan.Status(rawValue: reader.count()) ?? .unset
        span.statusMessage = reader.text()
        span.traceState = reader.text()
        span.flags = UInt32(truncatingIfNeeded: reader.number())
        span.droppedAttributes = UInt32(truncatingIfNeeded: reader.number())
        span.droppedEvents = UInt32(truncatingIfNeeded: reader.number())
        span.droppedLinks = UInt32(truncatingIfNeeded: reader.number())
        span.attributes = self.attributes(&reader)
        for _ in 0..<reader.count() {
            let name = reader.text()
            let time = reader.number()
            span.events.append(.init(name: name, time: time, attributes: self.attributes(&reader)))
        }
        for _ in 0..<reader.count() {
            let traceID = self.traceID(&reader)
            let spanID = SpanID(rawValue: reader.fixed())
            let state = reader.text()
            span.links.append(
                .init(traceID: traceID, spanID: spanID, traceState: state, attributes: self.attributes(&reader)))
        }
        (span.resource, span.scope) = (origin.resource, origin.scope)
        return span
    }

    // MARK: Log records

    private static func put(_ log: ReceivedLog, _ writer: inout PayloadWriter) {
        writer.put(log.time)
        writer.put(log.severity)
        writer.put(log.severityText)
        writer.put(log.body)
        writer.put(log.eventName)
        writer.put(.map(log.attributes))
        self.put(log.traceID ?? .invalid, &writer)
        writer.put(fixed: log.spanID?.rawValue ?? 0)
    }

    private static func log(_ reader: inout PayloadReader, _ origin: Origin) -> ReceivedLog {
        let time = reader.number()
        let severity = reader.count()
        let severityText = reader.text()
        let body = reader.value()
        let event = reader.text()
        let attributes = self.attributes(&reader)
        let traceID = self.traceID(&reader)
        let spanID = reader.fixed()
        return ReceivedLog(
            time: time, severity: severity, severityText: severityText, body: body, eventName: event,
            attributes: attributes, traceID: traceID.isValid ? traceID : nil,
            spanID: spanID == 0 ? nil : SpanID(rawValue: spanID), resource: origin.resource, scope: origin.scope)
    }

    // MARK: Parts

    private static func put(_ id: TraceID, _ writer: inout PayloadWriter) {
        writer.put(fixed: id.high)
        writer.put(fixed: id.low)
    }

    private static func traceID(_ reader: inout PayloadReader) -> TraceID {
        let high = reader.fixed()
        return TraceID(high: high, low: reader.fixed())
    }

    private static func put(_ resource: ReceivedResource, _ scope: ReceivedScope, _ writer: inout PayloadWriter) {
        writer.put(.map(resource.attributes))
        writer.put(scope.name)
        writer.put(scope.version)
        writer.put(.map(scope.attributes))
    }

    private static func origin(_ reader: inout PayloadReader) -> Origin {
        let resource = ReceivedResource(attributes: self.attributes(&reader))
        let name = reader.text()
        let version = reader.text()
        return Origin(
            resource: resource,
            scope: ReceivedScope(name: name, version: version, attributes: self.attributes(&reader)))
    }

    private static func attributes(_ reader: inout PayloadReader) -> [ReceivedAttribute] {
        guard case .map(let pairs) = reader.value() else { return [] }
        return pairs
    }
}
