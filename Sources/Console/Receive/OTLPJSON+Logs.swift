import JSON
import Telemetry

extension ReceivedLog {
    /// `LogRecord`
    static func append(
        from json: JSONValue, to logs: inout [ReceivedLog], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        guard intake.hasRoom() else { return }
        var log = ReceivedLog.blank
        var (time, observed): (UInt64, UInt64) = (0, 0)
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "timeUnixNano": time = try OTLPJSON.unsigned(value)
            case "observedTimeUnixNano": observed = try OTLPJSON.unsigned(value)
            case "severityNumber": log.severity = try OTLPJSON.enumNumber(value)
            case "severityText": log.severityText = try OTLPJSON.text(value, &intake)
            case "body": log.body = try OTLPJSON.value(value, &intake, depth: 0)
            case "attributes": log.attributes = try OTLPJSON.attributes(value, &intake).kept
            case "traceId": log.traceID = OTLPIdentifier.trace(try OTLPJSON.text(value))
            case "spanId": log.spanID = OTLPIdentifier.span(try OTLPJSON.text(value))
            case "eventName": log.eventName = try OTLPJSON.text(value, &intake)
            default: break
            }
        }
        intake.add(log, time: time, observed: observed, to: &logs)
    }
}
