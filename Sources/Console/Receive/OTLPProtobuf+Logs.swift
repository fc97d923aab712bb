import Protobuf
import Telemetry

extension ReceivedLog {
    /// `LogRecord`
    static func append(
        from reader: inout ProtobufReader, to logs: inout [ReceivedLog], _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        guard intake.hasRoom() else { return try reader.skip() }
        var log = ReceivedLog.blank
        var (time, observed): (UInt64, UInt64) = (0, 0)
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.fixed64, into: &time)
                case 2: log.severity = Int(try OTLPProtobuf.scalar(.int32, &reader))
                case 3: log.severityText = try OTLPProtobuf.text(&reader, &intake)
                case 5: log.body = try OTLPProtobuf.value(&reader, &intake, depth: 0)
                case 6: try OTLPProtobuf.readAttribute(&reader, to: &log.attributes, &intake)
                case 9: log.traceID = try reader.readBytes(OTLPIdentifier.trace)
                case 10: log.spanID = try reader.readBytes(OTLPIdentifier.span)
                case 11: try reader.read(.fixed64, into: &observed)
                case 12: log.eventName = try OTLPProtobuf.text(&reader, &intake)
                default: try reader.skip()
                }
            }
        }
        intake.add(log, time: time, observed: observed, to: &logs)
    }
}
