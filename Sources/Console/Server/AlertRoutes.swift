import HTTPCore
import HTTPEngine
import JSON
import Routing

/// `/console/v1/alerts`: rules and their state, as Prometheus tells them; Alertmanager's word comes and goes with its
/// silences, and the page is about what is so.
struct AlertRoutes: Sendable {
    /// Nil where none is known.
    let prometheus: HTTPUpstream?

    private static let answerBytesMax = 8 << 20

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/console/v1/alerts", isObserved: false) { _, _ in await self.list() }
    }

    /// Alerts that fire now; nothing where Prometheus cannot be asked.
    func firing() async -> [ShownAlert] {
        (await self.rules() ?? []).flatMap { rule in
            (rule["alerts"]?.array ?? []).map { ShownAlert($0, rule: rule) }
        }.filter { $0.state == "firing" && $0.severity != "none" }.sorted { $0.rank < $1.rank }
    }

    private func rules() async -> [JSONValue]? {
        guard let prometheus = self.prometheus else { return nil }
        do {
            let response = try await prometheus.send(
                HTTPRequest(.get, "/api/v1/rules?type=alert"), deadline: .after(.seconds(5)))
            let body = try await response.body.collect(upTo: Self.answerBytesMax)
            let groups = try JSONValue(parsing: body, limits: JSONLimits(documentBytesMax: Self.answerBytesMax))[
                "data"]?["groups"]?.array
            return groups?.flatMap { $0["rules"]?.array ?? [] }
        } catch {
            return nil
        }
    }

    private func list() async -> HTTPResponse {
        let rules = await self.rules()
        let alerts = (rules ?? []).flatMap { rule in
            (rule["alerts"]?.array ?? []).map { ShownAlert($0, rule: rule) }
        }.sorted { $0.rank < $1.rank }
        return .json(fields: [.cacheControl: "no-store"], capacity: 64 << 10) { json in
            json.beginObject()
            json.field("is_reachable", rules != nil)
            json.key("alerts")
            json.beginArray()
            for alert in alerts { alert.write(to: &json) }
            json.endArray()
            json.key("rules")
            json.beginArray()
            for rule in rules ?? [] { Self.write(rule, to: &json) }
            json.endArray()
            json.endObject()
        }
    }

    private static func write(_ rule: JSONValue, to json: inout JSONWriter) {
        json.beginObject()
        json.field("name", rule["name"]?.string ?? "")
        json.field("severity", rule["labels"]?["severity"]?.string ?? "")
        json.field("state", rule["state"]?.string ?? "")
        json.field("expression", rule["query"]?.string ?? "")
        json.field("for_seconds", rule["duration"]?.double ?? 0)
        json.field("runbook_url", rule["annotations"]?["runbook_url"]?.string ?? "")
        json.field("health", rule["health"]?.string ?? "")
        json.field("last_error", rule["lastError"]?.string ?? "")
        json.endObject()
    }
}

/// An alert as the page shows it.
struct ShownAlert: Sendable {
    let name: String
    /// `firing` or `pending`.
    let state: String
    let severity: String
    let labels: [(key: String, value: String)]
    let summary: String
    let text: String
    let runbook: String
    let dashboard: String
    let activeSince: String
    let value: String

    /// - Parameters:
    ///   - alert: one of a rule's `alerts`.
    ///   - rule: where its name and severity are.
    init(_ alert: JSONValue, rule: JSONValue) {
        self.name = rule["name"]?.string ?? ""
        self.state = alert["state"]?.string ?? ""
        self.severity = alert["labels"]?["severity"]?.string ?? ""
        self.labels = (alert["labels"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
        let notes = alert["annotations"]
        self.summary = notes?["summary"]?.string ?? ""
        self.text = notes?["description"]?.string ?? ""
        self.runbook = notes?["runbook_url"]?.string ?? ""
        // A link of Grafana: …/d/<uid>.
        self.dashboard = notes?["dashboard_url"]?.string?.split(separator: "/").last.map(String.init) ?? ""
        self.activeSince = alert["activeAt"]?.string ?? ""
        self.value = alert["value"]?.string ?? ""
    }

    var service: String { self.labels.first { $0.key == "service" }?.value ?? "" }

    /// Those that fire and are grave come first.
    var rank: String {
        let severities = ["page", "ticket", "info"]
        let grade = severities.firstIndex(of: self.severity) ?? severities.count
        return "\(self.state == "firing" ? 0 : 1)\(grade)\(self.name)\(self.service)"
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("name", self.name)
        json.field("state", self.state)
        json.field("severity", self.severity)
        json.field("service", self.service)
        json.field("summary", self.summary)
        json.field("description", self.text)
        json.field("runbook_url", self.runbook)
        json.field("dashboard_uid", self.dashboard)
        json.field("active_since", self.activeSince)
        json.key("active_since_ms")
        if let since = RFC3339.parse(self.activeSince) { json.value(since / 1_000) } else { json.null() }
        json.field("value", self.value)
        json.key("labels")
        json.beginObject()
        for label in self.labels {
            json.key(escaping: label.key)
            json.value(label.value)
        }
        json.endObject()
        json.endObject()
    }
}
