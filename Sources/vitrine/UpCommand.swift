import Glibc
import HTTPEngine
import NetworkIO
import ServiceKit

/// `vitrine up`: the whole platform on this machine.
enum UpCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(
            arguments, values: ["data", "port-base", "instances"],
            flags: ["no-seed", "no-load", "no-monitoring", "no-console"])
        try options.requireOperands(atMost: 0)
        let environment = ProcessEnvironment.current()
        let topology = LabTopology(
            folder: options.string("data", default: ".vitrine"),
            portBase: try options.integer("port-base", default: 8000, in: 1...60_000),
            instances: try self.instances(options.string("instances", default: "")),
            monitoring: options.has("no-monitoring") ? nil : MonitoringPrograms.find(environment),
            hasConsole: !options.has("no-console"),
            environment: environment)
        let signals = try TerminationSignals()
        ParentProcess.follow()
        try SmallFile.makeFolder(topology.dataFolder)
        try SmallFile.makeFolder(topology.logFolder)
        let lock = try LabLock(folder: topology.folder)
        defer { withExtendedLifetime(lock) {} }
        try self.checkPorts(topology, withLoad: !options.has("no-load"))
        if !options.has("no-seed") {
            print("Preparing the databases …")
            try await SeedCommand.seed(topology, includingUsers: true)
        }
        try await self.supervise(
            topology, signals, withLoad: !options.has("no-load"), isMonitoringWanted: !options.has("no-monitoring"))
    }

    /// Reads `product=3`.
    ///
    /// Only the product service shares its file among processes: each write is a transaction of its own there, while
    /// the others keep work in progress (sagas, key rotation) that one process alone may carry on.
    static func instances(_ text: String) throws -> [ServiceName: Int] {
        var instances: [ServiceName: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, let name = ServiceName(rawValue: String(pair[0])), let count = Int(pair[1]),
                (1...LabTopology.instancesMax).contains(count)
            else {
                throw UsageError("--instances takes product=N, N from 1 to \(LabTopology.instancesMax); not '\(part)'")
            }
            guard name == .product || count == 1 else {
                throw UsageError("only product can have several instances in the lab, not \(name.rawValue)")
            }
            instances[name] = count
        }
        return instances
    }

    private static func checkPorts(_ topology: LabTopology, withLoad: Bool) throws {
        for (port, user) in topology.ports(withLoad: withLoad) {
            guard let failure = PortCheck.failure(port: port) else { continue }
            let isMonitoring = LabMember.monitoring.contains { "\($0)" == user }
            let remedy =
                isMonitoring
                ? ", or do without with --no-monitoring"
                : user == "\(LabMember.console)" ? ", or do without with --no-console" : ""
            throw CommandFailure(
                "port \(port) (\(user)) cannot be used: \(failure); "
                    + "stop what uses it, or choose others with --port-base\(remedy)")
        }
    }

    private static func supervise(
        _ topology: LabTopology, _ signals: TerminationSignals, withLoad: Bool, isMonitoringWanted: Bool
    ) async throws {
        let supervisor = try Supervisor(topology: topology) { print("  \($0)") }
        self.rotateLogs(topology)
        let control = try LabControl(
            port: topology.controlPort, processes: supervisor, token: try topology.token(),
            telemetry: try ScrapedTelemetry.make(LabTelemetry.processName, topology.environment)
        ) { print($0) }
        supervisor.publish(control: control.url)
        defer { supervisor.unpublish() }
        let readyAfter: Duration
        do {
            readyAfter = try await self.start(topology, supervisor, withLoad: withLoad)
        } catch {
            _ = await supervisor.stopAll(within: .seconds(3))
            throw error
        }
        Panel.show(
            topology, after: readyAfter, withLoad: withLoad, Panel.Monitoring(topology, isWanted: isMonitoringWanted))
        let housekeeping = Task { await self.boundLogs(topology) }
        _ = await signals.next()
        print("\nStopping …")
        let impatient = Task.detached {
            _ = await signals.next()
            supervisor.killAll()
            supervisor.unpublish()
            exit(130)
        }
        let killed = await supervisor.stopAll(within: .seconds(9))
        await control.stop()
        impatient.cancel()
        housekeeping.cancel()
        if killed.isEmpty {
            print("All stopped.")
        } else {
            throw CommandFailure("had to kill \(killed.map(\.description).joined(separator: ", "))")
        }
    }

    /// Starts the shop, then what watches it, then its customers.
    ///
    /// - Returns: how long the shop took.
    private static func start(
        _ topology: LabTopology, _ supervisor: Supervisor, withLoad: Bool
    ) async throws -> Duration {
        let started = ContinuousClock.now
        try await supervisor.startAll()
        try await self.waitUntilReady(topology, supervisor)
        let readyAfter = started.duration(to: .now)
        let failures = await CompanionStart(topology: topology, supervisor: supervisor).run(withLoad: withLoad)
        for line in failures { print(line) }
        if withLoad { try await supervisor.start(.load) }
        return readyAfter
    }

    /// Polls the admin ports: the processes tell readiness over HTTP, to this as to any other prober.
    private static func waitUntilReady(_ topology: LabTopology, _ supervisor: Supervisor) async throws {
        let probe = try HealthProbe()
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        for process in topology.processes {
            let endpoint = HTTPEndpoint(host: "127.0.0.1", port: topology.adminPort(of: process))
            var isReady = false
            while !isReady {
                if let answer = try? await probe.get(endpoint, "/health/ready", timeout: .seconds(1)) {
                    // A refused connection is expected while the process starts; anything else shows in the answer.
                    isReady = answer.status == 200
                }
                if isReady { break }
                if let member = supervisor.givenUp { throw self.failure(of: member, topology) }
                guard ContinuousClock.now < deadline else {
                    let path = topology.logPath(of: .service(process))
                    throw CommandFailure(
                        "\(process) is not ready after 30 s; its log is \(path), its last line:\n\(LogTail.lines(path).last ?? "")"
                    )
                }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        supervisor.allAreReady()
    }

    /// What a process that would not start had to say, as its own complaint.
    private static func failure(of member: LabMember, _ topology: LabTopology) -> CommandFailure {
        let path = topology.logPath(of: member)
        let prefix = "vitrine serve: "
        let complaints = LogTail.lines(path).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return CommandFailure(
            complaints.isEmpty ? "\(member) does not start; see \(path)" : complaints.joined(separator: "\n"))
    }

    // MARK: Logs

    private static let logBytesMax = 256 << 20

    /// The last run's logs are kept as `.1`.
    private static func rotateLogs(_ topology: LabTopology) {
        for member in topology.members {
            let path = topology.logPath(of: member)
            rename(path, path + ".1")
        }
    }

    /// Keeps a log from filling the disk: the processes append, so one that is cut short simply begins anew.
    private static func boundLogs(_ topology: LabTopology) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(10)) } catch { return }
            for member in topology.members {
                let path = topology.logPath(of: member)
                var facts = stat()
                if stat(path, &facts) == 0, facts.st_size > self.logBytesMax { truncate(path, 0) }
            }
        }
    }
}

/// Whether a port can be listened on.
enum PortCheck {
    /// Nil when it can, otherwise the system's reason.
    static func failure(port: Int) -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errorText(errno) }
        defer { close(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, listen(descriptor, 1) == 0 else { return errorText(errno) }
        return nil
    }
}

/// Keeps two labs out of one folder.
struct LabLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: `CommandFailure` when another process holds it.
    init(folder: String) throws {
        let path = "\(folder)/lock"
        self.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard self.descriptor >= 0 else { throw CommandFailure("cannot open \(path): \(errorText(errno))") }
        guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw CommandFailure(
                "another 'vitrine up' runs in \(folder); stop it first, or choose another folder with --data")
        }
    }

    deinit { close(self.descriptor) }
}
