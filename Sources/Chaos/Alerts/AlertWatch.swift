public import HTTPEngine
import HTTPCore
import JSON

/// Asks Alertmanager twice a second what fires.
///
/// Alertmanager rather than Prometheus: what has not arrived there has told nobody anything.
///
/// Source: Alertmanager's HTTP API, version 2.
public struct AlertWatch: Sendable {
    let alertmanager: HTTPEndpoint
    let client: AdminClient

    /// Seconds between two looks.
    static let interval = 0.5
    private static let path = "/api/v2/alerts?active=true&silenced=true&inhibited=true&unprocessed=true"

    public init(alertmanager: HTTPEndpoint, client: AdminClient) {
        self.alertmanager = alertmanager
        self.client = client
    }

    /// Looks until it is cancelled.
    func run(clock: RunClock, _ onSight: @escaping @Sendable (Double, [SeenAlert]) -> Void) async {
        var next = clock.now
        while !Task.isCancelled {
            if let alerts = await self.look() { onSight(clock.now, alerts) }
            next = max(next + Self.interval, clock.now)
            do { try await clock.sleep(until: next) } catch { return }
        }
    }

    /// Nil when it does not answer, which says nothing about alerts.
    private func look() async -> [SeenAlert]? {
        guard let answer = try? await self.client.send(.get, self.alertmanager, Self.path, within: .seconds(2)),
            answer.status == 200
        else { return nil }
        return Self.alerts(in: answer.body)
    }

    /// - Returns: Nil when it is not what Alertmanager answers.
    static func alerts(in body: [UInt8]) -> [SeenAlert]? {
        guard let list = try? JSONValue(parsing: body).array else { return nil }
        return list.compactMap { entry in
            guard let object = entry["labels"]?.object else { return nil }
            var labels: [String: String] = [:]
            for member in object.members { labels[member.key] = member.value.string }
            return SeenAlert(labels: labels, isSuppressed: entry["status"]?["state"]?.string == "suppressed")
        }
    }
}
