import Telemetry

/// What many spans and log lines share: names, keys, resources and scopes. All bounded; what comes beyond is shown
/// under one name for all.
struct SharedTables: Sendable {
    var names = Interner(countMax: 20_000, bytesMax: 2 << 20)
    var keys = Interner(countMax: 20_000, bytesMax: 2 << 20)
    private var resources: [ReceivedResource] = [ReceivedResource()]
    private var resourceNumbers: [ReceivedResource: UInt32] = [:]
    private var scopes: [ReceivedScope] = [ReceivedScope()]
    private var scopeNumbers: [ReceivedScope: UInt32] = [:]

    private var resourceBytes = 0
    private var scopeBytes = 0
    /// All spans of a request share one of each: the same storage, which is compared without being looked through.
    private var lastResource: (ReceivedResource, UInt32)?
    private var lastScope: (ReceivedScope, UInt32)?

    static let resourcesMax = 2_000
    /// Of all resources together.
    static let resourceBytesMax = 4 << 20
    static let scopesMax = 2_000
    /// Of all scopes together.
    static let scopeBytesMax = 1 << 20
    /// Of a name, in bytes; longer ones are cut.
    static let nameBytesMax = 512
    static let beyond = "(others)"

    mutating func name(_ text: String) -> UInt32 {
        // Where even this has no room it was there before: the first thing a table is asked for.
        self.names.number(Self.cut(text)) ?? self.names.number(Self.beyond) ?? 0
    }

    /// Names of services have room of their own, so that no flood of other names makes them all one.
    mutating func serviceName(_ text: String) -> UInt32 {
        self.names.number(Self.cut(text), beyondBound: 1_000) ?? self.names.number(Self.beyond) ?? 0
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= self.nameBytesMax
            ? text : String(decoding: text.utf8.prefix(self.nameBytesMax), as: UTF8.self)
    }

    init() {
        _ = self.names.number(Self.beyond)
    }

    mutating func number(_ resource: ReceivedResource) -> UInt32 {
        if let last = self.lastResource, last.0 == resource { return last.1 }
        let number = self.look(up: resource)
        self.lastResource = (resource, number)
        return number
    }

    private mutating func look(up resource: ReceivedResource) -> UInt32 {
        if let known = self.resourceNumbers[resource] { return known }
        let bytes = resource.attributes.reduce(0) { $0 + $1.key.utf8.count + $1.value.text.utf8.count + 64 }
        guard self.resources.count < Self.resourcesMax, self.resourceBytes + bytes <= Self.resourceBytesMax else {
            return 0
        }
        self.resourceBytes += bytes
        let number = UInt32(self.resources.count)
        self.resources.append(resource)
        self.resourceNumbers[resource] = number
        return number
    }

    mutating func number(_ scope: ReceivedScope) -> UInt32 {
        if let last = self.lastScope, last.0 == scope { return last.1 }
        let number = self.look(up: scope)
        self.lastScope = (scope, number)
        return number
    }

    private mutating func look(up scope: ReceivedScope) -> UInt32 {
        if let known = self.scopeNumbers[scope] { return known }
        let bytes = scope.attributes.reduce(scope.name.utf8.count + scope.version.utf8.count) {
            $0 + $1.key.utf8.count + $1.value.text.utf8.count + 64
        }
        guard self.scopes.count < Self.scopesMax, self.scopeBytes + bytes <= Self.scopeBytesMax else { return 0 }
        self.scopeBytes += bytes
        let number = UInt32(self.scopes.count)
        self.scopes.append(scope)
        self.scopeNumbers[scope] = number
        return number
    }

    func resource(_ number: UInt32) -> ReceivedResource { self.resources[Int(number)] }
    /// By number.
    var allResources: [ReceivedResource] { self.resources }
    func scope(_ number: UInt32) -> ReceivedScope { self.scopes[Int(number)] }

    // MARK: Spans

