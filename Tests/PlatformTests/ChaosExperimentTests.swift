import Chaos
import JSON
import Monitoring
import ServiceKit
import Telemetry
import ShellTesting
import Testing

@testable import vitrine

/// The experiments that are shipped, held against what the platform has.
@Suite("The shipped experiments")
struct ChaosExperimentTests {
    private static func experiments() throws -> [Experiment] {
        try Repository.files(below: "chaos/experiments", suffix: ".json").map { path in
            let name = path.split(separator: "/").last.map { String($0.dropLast(".json".count)) }
            return try Experiment(
                parsing: try Repository.bytes(path), fileName: name, checkFault: ChaosChecks.fault,
                checkLoad: ChaosChecks.load)
        }
    }

    @Test("All can be read, with their faults and loads")
    func parse() throws { #expect(try Self.experiments().count >= 16) }

    @Test("Each has a script, and each script an experiment")
    func scripts() throws {
        let names = Set(try Self.experiments().map(\.name))
        let scripts = try Repository.files(below: "chaos", suffix: ".sh")
            .map { String($0.dropFirst("chaos/".count).dropLast(".sh".count)) }
        #expect(Set(scripts).subtracting(["run"]) == names)
        for name in names {
            #expect(try Repository.text("chaos/\(name).sh").contains("run.sh\" \(name) \"$@\""))
        }
    }

    @Test("Each is described in docs/chaos.md")
    func documented() throws {
        let page = try Repository.text("docs/chaos.md")
        for experiment in try Self.experiments() { #expect(page.contains("| `\(experiment.name)` |")) }
    }

    @Test("Together they take less than ten minutes, each less than a minute")
    func duration() throws {
        let experiments = try Self.experiments()
        #expect(experiments.reduce(0) { $0 + $1.secondsMax } < 600)
        for experiment in experiments { #expect(experiment.secondsMax <= 45, "\(experiment.name)") }
    }

    @Test("The metrics they read are emitted by the service they ask")
    func metrics() async throws {
        let inventories = try await TelemetryCommand.inventories()
        for experiment in try Self.experiments() {
            for query in experiment.metrics {
                let inventory = try #require(inventories.first { $0.name == query.service })
                let isKnown = inventory.metrics.contains { metric in
                    [metric.prometheusName, metric.prometheusName + "_count", metric.prometheusName + "_sum"]
                        .contains(query.metric)
                }
                #expect(isKnown, "\(experiment.name): \(query)")
            }
        }
    }

    @Test("The breakers they speak of are those between services")
    func breakers() throws {
        let calls = [
            "gateway → user", "gateway → product", "gateway → cart", "gateway → order", "cart → product",
            "order → product", "order → cart",
        ]
        for experiment in try Self.experiments() {
            for breaker in experiment.breakers { #expect(calls.contains("\(breaker)"), "\(experiment.name)") }
        }
    }

    @Test("The steps they speak of are those of the load and of the probing shopper")
    func steps() throws {
        let known = Set(ProbeShopper.steps + ShopLoad.steps)
        for experiment in try Self.experiments() {
            for assertion in experiment.steady.probes + experiment.expectations {
                #expect(Set(assertion.steps).subtracting(known).isEmpty, "\(experiment.name): \(assertion.steps)")
            }
        }
    }

    @Test("Each says which alerts its fault must raise; all it speaks of are declared")
    func alerts() throws {
        let declared = Set(RuleFiles.all(.lab).flatMap(\.groups).flatMap(\.alerts).map(\.name))
        for experiment in try Self.experiments() {
            let expected = try #require(experiment.alerts, "\(experiment.name)")
            #expect(!expected.must.isEmpty, "\(experiment.name)")
            #expect(expected.names.isSubset(of: declared), "\(experiment.name)")
        }
    }

    @Test("A runbook's experiment speaks of the alert that it is said to bring about")
    func runbooks() throws {
        let experiments = try Self.experiments()
        for (rule, runbook) in RunbookFiles.areas.flatMap(\.entries) {
            guard case .experiment(let name) = runbook.reproduction else { continue }
            let experiment = try #require(experiments.first { $0.name == name })
            #expect(experiment.alerts?.names.contains(rule.name) == true, "\(rule.name): \(name)")
        }
    }

    @Test("A process they do something to is one that they ask for")
    func processes() throws {
        for experiment in try Self.experiments() {
            for scheduled in experiment.actions {
                guard case .process(_, let process, _) = scheduled.action else { continue }
                let parts = process.split(separator: "-")
                let number = parts.count > 1 ? Int(parts[1]) ?? 99 : 1
                let present = experiment.needs.instances[String(parts[0])] ?? 1
                #expect(ServiceName(rawValue: String(parts[0])) != nil && number <= present, "\(experiment.name)")
            }
        }
    }
}
