import Protobuf

extension OTLP {
    /// `LogRecord`
    struct LogRecord: ProtobufMessage {
        static let protoName = "opentelemetry.proto.logs.v1.LogRecord"
        var time: UInt64 = 0
        var observed: UInt64 = 0
        var severity: Int32 = 0
        var severityText = ""
        var body = Value()
        var attributes: [Pair] = []
        var traceID: [UInt8] = []
        var spanID: [UInt8] = []
        var eventName = ""

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.fixed64, into: &self.time)
                case 2: try reader.read(.int32, into: &self.severity)
                case 3: try reader.read(.string, into: &self.severityText)
                case 5: try reader.read(.message(Value.self), into: &self.body)
                case 6: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                case 9: try reader.read(.bytes, into: &self.traceID)
                case 10: try reader.read(.bytes, into: &self.spanID)
                case 11: try reader.read(.fixed64, into: &self.observed)
                case 12: try reader.read(.string, into: &self.eventName)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.fixed64, self.time, field: 1)
            writer.write(.int32, self.severity, field: 2)
            writer.write(.string, self.severityText, field: 3)
            writer.write(.message(Value.self), always: self.body, field: 5)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 6)
            writer.write(.bytes, self.traceID, field: 9)
            writer.write(.bytes, self.spanID, field: 10)
            writer.write(.fixed64, self.observed, field: 11)
            writer.write(.string, self.eventName, field: 12)
        }
    }
}
