import JSON
import Telemetry

extension ReceivedSpan {
    /// `Span`
    static func append(
        from json: JSONValue, to spans: inout [ReceivedSpan], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        guard intake.hasRoom() else { return }
        var span = ReceivedSpan.blank
        var hasBadParent = false
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "traceId": span.traceID = OTLPIdentifier.trace(try OTLPJSON.text(value))
            case "spanId": span.spanID = OTLPIdentifier.span(try OTLPJSON.text(value))
            case "parentSpanId":
                let text = try OTLPJSON.text(value)
                if !OTLPIdentifier.isNone(text) {
                    let id = OTLPIdentifier.span(text)
                    span.parentID = id
                    hasBadParent = !id.isValid
                }
            case "name": span.name = try OTLPJSON.text(value, &intake)
            case "kind": span.kind = Kind(rawValue: try OTLPJSON.enumNumber(value)) ?? .unspecified
            case "startTimeUnixNano": span.start = try OTLPJSON.unsigned(value)
            case "endTimeUnixNano": span.end = try OTLPJSON.unsigned(value)
            case "status": try span.readStatus(value, &intake)
            case "flags": span.flags = try OTLPJSON.unsigned32(value)
            case "traceState": span.traceState = try OTLPJSON.text(value, &intake)
            default: try span.readPart(key, value, &intake)
            }
        }
        intake.add(span, hasBadParent: hasBadParent, to: &spans)
    }

    /// What a span may have many of, and how many were left out before.
    private mutating func readPart(
        _ key: String, _ value: JSONValue, _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        switch key {
        case "attributes":
            let attributes = try OTLPJSON.attributes(value, &intake)
            self.attributes = attributes.kept
            self.droppedAttributes.increase(by: attributes.leftOut)
        case "events":
            try OTLPJSON.elements(of: value) { event throws(OTLPJSONError) in try self.readEvent(event, &intake) }
        case "links":
            try OTLPJSON.elements(of: value) { link throws(OTLPJSONError) in try self.readLink(link, &intake) }
        case "droppedAttributesCount": self.droppedAttributes.increase(by: try OTLPJSON.unsigned32(value))
        case "droppedEventsCount": self.droppedEvents.increase(by: try OTLPJSON.unsigned32(value))
        case "droppedLinksCount": self.droppedLinks.increase(by: try OTLPJSON.unsigned32(value))
        default: break
        }
    }

    /// `Status`
    private mutating func readStatus(_ json: JSONValue, _ intake: inout OTLPIntake) throws(OTLPJSONError) {
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "code": self.status = Status(rawValue: try OTLPJSON.enumNumber(value)) ?? .unset
            case "message": self.statusMessage = try OTLPJSON.text(value, &intake)
            default: break
            }
        }
    }

    /// `Span.Event`
    private mutating func readEvent(_ json: JSONValue, _ intake: inout OTLPIntake) throws(OTLPJSONError) {
        guard self.events.count < intake.limits.eventsMax else {
            intake.leaveOut(.event)
            return self.droppedEvents.increase()
        }
        var event = Event(name: "", time: 0)
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "timeUnixNano": event.time = try OTLPJSON.unsigned(value)
            case "name": event.name = try OTLPJSON.text(value, &intake)
            case "attributes": event.attributes = try OTLPJSON.attributes(value, &intake).kept
            default: break
            }
        }
        self.events.append(event)
    }

    /// `Span.Link`
    private mutating func readLink(_ json: JSONValue, _ intake: inout OTLPIntake) throws(OTLPJSONError) {
        guard self.links.count < intake.limits.linksMax else {
            intake.leaveOut(.link)
            return self.droppedLinks.increase()
        }
        var link = Link(traceID: .invalid, spanID: .invalid)
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "traceId": link.traceID = OTLPIdentifier.trace(try OTLPJSON.text(value))
            case "spanId": link.spanID = OTLPIdentifier.span(try OTLPJSON.text(value))
            case "traceState": link.traceState = try OTLPJSON.text(value, &intake)
            case "attributes": link.attributes = try OTLPJSON.attributes(value, &intake).kept
            default: break
            }
        }
        if !self.add(link, &intake) { self.droppedLinks.increase() }
    }
}
