import JSON
import Monitoring
import Telemetry
import Testing

@Suite("The collector's parts fit together")
struct CollectorConfigurationTests {
    static let all = [CollectorConfiguration.vitrine, CollectorConfiguration.withConsole]

    @Test("Nothing is wrong with them", arguments: all)
    func sound(_ configuration: CollectorConfiguration) {
        #expect(CollectorChecks.problems(of: configuration) == [])
    }

    // MARK: The checks find what they are for

    typealias Change = @Sendable (inout CollectorConfiguration) -> Void

    static let broken: [(problem: String, change: Change)] = [
        (
            "batch is not used",
            { for index in $0.pipelines.indices { $0.pipelines[index].processors.removeAll { $0 == "batch" } } }
        ),
        ("otlp is not declared", { $0.components.removeAll { $0.id == "otlp" } }),
        ("health_check is not used", { $0.extensions = [] }),
        ("otlp is declared twice", { $0.components.append($0.components[0]) }),
        ("nothing comes out of forward", { $0.pipelines[1].receivers = ["otlp"] }),
        ("nothing leads into servicegraph", { $0.pipelines[0].exporters.removeAll { $0 == "servicegraph" } }),
        ("forward leads back into its own pipeline", { $0.pipelines[1].exporters.append("forward") }),
        ("logs is not limited first", { $0.pipelines[2].processors.swapAt(0, 1) }),
        ("logs is not redacted", { $0.pipelines[2].processors.remove(at: 1) }),
        ("traces/sampled goes on after batching", { $0.pipelines[1].processors.swapAt(0, 1) }),
        ("traces/sampled is sent unbatched", { $0.pipelines[1].processors = ["tail_sampling"] }),
        ("traces/all counts spans of a sample", { $0.pipelines[0].processors.append("tail_sampling") }),
    ]

    @Test("A fault of each kind is found", arguments: broken.indices)
    func found(_ index: Int) {
        var configuration = CollectorConfiguration.vitrine
        #expect(configuration.pipelines.map(\.id) == ["traces/all", "traces/sampled", "logs", "metrics/spans"])
        Self.broken[index].change(&configuration)
        #expect(CollectorChecks.problems(of: configuration).contains(Self.broken[index].problem))
    }

    // MARK: The files

    @Test("What another reader understands is what is declared", arguments: all)
    func parsed(_ configuration: CollectorConfiguration) throws {
        let document = try ParsedYAML.read(configuration.document.document(comment: "A collector."))
        for section in CollectorConfiguration.Section.allCases {
            let declared = configuration.components.filter { $0.section == section }.map(\.id)
            #expect(document[section.rawValue]?.keys ?? [] == declared)
        }
        for pipeline in configuration.pipelines {
            let parsed = document["service"]?["pipelines"]?[pipeline.id]
            #expect(parsed?["receivers"]?.strings == pipeline.receivers)
            #expect(parsed?["processors"]?.strings == pipeline.processors)
            #expect(parsed?["exporters"]?.strings == pipeline.exporters)
        }
    }

    @Test("Laid over the other, the console's file makes the whole")
    func overlay() throws {
        let base = CollectorConfiguration.vitrine
        let whole = CollectorConfiguration.withConsole
        let text = whole.overlay(on: base).document(comment: "")
        let merged = Self.merge(
            try ParsedYAML.read(base.document.document(comment: "")), try ParsedYAML.read(text))
        #expect(merged == Self.sorted(try ParsedYAML.read(whole.document.document(comment: ""))))
    }

    /// As the collector does it: maps by key, everything else replaced.
    private static func merge(_ base: JSONValue, _ over: JSONValue) -> JSONValue {
        guard let left = base.object, let right = over.object else { return over }
        var members: [String: JSONValue] = [:]
        for member in left.members { members[member.key] = member.value }
        for member in right.members {
            members[member.key] = members[member.key].map { self.merge($0, member.value) } ?? member.value
        }
        return self.sorted(self.object(members))
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        var members: [String: JSONValue] = [:]
        for member in object.members { members[member.key] = self.sorted(member.value) }
        return self.object(members)
    }

