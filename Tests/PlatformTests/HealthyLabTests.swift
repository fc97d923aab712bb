import Glibc
import HTTPCore
import JSON
import Monitoring
import Testing

/// What somebody sees who starts the lab and waits: the real Prometheus, asked what every panel asks it.
@Suite("A healthy lab under its gentle load", .timeLimit(.minutes(4)))
struct HealthyLabTests {
    /// How long the lab may take until the last panel has something to show: the rarest of the made-up customers' steps
    /// comes every half minute or so.
    private static let patience: Duration = .seconds(120)

    @Test("Every panel has data or a reason, no rule fails, and nothing but the watchdog fires")
    func panels() async throws {
        let lab = try LabProcess(options: [], isMonitored: true)
        #expect(await lab.output(contains: "Ctrl-C stops everything"), "\(lab.everything())")
        let prometheus = PrometheusReader(try LabClient(port: lab.portBase + 1090))

        let needed = DashboardCatalogue.panelQueries.filter { $0.dataNeeds.reason == nil }
        #expect(needed.count > 200)
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        var empty = needed
        while !empty.isEmpty, .now < deadline {
            // Nothing tells of a scrape.
            Glibc.poll(nil, 0, 500)
            empty = try await prometheus.empty(of: empty)
        }
        #expect(empty.map { "\($0.dashboard) / \($0.panel) \($0.reference): \($0.expression)" } == [])

        for query in DashboardCatalogue.panelQueries where query.dataNeeds.reason != nil {
            let text = "\(query.expression.substituting())"
            #expect(try await prometheus.ask(text)["status"]?.string == "success", "\(query.panel): \(text)")
        }
        #expect(try await prometheus.ailingRules() == [])
        let fired = try await prometheus.names(#"max_over_time(ALERTS{alertstate="firing"}[10m])"#)
        #expect(fired == [AlertmanagerConfiguration.watchdog])
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0, "\(lab.everything())")
    }
}

/// Asks Prometheus over its HTTP API.
private struct PrometheusReader {
    private let client: LabClient

    init(_ client: LabClient) { self.client = client }

    func ask(_ query: String) async throws -> JSONValue {
        let encoded = query.utf8.map { byte -> String in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
        return try JSONValue(parsing: try await self.client.text("/api/v1/query?query=\(encoded)"))
    }

    /// Those that have no number to show.
    func empty(of queries: [PanelQuery]) async throws -> [PanelQuery] {
        var empty: [PanelQuery] = []
        for query in queries where try await !self.hasData("\(query.expression.substituting())") { empty.append(query) }
        return empty
    }

    private func hasData(_ query: String) async throws -> Bool {
        let answer = try await self.ask(query)
        #expect(answer["status"]?.string == "success", "\(query): \(answer["error"]?.string ?? "")")
        guard answer["data"]?["resultType"]?.string == "vector" else { return answer["data"] != nil }
        let values = (answer["data"]?["result"]?.array ?? []).map { $0["value"]?.array?.last?.string }
        return values.contains { $0 != nil && $0 != "NaN" }
    }

    /// The alerts that a query finds, once each.
    func names(_ query: String) async throws -> [String] {
        let found = try await self.ask(query)["data"]?["result"]?.array ?? []
        return Set(found.compactMap { $0["metric"]?["alertname"]?.string }).sorted()
    }

    /// Rules that could not be evaluated, with the reason.
    func ailingRules() async throws -> [String] {
        let answer = try JSONValue(parsing: try await self.client.text("/api/v1/rules"))
        let rules = (answer["data"]?["groups"]?.array ?? []).flatMap { $0["rules"]?.array ?? [] }
        #expect(rules.count > 300)
        return rules.filter { $0["health"]?.string != "ok" }
            .map { "\($0["name"]?.string ?? ""): \($0["lastError"]?.string ?? "")" }
    }
}