    mutating func pack(_ span: ReceivedSpan) -> StoredSpan {
        var writer = PayloadWriter()
        writer.put(span.attributes, &self.keys)
        writer.put(span.statusMessage)
        writer.put(span.traceState)
        writer.put(UInt64(span.flags))
        writer.put(UInt64(span.droppedAttributes))
        writer.put(UInt64(span.droppedEvents))
        writer.put(UInt64(span.droppedLinks))
        writer.put(span.events.count)
        for event in span.events {
            writer.put(event.name)
            writer.put(event.time)
            writer.put(event.attributes, &self.keys)
        }
        writer.put(span.links.count)
        for link in span.links {
            writer.put(fixed: link.traceID.high)
            writer.put(fixed: link.traceID.low)
            writer.put(fixed: link.spanID.rawValue)
            writer.put(link.traceState)
            writer.put(link.attributes, &self.keys)
        }
        return StoredSpan(
            spanID: span.spanID.rawValue, parentID: span.parentID?.rawValue ?? 0, start: span.start, end: span.end,
            pairBits: span.attributes.reduce(0) { $0 | StoredSpan.bits($1.key, $1.value.text) },
            service: self.serviceName(span.resource.service), name: self.name(span.name),
            resource: self.number(span.resource), scope: self.number(span.scope), kind: UInt8(span.kind.rawValue),
            status: UInt8(span.status.rawValue), payload: writer.bytes)
    }

    func unpack(_ stored: StoredSpan, of traceID: TraceID) -> ReceivedSpan {
        var reader = PayloadReader(stored.payload)
        var span = ReceivedSpan(
            traceID: traceID, spanID: SpanID(rawValue: stored.spanID),
            parentID: stored.parentID == 0 ? nil : SpanID(rawValue: stored.parentID),
            name: self.names.text(stored.name), kind: ReceivedSpan.Kind(rawValue: Int(stored.kind)) ?? .unspecified,
            start: stored.start, end: stored.end, resource: self.resource(stored.resource, of: stored.service),
            scope: self.scope(stored.scope))
        span.attributes = reader.attributes(self.keys)
        span.status = ReceivedSpan.Status(rawValue: Int(stored.status)) ?? .unset
        span.statusMessage = reader.text()
        span.traceState = reader.text()
        span.flags = UInt32(truncatingIfNeeded: reader.number())
        span.droppedAttributes = UInt32(truncatingIfNeeded: reader.number())
        span.droppedEvents = UInt32(truncatingIfNeeded: reader.number())
        span.droppedLinks = UInt32(truncatingIfNeeded: reader.number())
        for _ in 0..<reader.count() {
            let name = reader.text()
            let time = reader.number()
            span.events.append(.init(name: name, time: time, attributes: reader.attributes(self.keys)))
        }
        for _ in 0..<reader.count() {
            let traceID = TraceID(high: reader.fixed(), low: reader.fixed())
            let spanID = SpanID(rawValue: reader.fixed())
            let state = reader.text()
            span.links.append(
                .init(
                    traceID: traceID, spanID: spanID, traceState: state, attributes: reader.attributes(self.keys)))
        }
        return span
    }

    /// Without its scope and the name of its severity, which are not held.
    func unpack(_ stored: StoredLog) -> ReceivedLog {
        var reader = PayloadReader(stored.payload)
        return ReceivedLog(
            time: stored.time, severity: Int(stored.severity), body: .string(stored.body), eventName: stored.event,
            attributes: reader.attributes(self.keys), traceID: stored.traceID,
            spanID: stored.spanID == 0 ? nil : SpanID(rawValue: stored.spanID),
            resource: self.resource(stored.resource, of: stored.service))
    }

    /// One that had no room has at least its service's name.
    private func resource(_ number: UInt32, of service: UInt32) -> ReceivedResource {
        guard number == 0, self.names.text(service) != "unknown_service" else { return self.resource(number) }
        return ReceivedResource(attributes: [
            ReceivedAttribute(Attribute.serviceName.key, .string(self.names.text(service)))
        ])
    }

    func attributes(_ stored: StoredSpan) -> [ReceivedAttribute] {
        var reader = PayloadReader(stored.payload)
        return reader.attributes(self.keys)
    }
}
