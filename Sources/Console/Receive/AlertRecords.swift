import JSON

/// Alertmanager's notifications as log records, so that they stand among what happened.
///
/// Source: Alertmanager documentation, "webhook_config", version 4.
enum AlertRecords {
    static let alertsMax = 1_000

    /// - Parameter now: nanoseconds since 1970.
    /// - Throws: `OTLPFailure` for what is none.
    static func read(_ body: [UInt8], now: UInt64) throws(OTLPFailure) -> [ReceivedLog] {
        let json: JSONValue
        do { json = try JSONValue(parsing: body, limits: JSONLimits(documentBytesMax: 4 << 20)) } catch {
            throw .malformed("no notification of Alertmanager: \(error.reason) at byte \(error.offset)")
        }
        guard let alerts = json["alerts"]?.array else {
            throw .malformed("no notification of Alertmanager: it has no list of alerts")
        }
        return alerts.prefix(self.alertsMax).map { self.record($0, now) }
    }

    private static func record(_ alert: JSONValue, _ now: UInt64) -> ReceivedLog {
        let labels = alert["labels"]?.object?.members ?? []
        let isOver = alert["status"]?.string == "resolved"
        let name = alert["labels"]?["alertname"]?.string ?? "an alert"
        let summary = alert["annotations"]?["summary"]?.string ?? name
        // Of OpenTelemetry's severities: error for what wakes somebody, warning for a ticket.
        let severity =
            switch alert["labels"]?["severity"]?.string {
            case _ where isOver: 9
            case "page": 17
            case "ticket": 13
            default: 9
            }
        let attributes = labels.compactMap { label in
            label.value.string.map { ReceivedAttribute(Self.prefix + label.key, .string($0)) }
        }
        return ReceivedLog(
            time: now, severity: severity, body: .string(isOver ? "over: \(summary)" : summary),
            eventName: isOver ? "alert.resolved" : "alert.firing", attributes: attributes,
            resource: ReceivedResource(attributes: [ReceivedAttribute(Self.serviceKey, .string("alertmanager"))]))
    }

    private static let prefix = "alert."
    private static let serviceKey = "service.name"
}
