import Chaos
import Glibc
import HTTPEngine
import NetworkIO
import ServiceKit
import TelemetryTesting

/// A lab of an experiment's own: `vitrine up` in a temporary folder, on ports that are free.
final class OwnLab: Sendable {
    let place: ChaosPlace
    private let folder: TemporaryFolder
    private let pid: pid_t
    /// The lab ends with the thread that started it (prctl(2), PR_SET_PDEATHSIG), so that thread is kept.
    private let starter: BlockingExecutor

    private init(place: ChaosPlace, folder: TemporaryFolder, pid: pid_t, starter: BlockingExecutor) {
        self.place = place
        self.folder = folder
        self.pid = pid
        self.starter = starter
    }

    /// Starts a lab with what is needed, and waits until it is ready.
    /// - Throws: `CannotRun`.
    ///
    /// - Parameter isMonitored: whether Prometheus and Alertmanager run beside it.
    static func start(_ needs: Experiment.Needs, isMonitored: Bool) async throws -> OwnLab {
        let folder = TemporaryFolder()
        let collector = needs.collector ? try StubCollector() : nil
        let portBase = try self.freePortBase()
        var arguments = ["up", "--no-load", "--data", folder.path, "--port-base", String(portBase)]
        if !isMonitored { arguments.append("--no-monitoring") }
        for (service, count) in needs.instances.sorted(by: { $0.key < $1.key }) where count > 1 {
            arguments += ["--instances", "\(service)=\(count)"]
        }
        var environment = ProcessEnvironment.current()
        environment["VITRINE_SUPERVISOR"] = String(getpid())
        if let collector { environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:\(collector.port)" }
        let starter = BlockingExecutor(name: "lab", threads: 1, queueLimit: 8)
        let log = "\(folder.path)/up.log"
        let (command, variables) = (arguments, environment)
        print("Starting a lab on port \(portBase) …")
        let pid = try await starter.run { try ChildProcess.start(command, environment: variables, logPath: log) }
        do {
            try await self.waitUntilReady(pid, folder.path, log)
            var place = try ChaosPlace(labFolder: folder.path)
            place.collector = collector
            return OwnLab(place: place, folder: folder, pid: pid, starter: starter)
        } catch {
            kill(pid, SIGTERM)
            await self.waitForEnd(pid)
            throw error
        }
    }

    /// Stops the lab and removes its folder.
    func stop() async {
        kill(self.pid, SIGTERM)
        await Self.waitForEnd(self.pid)
        self.starter.close()
    }

    /// The panel is printed when all is ready, and by nothing else is that known from outside.
    private static func waitUntilReady(_ pid: pid_t, _ folder: String, _ log: String) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < deadline {
            if let text = try? SmallFile.read(log), text.contains("Vitrine is running") { return }
            if waitpid(pid, nil, WNOHANG) == pid {
                throw CannotRun("the lab does not start: \((try? SmallFile.read(log)) ?? "")")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CannotRun("the lab is not ready after 60 s: \((try? SmallFile.read(log)) ?? "")")
    }

    private static func waitForEnd(_ pid: pid_t) async {
        // The lab itself kills what does not end within 9 s.
        for _ in 0..<400 {
            if waitpid(pid, nil, WNOHANG) != 0 { return }
            // Uninterrupted by cancellation: the lab has to end all the same.
            await Task.detached { try? await Task.sleep(for: .milliseconds(50)) }.value
        }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    private static func freePortBase() throws -> Int {
        for base in stride(from: 18_000, to: 19_000, by: 100) {
            let topology = LabTopology(
                portBase: base, instances: [.product: 3],
                monitoring: MonitoringPrograms(prometheus: "", alertmanager: ""),
                environment: [:])
            if topology.ports(withLoad: true).allSatisfy({ PortCheck.failure(port: $0.port) == nil }) { return base }
        }
        throw CannotRun("no ten ports in a row are free between 18000 and 19000")
    }
}
