import Protobuf

extension OTLP {
    /// `Span`
    struct Span: ProtobufMessage {
        static let protoName = "opentelemetry.proto.trace.v1.Span"
        var traceID: [UInt8] = []
        var spanID: [UInt8] = []
        var traceState = ""
        var parentID: [UInt8] = []
        var name = ""
        var kind: Int32 = 0
        var start: UInt64 = 0
        var end: UInt64 = 0
        var attributes: [Pair] = []
        var droppedAttributes: UInt32 = 0
        var events: [Event] = []
        var droppedEvents: UInt32 = 0
        var links: [Link] = []
        var droppedLinks: UInt32 = 0
        var status = Status()
        var flags: UInt32 = 0

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.bytes, into: &self.traceID)
                case 2: try reader.read(.bytes, into: &self.spanID)
                case 3: try reader.read(.string, into: &self.traceState)
                case 4: try reader.read(.bytes, into: &self.parentID)
                case 5: try reader.read(.string, into: &self.name)
                case 6: try reader.read(.int32, into: &self.kind)
                case 7: try reader.read(.fixed64, into: &self.start)
                case 8: try reader.read(.fixed64, into: &self.end)
                case 9: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                case 10: try reader.read(.uint32, into: &self.droppedAttributes)
                case 11: try reader.read(.message(Event.self), appendingTo: &self.events)
                case 12: try reader.read(.uint32, into: &self.droppedEvents)
                case 13: try reader.read(.message(Link.self), appendingTo: &self.links)
                case 14: try reader.read(.uint32, into: &self.droppedLinks)
                case 15: try reader.read(.message(Status.self), into: &self.status)
                case 16: try reader.read(.fixed32, into: &self.flags)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.bytes, self.traceID, field: 1)
            writer.write(.bytes, self.spanID, field: 2)
            writer.write(.string, self.traceState, field: 3)
            writer.write(.bytes, self.parentID, field: 4)
            writer.write(.string, self.name, field: 5)
            writer.write(.int32, self.kind, field: 6)
            writer.write(.fixed64, self.start, field: 7)
            writer.write(.fixed64, self.end, field: 8)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 9)
            writer.write(.uint32, self.droppedAttributes, field: 10)
            writer.write(.message(Event.self), repeated: self.events, field: 11)
            writer.write(.uint32, self.droppedEvents, field: 12)
            writer.write(.message(Link.self), repeated: self.links, field: 13)
            writer.write(.uint32, self.droppedLinks, field: 14)
            writer.write(.message(Status.self), always: self.status, field: 15)
            writer.write(.fixed32, self.flags, field: 16)
        }
    }

    /// `Span.Event`
    struct Event: ProtobufMessage {
        static let protoName = "opentelemetry.proto.trace.v1.Span.Event"
        var time: UInt64 = 0
        var name = ""
        var attributes: [Pair] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.fixed64, into: &self.time)
                case 2: try reader.read(.string, into: &self.name)
                case 3: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.fixed64, self.time, field: 1)
            writer.write(.string, self.name, field: 2)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 3)
        }
    }

    /// `Span.Link`
    struct Link: ProtobufMessage {
        static let protoName = "opentelemetry.proto.trace.v1.Span.Link"
        var traceID: [UInt8] = []
        var spanID: [UInt8] = []
        var traceState = ""
        var attributes: [Pair] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.bytes, into: &self.traceID)
                case 2: try reader.read(.bytes, into: &self.spanID)
                case 3: try reader.read(.string, into: &self.traceState)
                case 4: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.bytes, self.traceID, field: 1)
            writer.write(.bytes, self.spanID, field: 2)
            writer.write(.string, self.traceState, field: 3)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 4)
        }
    }

    /// `Status`
    struct Status: ProtobufMessage {
        static let protoName = "opentelemetry.proto.trace.v1.Status"
        var message = ""
        var code: Int32 = 0

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 2: try reader.read(.string, into: &self.message)
                case 3: try reader.read(.int32, into: &self.code)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.message, field: 2)
            writer.write(.int32, self.code, field: 3)
        }
    }
}
