import Protobuf
import Telemetry

extension ReceivedSpan {
    /// `Span`
    static func append(
        from reader: inout ProtobufReader, to spans: inout [ReceivedSpan], _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        guard intake.hasRoom() else { return try reader.skip() }
        var span = ReceivedSpan.blank
        var hasBadParent = false
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: span.traceID = try reader.readBytes(OTLPIdentifier.trace) ?? .invalid
                case 2: span.spanID = try reader.readBytes(OTLPIdentifier.span) ?? .invalid
                case 3: span.traceState = try OTLPProtobuf.text(&reader, &intake)
                case 4:
                    let parent = try reader.readBytes { (OTLPIdentifier.span($0), OTLPIdentifier.isNone($0)) }
                    if let (id, isNone) = parent {
                        span.parentID = isNone ? nil : id
                        hasBadParent = !isNone && !id.isValid
                    }
                case 5: span.name = try OTLPProtobuf.text(&reader, &intake)
                case 6: span.kind = Kind(rawValue: Int(try OTLPProtobuf.scalar(.int32, &reader))) ?? .unspecified
                case 7: try reader.read(.fixed64, into: &span.start)
                case 8: try reader.read(.fixed64, into: &span.end)
                case 15: try span.readStatus(&reader, &intake)
                case 16: try reader.read(.fixed32, into: &span.flags)
                default: try span.readPart(field, &reader, &intake)
                }
            }
        }
        intake.add(span, hasBadParent: hasBadParent, to: &spans)
    }

    /// What a span may have many of, and how many were left out before.
    private mutating func readPart(
        _ field: Int, _ reader: inout ProtobufReader, _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        switch field {
        case 9:
            let isKept = try OTLPProtobuf.readAttribute(&reader, to: &self.attributes, &intake)
            if !isKept { self.droppedAttributes.increase() }
        case 10: self.droppedAttributes.increase(by: try OTLPProtobuf.scalar(.uint32, &reader))
        case 11:
            let isKept = try self.readEvent(&reader, &intake)
            if !isKept { self.droppedEvents.increase() }
        case 12: self.droppedEvents.increase(by: try OTLPProtobuf.scalar(.uint32, &reader))
        case 13:
            let isKept = try self.readLink(&reader, &intake)
            if !isKept { self.droppedLinks.increase() }
        case 14: self.droppedLinks.increase(by: try OTLPProtobuf.scalar(.uint32, &reader))
        default: try reader.skip()
        }
    }

    /// `Status`
    private mutating func readStatus(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 2: self.statusMessage = try OTLPProtobuf.text(&reader, &intake)
                case 3: self.status = Status(rawValue: Int(try OTLPProtobuf.scalar(.int32, &reader))) ?? .unset
                default: try reader.skip()
                }
            }
        }
    }

    /// `Span.Event`
    ///
    /// - Returns: false where it was left out.
    private mutating func readEvent(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake
    ) throws(ProtobufError) -> Bool {
        guard self.events.count < intake.limits.eventsMax else {
            intake.leaveOut(.event)
            try reader.skip()
            return false
        }
        try reader.charge(MemoryLayout<Event>.stride)
        var event = Event(name: "", time: 0)
        let isEvent = try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.fixed64, into: &event.time)
                case 2: event.name = try OTLPProtobuf.text(&reader, &intake)
                case 3: try OTLPProtobuf.readAttribute(&reader, to: &event.attributes, &intake)
                default: try reader.skip()
                }
            }
        }
        if isEvent { self.events.append(event) }
        return true
    }

    /// `Span.Link`
    ///
    /// - Returns: false where it was left out: there were enough, or it leads nowhere.
    private mutating func readLink(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake
    ) throws(ProtobufError) -> Bool {
        guard self.links.count < intake.limits.linksMax else {
            intake.leaveOut(.link)
            try reader.skip()
            return false
        }
        try reader.charge(MemoryLayout<Link>.stride)
        var link = Link(traceID: .invalid, spanID: .invalid)
        let isLink = try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: link.traceID = try reader.readBytes(OTLPIdentifier.trace) ?? .invalid
                case 2: link.spanID = try reader.readBytes(OTLPIdentifier.span) ?? .invalid
                case 3: link.traceState = try OTLPProtobuf.text(&reader, &intake)
                case 4: try OTLPProtobuf.readAttribute(&reader, to: &link.attributes, &intake)
                default: try reader.skip()
                }
            }
        }
        guard isLink else { return true }
        return self.add(link, &intake)
    }
}
