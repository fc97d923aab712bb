/// The changing half of a span: pure, guarded by the span's lock.
struct SpanState: Sendable {
    var name: String
    var attributes: [Attribute]
    var status = SpanStatus.unset
    /// Monotonic nanoseconds; 0 while the span runs.
    var endNanoseconds: UInt64 = 0
    var droppedAttributes = 0
    /// Events and links, which few spans have.
    var extras: Extras?

    struct Extras: Sendable {
        var events: [SpanEvent] = []
        var links: [SpanLink] = []
        var droppedEvents = 0
        var droppedLinks = 0
    }

    private static let usualAttributeCount = 8

    var hasEnded: Bool { self.endNanoseconds != 0 }

    /// Repeated keys are sorted out when the span is exported; until then the array only grows, up to the limit.
    mutating func add(_ attribute: Attribute, limit: Int) {
        if self.attributes.count < limit {
            // Room for the usual number at once, rather than growing from one by doubling.
            if self.attributes.isEmpty { self.attributes.reserveCapacity(Self.usualAttributeCount) }
            self.attributes.append(attribute)
        } else if let index = self.attributes.firstIndex(where: { $0.key == attribute.key }) {
            self.attributes[index] = attribute
        } else {
            self.makeRoom()
            guard self.attributes.count < limit else { return self.droppedAttributes += 1 }
            self.attributes.append(attribute)
        }
    }

    mutating func add(_ added: [Attribute], limit: Int) {
        // The usual case: one array made by the caller becomes the span's, without a copy.
        if self.attributes.isEmpty, added.count <= limit {
            self.attributes = added
        } else if self.attributes.count + added.count <= limit {
            self.attributes.append(contentsOf: added)
        } else {
            for attribute in added { self.add(attribute, limit: limit) }
        }
    }

    mutating func add(_ event: SpanEvent, limit: Int) {
        var extras = self.extras.take() ?? Extras()
        if extras.events.count < limit { extras.events.append(event) } else { extras.droppedEvents += 1 }
        self.extras = extras
    }

    mutating func add(_ link: SpanLink, limit: Int) {
        var extras = self.extras.take() ?? Extras()
        if extras.links.count < limit { extras.links.append(link) } else { extras.droppedLinks += 1 }
        self.extras = extras
    }

    /// OpenTelemetry specification, "Set status": Ok is final, and Unset is ignored.
    mutating func set(_ status: SpanStatus) {
        guard self.status != .ok, status != .unset else { return }
        self.status = status
    }

    private mutating func makeRoom() {
        self.attributes = AttributeList.lastOfEachKey(self.attributes)
    }
}

enum AttributeList {
    /// Each key once, at its first place, with its last value; the same array if no key repeats.
    static func lastOfEachKey(_ attributes: [Attribute]) -> [Attribute] {
        guard self.hasRepeatedKey(attributes) else { return attributes }
        var kept: [Attribute] = []
        for attribute in attributes {
            if let index = kept.firstIndex(where: { $0.key == attribute.key }) {
                kept[index] = attribute
            } else {
                kept.append(attribute)
            }
        }
        return kept
    }

    /// Compares the small way first: keys are literals, most often told apart by their length.
    static func hasRepeatedKey(_ attributes: [Attribute]) -> Bool {
        guard attributes.count > 1 else { return false }
        for index in 1..<attributes.count {
            let key = attributes[index].key
            let length = key.utf8.count
            for earlier in 0..<index
            where attributes[earlier].key.utf8.count == length && attributes[earlier].key == key {
                return true
            }
        }
        return false
    }
}
