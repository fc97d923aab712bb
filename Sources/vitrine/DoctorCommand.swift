import Glibc
import HTTPEngine
import NetworkIO
import ServiceKit
import Telemetry

/// `vitrine doctor`: looks for what usually goes wrong, and says how to mend it.
enum DoctorCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, values: ["port-base", "env-file", "role"], flags: ["lab"])
        try options.requireOperands(atMost: 0)
        if let path = options.value("env-file") { return try await self.checkFile(path, options.value("role")) }
        if options.value("role") != nil { throw UsageError("--role needs --env-file") }
        let environment = ProcessEnvironment.current()
        let topology = LabTopology(
            portBase: try options.integer("port-base", default: 8000, in: 1...60_000),
            monitoring: MonitoringPrograms.find(environment), environment: environment)
        var report = Report()
        self.checkLimits(&report)
        self.checkPorts(topology, &report)
        report.add(
            "Prometheus and Alertmanager", topology.monitoring == nil ? "not installed: a lab goes unmonitored" : nil,
            remedy: "install them with: \(MonitoringPrograms.remedy)")
        self.checkFolder(
            options.has("lab") ? topology.dataFolder : environment["VITRINE_DATA"] ?? ".vitrine/data", &report)
        for name in ServiceName.allCases {
            let variables = options.has("lab") ? try topology.variables(for: name) : environment
            self.checkSettings(name, variables, &report)
        }
        try await self.checkReachability(environment, &report)
        if report.failures > 0 { throw CommandFailure("\(report.failures) of \(report.count) checks failed") }
    }

    /// Only the settings of a file, for one role or for all: the rest of the machine plays no part.
    private static func checkFile(_ path: String, _ role: String?) async throws {
        let variables = try EnvironmentFile.read(path)
        let roles: [Role]
        if let role {
            guard let known = Role(role) else {
                throw UsageError("'\(role)' is none of \(Role.all.map(\.name).joined(separator: ", "))")
            }
            roles = [known]
        } else {
            roles = Role.all
        }
        var report = Report()
        var unread = variables.keys.filter(SettingsCheck.isOurs)
        for role in roles {
            let found = try await SettingsCheck.run(role, variables)
            unread.removeAll { found.namesRead.contains($0) }
            report.add(
                "settings of \(role.name)",
                found.mistakes.isEmpty ? nil : found.mistakes.joined(separator: "; "), remedy: "see .env.example")
        }
        for name in unread.sorted() {
            report.add(name, "nobody reads it\(role.map { " in \($0)" } ?? "")", remedy: "see .env.example")
        }
        if report.failures > 0 { throw CommandFailure("\(report.failures) of \(report.count) checks failed") }
    }

    /// The lines printed so far.
    struct Report {
        private(set) var count = 0
        private(set) var failures = 0

        mutating func add(_ subject: String, _ failure: String?, remedy: String = "") {
            self.count += 1
            guard let failure else {
                print("ok    \(subject)")
                return
            }
            self.failures += 1
            print("FAIL  \(subject): \(failure)\(remedy.isEmpty ? "" : "\n      \(remedy)")")
        }
    }

    private static func checkLimits(_ report: inout Report) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let isEnough = limit.rlim_cur >= 1_024
        report.add(
            "open files: \(limit.rlim_cur)", isEnough ? nil : "fewer than 1,024",
            remedy: "raise the limit: ulimit -n 65536")
    }

    private static func checkPorts(_ topology: LabTopology, _ report: inout Report) {
        for (port, user) in topology.ports(withLoad: true) {
            report.add(
                "port \(port) (\(user))", PortCheck.failure(port: port),
                remedy: "find its owner with: ss -ltnp 'sport = :\(port)'; or choose others with --port-base")
        }
    }

    private static func checkFolder(_ folder: String, _ report: inout Report) {
        var failure: String?
        do { try SmallFile.makeFolder(folder) } catch { failure = "\(error)" }
        report.add("folder \(folder)", failure, remedy: "choose another with --data or VITRINE_DATA")
        var facts = statvfs()
        guard failure == nil, statvfs(folder, &facts) == 0 else { return }
        let megabytes = Int(facts.f_bavail) * Int(facts.f_frsize) >> 20
        report.add(
            "free space: \(megabytes) MiB", megabytes >= 512 ? nil : "less than 512 MiB",
            remedy: "make room, or choose another folder")
    }

    private static func checkSettings(_ name: ServiceName, _ variables: [String: String], _ report: inout Report) {
        let config = ConfigReader(variables)
        _ = ProcessSettings(config: config, name: name, processors: 1)
        var messages: [String] = []
        do throws(ConfigurationError) { try config.validate() } catch { messages = error.messages }
        do throws(TelemetryConfigurationError) {
            _ = try TelemetryConfiguration(
                environment: variables, serviceName: name.rawValue, serviceVersion: Version.current)
        } catch {
            messages.append("\(error)")
        }
        report.add(
            "settings of \(name.rawValue)", messages.isEmpty ? nil : messages.joined(separator: "; "),
            remedy: "see .env.example")
    }

    /// What the environment points at; what it does not name is not expected to be there.
    private static func checkReachability(_ environment: [String: String], _ report: inout Report) async throws {
        let probe = try HealthProbe()
        for name in ServiceName.allCases {
            for url in (environment[name.addressVariable] ?? "").split(separator: ",") {
                await self.checkURL("\(name.addressVariable) \(url)", String(url), probe, &report)
            }
        }
        if let url = environment["OTEL_EXPORTER_OTLP_ENDPOINT"], !url.isEmpty {
            await self.checkURL("OTEL_EXPORTER_OTLP_ENDPOINT \(url)", url, probe, &report)
        }
    }

    private static func checkURL(
        _ subject: String, _ url: String, _ probe: HealthProbe, _ report: inout Report
    ) async {
        guard let (endpoint, _) = HealthcheckCommand.split(url) else {
            report.add(subject, "is not http://host:port")
            return
        }
        do {
            // Any answer at all shows that something listens and speaks HTTP.
            _ = try await probe.get(endpoint, "/", timeout: .seconds(2))
            report.add(subject, nil)
        } catch {
            report.add(subject, "\(error)", remedy: "start it, or correct the address")
        }
    }
}
