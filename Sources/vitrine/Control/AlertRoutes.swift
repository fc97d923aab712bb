import CSystem
import HTTPCore
import JSON
import Lab
import Routing

/// `/alerts`: takes what Alertmanager posts, and tells what fires.
///
/// Without a token, for Alertmanager has none: whoever can reach loopback can make an alert up. It is shown and counted,
/// and does nothing else.
struct AlertRoutes {
    let books: LabBooks
    let onAlert: @Sendable (String) -> Void

    func register(on routes: inout RouteTable) {
        routes.add(.post, "/alerts", bodyBytesMax: AlertNotification.bytesMax, isObserved: false) { request, _ in
            try await self.take(request)
            return .noContent
        }
        routes.add(.get, "/alerts", isObserved: false) { _, _ in self.list() }
    }

    private func take(_ request: HTTPRequest) async throws {
        // What a page in a browser can send to loopback unasked cannot bear this type (Fetch, "simple requests").
        guard request.fields[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw Problem.unsupportedMediaType("The content type must be application/json.")
        }
        let notification: AlertNotification
        do {
            notification = try AlertNotification(
                parsing: try await request.collect(upTo: AlertNotification.bytesMax))
        } catch let refusal as AlertNotification.Refusal {
            self.books.refusedAlerts()
            throw Problem.badRequest("This is no notification of Alertmanager: \(refusal.reason).")
        }
        let now = Int(vitrine_realtime_nanoseconds() / 1_000)
        for change in self.books.take(notification, at: now) where !change.alert.isWatchdog {
            self.onAlert(change.line)
        }
    }

    private func list() -> HTTPResponse {
        let alerts = self.books.alerts()
        return .json(fields: [.cacheControl: "no-store"], capacity: 8_192) { json in
            json.beginObject()
            json.key("firing")
            json.beginArray()
            for alert in alerts.firing {
                json.beginObject()
                Self.write(alert, to: &json)
                json.endObject()
            }
            json.endArray()
            json.key("changes")
            json.beginArray()
            for change in alerts.changes {
                json.beginObject()
                json.field("status", change.status.rawValue)
                json.field("at", RFC3339.string(microseconds: change.at))
                Self.write(change.alert, to: &json)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    private static func write(_ alert: Alert, to json: inout JSONWriter) {
        json.field("alertname", alert.name)
        json.field("severity", alert.severity)
        json.field("fingerprint", alert.fingerprint)
        json.field("starts_at", alert.startsAt)
        json.key("labels")
        self.write(alert.labels, to: &json)
        json.key("annotations")
        self.write(alert.annotations, to: &json)
    }

    private static func write(_ pairs: [String: String], to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
            json.key(escaping: name)
            json.value(value)
        }
        json.endObject()
    }
}