    private static func object(_ members: [String: JSONValue]) -> JSONValue {
        var object = JSONObject()
        for key in members.keys.sorted() { object.append(key, members[key] ?? .null) }
        return .object(object)
    }

    // MARK: Bounds

    @Test("No two parts listen at one port")
    func ports() throws {
        let document = try ParsedYAML.read(CollectorConfiguration.withConsole.document.document(comment: ""))
        var ports = document.allStrings.filter { $0.hasPrefix("0.0.0.0:") }
        let own = document["service"]?["telemetry"]?["metrics"]?["readers"]?.array?.first?["pull"]?["exporter"]
        ports.append("0.0.0.0:\(own?["prometheus"]?["port"]?.int ?? 0)")
        #expect(
            Set(ports) == ["0.0.0.0:4317", "0.0.0.0:4318", "0.0.0.0:8889", "0.0.0.0:8888", "0.0.0.0:13133"])
        #expect(CollectorChecks.repeated(ports) == [])
    }

    @Test("It sends to hosts of the deployment alone, each of which the environment may name otherwise")
    func hosts() throws {
        let document = try ParsedYAML.read(CollectorConfiguration.withConsole.document.document(comment: ""))
        let exporters = try #require(document["exporters"])
        let endpoints = exporters.keys.compactMap { exporters[$0]?["endpoint"]?.string }
            .filter { !$0.hasPrefix("0.0.0.0:") }
        #expect(
            endpoints == [
                "${env:JAEGER_ENDPOINT:-jaeger:4317}", "${env:LOKI_ENDPOINT:-http://loki:3100/otlp}",
                "${env:CONSOLE_ENDPOINT:-http://console:4318}",
            ])
        #expect(
            endpoints.allSatisfy { endpoint in DeploymentHost.allCases.contains { endpoint.contains($0.rawValue) } })
    }

    @Test("What cannot be sent is kept within bounds, and given up in the end")
    func queues() throws {
        let document = try ParsedYAML.read(CollectorConfiguration.withConsole.document.document(comment: ""))
        let exporters = try #require(document["exporters"])
        for id in exporters.keys where id.hasPrefix("otlp") {
            let exporter = exporters[id]
            #expect((exporter?["sending_queue"]?["queue_size"]?.int ?? 0) > 0, "\(id)")
            #expect(exporter?["retry_on_failure"]?["max_elapsed_time"]?.string == "2m", "\(id)")
            #expect(exporter?["timeout"]?.string == "5s", "\(id)")
        }
        let sampling = document["processors"]?["tail_sampling"]
        #expect((sampling?["num_traces"]?.int ?? 0) > 0)
        #expect(document["receivers"]?["otlp"]?["protocols"]?["http"]?["cors"] == nil)
    }

    @Test("Slow is what lies beyond a bound of the histograms, so that exemplars there lead somewhere")
    func slow() throws {
        let document = try ParsedYAML.read(CollectorConfiguration.vitrine.document.document(comment: ""))
        let policies = try #require(document["processors"]?["tail_sampling"]?["policies"]?.array)
        #expect(policies.compactMap { $0["name"]?.string } == ["errors", "slow", "chaos", "share-of-the-rest"])
        let threshold = try #require(policies[1]["latency"]?["threshold_ms"]?.double)
        #expect(Buckets.requestSeconds.contains(threshold / 1_000))
        #expect(policies[2]["ottl_condition"]?["spanevent"]?.strings == [#"name == "chaos.fault.injected""#])
        let buckets = document["connectors"]?["span_metrics"]?["histogram"]?["explicit"]?["buckets"]?.strings
        #expect(buckets?.count == Buckets.requestSeconds.count)
        #expect(buckets?.first == "5ms")
        #expect(buckets?.last == "10s")
    }
}
