import JSON
import Monitoring
import ShellTesting
import Testing

@Suite("Grafana's data sources lead to one another")
struct GrafanaProvisioningTests {
    private static func dataSources() throws -> [JSONValue] {
        try #require(try ParsedYAML.read(GrafanaProvisioning.dataSources.document(comment: ""))["datasources"]?.array)
    }

    private static func settings(_ source: DataSource) throws -> JSONValue {
        let found = try self.dataSources().first { $0["uid"]?.string == source.rawValue }
        return try #require(found?["jsonData"])
    }

    @Test("The uids are those that dashboards name, one is the default, and none is changed by hand")
    func uids() throws {
        let sources = try Self.dataSources()
        #expect(sources.compactMap { $0["uid"]?.string } == DataSource.allCases.map(\.rawValue))
        #expect(sources.filter { $0["isDefault"]?.bool == true }.compactMap { $0["uid"]?.string } == ["prometheus"])
        #expect(sources.allSatisfy { $0["editable"]?.bool == false })
    }

    @Test("Every reference to a data source is to one of these")
    func references() throws {
        let known = Set(DataSource.allCases.map(\.rawValue))
        var referred: [String] = []
        for source in try Self.dataSources() { referred += Self.uids(in: source) }
        #expect(referred.count == 5)
        #expect(Set(referred).isSubset(of: known))
    }

    private static func uids(in value: JSONValue) -> [String] {
        if let items = value.array { return items.flatMap(self.uids) }
        guard let object = value.object else { return [] }
        return object.members.flatMap { $0.key == "datasourceUid" ? [$0.value.string ?? ""] : self.uids(in: $0.value) }
    }

    @Test("Each stands at a host of the deployment")
    func hosts() throws {
        #expect(
            try Self.dataSources().compactMap { $0["url"]?.string } == [
                "http://prometheus:9090", "http://jaeger:16686", "http://loki:3100", "http://alertmanager:9093",
            ])
    }

    @Test("Exemplars lead to traces, traces to their log lines, log lines to their traces")
    func correlations() throws {
        let exemplars = try Self.settings(.prometheus)["exemplarTraceIdDestinations"]?.array
        #expect(exemplars?.first?["name"]?.string == "trace_id")
        #expect(exemplars?.first?["datasourceUid"]?.string == "jaeger")

        let logs = try Self.settings(.jaeger)["tracesToLogsV2"]
        #expect(logs?["datasourceUid"]?.string == "loki")
        #expect(logs?["query"]?.string == #"{service_name=~".+"} | trace_id="$${__trace.traceId}""#)

        let fields = try Self.settings(.loki)["derivedFields"]?.array ?? []
        #expect(fields.compactMap { $0["matcherType"]?.string } == ["label", "regex"])
        let pattern = try #require(fields.last?["matcherRegex"]?.string)
        let line = #"{"message":"order placed","trace_id":"48bbe877302bf6222382e952d5cbb67f","span_id":"28"}"#
        let match = try Regex(pattern).firstMatch(in: line)
        #expect(match?.output[1].substring == "48bbe877302bf6222382e952d5cbb67f")
    }

    @Test("Every dollar sign is escaped from provisioning, which would expand it")
    func dollars() throws {
        for text in try Self.dataSources().flatMap(\.allStrings) {
            #expect(!text.split(separator: "$$").joined().contains("$"), "\(text)")
        }
    }

    @Test("A span leads to its service's requests, latency and errors")
    func spans() throws {
        let queries = SpanQuery.all.map(\.text)
        #expect(queries.count == 3)
        #expect(
            queries[0] == "sum by (service) (rate(http_server_request_duration_seconds_count{$$__tags}[5m]))")
        #expect(queries[1].contains("histogram_quantile(0.95, "))
        #expect(queries[2].contains(#"{http_response_status_code=~"5..",$$__tags}"#))
        let tags = try Self.settings(.jaeger)["tracesToMetrics"]?["tags"]?.array ?? []
        #expect(tags.compactMap { $0["key"]?.string } == ["service.name", "http.route"])
        #expect(tags.compactMap { $0["value"]?.string } == ["service", "http_route"])
    }

    @Test("With and without a span's attributes they are what Prometheus reads", arguments: SpanQuery.all)
    func parsed(_ query: SpanQuery) {
        for tags in ["", #"service="cart""#, #"service="cart", http_route="/api/v1/cart""#] {
            let text = query.text.split(separator: "$$__tags").joined(separator: tags)
            let rule = "groups: [{name: a, rules: [{record: 'a', expr: '\(text)'}]}]\n"
            let outcome = Shell.run(
                "cat > $WORK/r.yml; promtool check rules $WORK/r.yml", input: Array(rule.utf8))
            #expect(outcome.status == 0, "\(text): \(outcome.text)\(outcome.errors)")
        }
    }

    @Test("Dashboards come from a folder, and nobody changes them there")
    func provider() throws {
        let parsed = try ParsedYAML.read(GrafanaProvisioning.dashboards.document(comment: ""))
        let provider = try #require(parsed["providers"]?.array?.first)
        #expect(provider["options"]?["path"]?.string == "/var/lib/grafana/dashboards")
        #expect(provider["allowUiUpdates"]?.bool == false)
        #expect(provider["disableDeletion"]?.bool == true)
        #expect(GrafanaProvisioning.homeVariable.hasSuffix("=/var/lib/grafana/dashboards/overview.json"))
    }
}
