import Chaos
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import Lab
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@testable import vitrine

/// The real Prometheus and Alertmanager beside a real lab.
@Suite("The monitored lab", .timeLimit(.minutes(5)), .serialized)
struct LabMonitoringTests {
    private static func health(_ prometheus: LabClient) async throws -> [String: String] {
        let answer = try await prometheus.text("/api/v1/targets?state=active")
        let targets = try JSONValue(parsing: answer)["data"]?["activeTargets"]?.array ?? []
        return Dictionary(
            targets.map { ($0["labels"]?["service"]?.string ?? "", $0["health"]?.string ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("All are scraped, an alert posted to Alertmanager is told and printed, and all stop in order")
    func alert() async throws {
        let lab = try LabProcess(options: ["--no-load"], isMonitored: true)
        #expect(await lab.output(contains: "Ctrl-C stops everything"), "\(lab.everything())")
        let (file, driver, client) = try lab.lab()
        #expect(file.control.port == lab.portBase + 1007)
        let prometheus = HTTPEndpoint(host: "127.0.0.1", port: lab.portBase + 1090)
        let alertmanager = HTTPEndpoint(host: "127.0.0.1", port: lab.portBase + 1093)
        #expect(
            lab.everything().contains("Prometheus http://\(prometheus)        its alerts at http://\(alertmanager)"))

        let listed = try JSONValue(parsing: try await client.send(.get, file.control, "/processes").body)
        let ports = (listed["processes"]?.array ?? []).compactMap { entry in
            entry["process"]?.string.flatMap { name in entry["port"]?.int.map { (name, $0) } }
        }
        #expect(ports.contains { $0 == ("prometheus", prometheus.port) })
        #expect(ports.contains { $0 == ("alertmanager", alertmanager.port) })

        let services = ["gateway", "user", "product", "cart", "order", "lab", "console", "prometheus", "alertmanager"]
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        let asked = try LabClient(port: prometheus.port)
        var health = try await Self.health(asked)
        while services.contains(where: { health[$0] != "up" }), .now < deadline {
            // Scraped every two seconds, and nothing tells of it.
            Glibc.poll(nil, 0, 50)
            health = try await Self.health(asked)
        }
        #expect(health == Dictionary(uniqueKeysWithValues: services.map { ($0, "up") }))

        let alert =
            #"[{"labels":{"alertname":"MadeUp","severity":"page"},"annotations":{"summary":"nothing\u001b[2J is wrong"}}]"#
        let posted = try await client.send(
            .post, alertmanager, "/api/v2/alerts", json: Array(alert.utf8), within: .seconds(10))
        #expect(posted.status == 200)
        #expect(await lab.output(contains: "ALERT firing   MadeUp (page) nothing[2J is wrong\n"))
        let book = try JSONValue(parsing: try await client.send(.get, file.control, "/alerts").body)
        #expect(book["firing"]?.array?.contains { $0["alertname"]?.string == "MadeUp" } == true)

        // They are supervised like the rest.
        let before = try #require(lab.children().first { $0.arguments.hasPrefix("prometheus ") })
        try await driver.perform(.kill, process: "prometheus", seconds: 0)
        #expect(await lab.output(contains: "prometheus (pid \(before.pid)) was ended by signal 9"))
        #expect(
            await ProcessWatch.poll(for: .seconds(30)) {
                lab.children().contains { $0.arguments.hasPrefix("prometheus ") && $0.pid != before.pid }
            })

        let children = lab.children().map(\.pid)
        #expect(children.count == 8)
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0, "\(lab.everything())")
        for child in children { #expect(kill(child, 0) != 0, "process \(child) is left over") }
    }

    @Test("A killed supervisor takes them with it, though they know nothing of it")
    func killedSupervisor() async throws {
        let lab = try LabProcess(options: ["--no-load"], isMonitored: true)
        #expect(await lab.output(contains: "Ctrl-C stops everything"))
        let children = lab.children()
        #expect(children.contains { $0.arguments.hasPrefix("prometheus-alertmanager ") })
        kill(lab.pid, SIGKILL)
        _ = await lab.ended()
        for child in children { #expect(await ProcessWatch.gone(child.pid), "\(child.arguments) is left over") }
    }

    @Test("A Prometheus that will not start is told with the reason, and the shop runs")
    func broken() async throws {
        let folder = TemporaryFolder()
        // What it wants as a folder is a file.
        try SmallFile.makeFolder("\(folder.path)/prometheus")
        try WholeFile.write([0x21], to: "\(folder.path)/prometheus/wal", mode: 0o600)
        let lab = try LabProcess(folder: folder, options: ["--no-load"], isMonitored: true)
        #expect(await lab.output(contains: "Ctrl-C stops everything"))
        #expect(lab.everything().contains("prometheus does not start; the lab goes on without it. Its log is "))
        #expect(lab.everything().contains("level=error"))
        #expect(!lab.everything().contains("starting it again"))
        #expect(try await LabClient(port: lab.portBase).status("/api/v1/products?limit=1") == 200)
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
    }

    @Test("A port of theirs that is taken is one clear line that names the way out")
    func takenPort() async throws {
        let base = FreePorts.base()
        let busy = try AdminListener("busy", version: "test", port: base + 1090, telemetry: .disabled())
        let lab = try LabProcess(portBase: base, isMonitored: true)
        #expect(await lab.ended() == 1)
        #expect(
            lab.everything().contains("port \(base + 1090) (prometheus) cannot be used: Address already in use")
                && lab.everything().contains("or do without with --no-monitoring"), "\(lab.everything())")
        await busy.stop()
    }
}

/// What is started, and with which configuration, by value.
@Suite("The plan of a monitored lab")
struct LabMonitoringPlanTests {
    private let topology = LabTopology(
        folder: ".lab", portBase: 20_000, instances: [.product: 2],
        monitoring: MonitoringPrograms(prometheus: "/bin/prometheus", alertmanager: "/bin/alertmanager"),
        environment: ["PATH": "/bin", "VITRINE_DATA": "x", "OTEL_LOG_LEVEL": "x", "INTERNAL_AUTH_TOKEN": "secret"])

    @Test("Each listens on loopback alone at a port of its own, and gets none of the shop's secrets")
    func arguments() throws {
        let prometheus = self.topology.arguments(for: .prometheus)
        #expect(prometheus.prefix(2) == ["exec", "/bin/prometheus"])
        #expect(prometheus.contains("--web.listen-address=127.0.0.1:21090"))
        #expect(self.topology.arguments(for: .alertmanager).contains("--web.listen-address=127.0.0.1:21093"))
        #expect(self.topology.arguments(for: .alertmanager).contains("--cluster.listen-address="))
        #expect(try self.topology.variables(for: .prometheus) == ["PATH": "/bin"])
        let ports = self.topology.ports(withLoad: true).map(\.port)
        #expect(Set(ports).count == ports.count)
        #expect(Set(ports).isSuperset(of: [21_006, 21_007, 21_090, 21_093]))
    }

    @Test("Every process is a target under its service's name")
    func targets() throws {
        let files = LabMonitoring.files(self.topology, withLoad: true)
        let prometheus = try #require(files.first { $0.path == "prometheus.yml" }?.text)
        for port in [21_000, 21_001, 21_002, 21_012, 21_003, 21_004, 21_006, 21_007, 21_090, 21_093] {
            #expect(prometheus.contains("127.0.0.1:\(port)"), "\(port)")
        }
        #expect(files.first { $0.path == "alertmanager.yml" }?.text.contains("http://127.0.0.1:21007/alerts") == true)
    }

    @Test("A program that gives up before it was of use is left alone until somebody releases it; later it is not")
    func givingUp() throws {
        var table = ProcessTable()
        let start = ContinuousClock.now
        table.started(.prometheus, pid: 7, now: start)
        table.allAreReady()
        let (actions, line) = table.ended(7, .status(1), now: start)
        #expect(actions.isEmpty)
        #expect(line == nil)
        #expect(table.entries.first?.phase == .held)
        #expect(table.givenUp == nil)
        #expect(try table.ask(.release, of: .prometheus, for: .zero, now: start) == [.start(.prometheus, after: .zero)])
        table.started(.prometheus, pid: 8, now: start)
        table.proven(.prometheus)
        #expect(table.ended(8, .status(1), now: start).actions == [.start(.prometheus, after: .milliseconds(100))])
        #expect(table.entries.first?.starts == 2)
    }

    @Test("They are found on the path, Alertmanager under either of its names, and both or none")
    func programs() throws {
        let folder = TemporaryFolder()
        let path = folder.path
        #expect(MonitoringPrograms.find(["PATH": path]) == nil)
        try WholeFile.write([], to: "\(path)/prometheus", mode: 0o700)
        #expect(MonitoringPrograms.find(["PATH": path]) == nil)
        #expect(MonitoringPrograms.find([:]) == nil)
        try WholeFile.write([], to: "\(path)/alertmanager", mode: 0o700)
        #expect(MonitoringPrograms.find(["PATH": "/nowhere:\(path)"])?.alertmanager == "\(path)/alertmanager")
        try WholeFile.write([], to: "\(path)/prometheus-alertmanager", mode: 0o700)
        #expect(MonitoringPrograms.find(["PATH": path])?.alertmanager == "\(path)/prometheus-alertmanager")
    }
}
