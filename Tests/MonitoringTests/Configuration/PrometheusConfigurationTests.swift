import JSON
import Monitoring
import ShellTesting
import Testing

@Suite("Prometheus reads its configuration for every place")
struct PrometheusConfigurationTests {
    static let all = [ConfigurationFiles.labExample, PrometheusConfiguration.compose, .kubernetes]

    private static func check(_ text: String) -> Shell.Outcome {
        Shell.run("cat > $WORK/prometheus.yml; promtool check config $WORK/prometheus.yml", input: Array(text.utf8))
    }

    /// Debian builds Prometheus without its discovery of Kubernetes: that part is left out here, and looked at below.
    @Test("promtool accepts each", arguments: all)
    func accepted(_ configuration: PrometheusConfiguration) {
        let outcome = Shell.run(
            """
            python3 -c 'import sys, yaml
            file = yaml.safe_load(sys.stdin)
            for job in file["scrape_configs"]: job.pop("kubernetes_sd_configs", None)
            yaml.safe_dump(file, sys.stdout)' > $WORK/prometheus.yml
            promtool check config $WORK/prometheus.yml
            """, input: Array(configuration.text.utf8))
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    }

    @Test("In Kubernetes, targets are the platform's pods of the own namespace")
    func pods() throws {
        let found = try Self.jobs(.kubernetes).filter { $0.document["kubernetes_sd_configs"] != nil }
        #expect(found.map(\.name) == ["vitrine", "load", "console"])
        for job in found {
            let discovery = try #require(job.document["kubernetes_sd_configs"]?.array?.first)
            #expect(discovery["role"]?.string == "pod")
            #expect(discovery["namespaces"]?["own_namespace"]?.bool == true)
            let selector = try #require(discovery["selectors"]?.array?.first)
            #expect(selector["role"]?.string == "pod")
            #expect(selector["label"]?.string == "app.kubernetes.io/part-of=vitrine")
        }
    }

    @Test("promtool refuses what it does not know")
    func refused() {
        #expect(Self.check(PrometheusConfiguration.compose.text + "scrape: []\n").status != 0)
    }

    @Test("The lab is scraped and evaluated every two seconds, a deployment every fifteen")
    func intervals() throws {
        for configuration in Self.all {
            let global = try ParsedYAML.read(configuration.text)["global"]
            let expected = configuration.place == .lab ? "2s" : "15s"
            #expect(global?["scrape_interval"]?.string == expected)
            #expect(global?["evaluation_interval"]?.string == expected)
            #expect(global?["external_labels"]?["deployment"]?.string == configuration.place.rawValue)
        }
    }

    @Test("Compose and Kubernetes have the same jobs")
    func jobs() throws {
        let compose = try Self.jobs(.compose)
        let kubernetes = try Self.jobs(.kubernetes)
        #expect(Set(compose.map(\.name)) == Set(kubernetes.map(\.name)))
        #expect(Set(compose.map(\.name)).count == compose.count)
        for job in compose {
            #expect(job.honorsLabels == ["vitrine", "load", "console"].contains(job.name), "\(job.name)")
        }
    }

    @Test("Every job is bounded, in samples, bytes and labels")
    func bounds() throws {
        for configuration in Self.all {
            for job in try Self.jobs(configuration) {
                for limit in [
                    "sample_limit", "body_size_limit", "label_limit", "label_name_length_limit",
                    "label_value_length_limit",
                ] { #expect(job.document[limit] != nil, "\(job.name) has no \(limit)") }
            }
        }
    }

    @Test("Every series bears its service and instance, wherever it comes from")
    func labels() throws {
        for configuration in Self.all {
            for job in try Self.jobs(configuration) {
                let fixed = job.document["static_configs"]?.array ?? []
                for target in fixed { #expect(target["labels"]?["service"]?.string?.isEmpty == false, "\(job.name)") }
                guard fixed.isEmpty else { continue }
                let relabelled = (job.document["relabel_configs"]?.array ?? []).compactMap {
                    $0["target_label"]?.string
                }
                #expect(relabelled == ["service", "instance", "namespace", "node"], "\(job.name)")
            }
        }
    }

    @Test("The five services are scraped at their admin ports")
    func services() throws {
        let vitrine = try #require(try Self.jobs(.compose).first { $0.name == "vitrine" })
        let targets = (vitrine.document["static_configs"]?.array ?? []).flatMap { $0["targets"]?.strings ?? [] }
        #expect(targets == ["gateway:9000", "user:9001", "product:9002", "cart:9003", "order:9004"])
        let pods = try #require(try Self.jobs(.kubernetes).first { $0.name == "vitrine" })
        let kept = (pods.document["relabel_configs"]?.array ?? []).compactMap { $0["regex"]?.string }
        #expect(kept == ["gateway|user|product|cart|order", "admin", "Running"])
    }

    @Test("The lab's targets are those it is given, with Prometheus and Alertmanager where they listen")
    func lab() throws {
        let configuration = PrometheusConfiguration.lab(
            targets: [ScrapeTarget(job: .vitrine, service: "cart", address: "127.0.0.1:21003")],
            prometheus: "127.0.0.1:21090", alertmanager: "127.0.0.1:21093", rules: ["a.yml", "b.yml"])
        let jobs = try Self.jobs(configuration)
        #expect(jobs.map(\.name) == ["vitrine", "prometheus", "alertmanager"])
        #expect(
            jobs.flatMap { $0.document["static_configs"]?.array ?? [] }.flatMap { $0["targets"]?.strings ?? [] }
                == ["127.0.0.1:21003", "127.0.0.1:21090", "127.0.0.1:21093"])
        let parsed = try ParsedYAML.read(configuration.text)
        #expect(parsed["rule_files"]?.strings == ["a.yml", "b.yml"])
        #expect(parsed["alerting"]?.allStrings.contains("127.0.0.1:21093") == true)
    }

    private struct Job {
        let name: String
        let document: JSONValue
        var honorsLabels: Bool { self.document["honor_labels"]?.bool == true }
    }

    private static func jobs(_ configuration: PrometheusConfiguration) throws -> [Job] {
        let jobs = try ParsedYAML.read(configuration.text)["scrape_configs"]?.array ?? []
        return jobs.map { Job(name: $0["job_name"]?.string ?? "", document: $0) }
    }
}
