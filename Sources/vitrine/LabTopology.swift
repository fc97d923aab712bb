import CSystem
import Glibc
import NetworkIO
import Security
import ServiceKit

/// The platform on one machine: which processes, on which ports, with which settings.
///
/// What the environment sets wins over the lab's defaults, so that anything can be tried without editing a file.
struct LabTopology {
    let folder: String
    let portBase: Int
    /// How many processes each service has; one where nothing is said.
    let instances: [ServiceName: Int]
    /// Nil where the lab is not monitored.
    let monitoring: MonitoringPrograms?
    /// Whether the console runs, to which the others then send their telemetry.
    let hasConsole: Bool
    let environment: [String: String]

    /// The most processes of one service: their ports are ten apart and end below the admin ports.
    static let instancesMax = 9

    init(
        folder: String = ".vitrine", portBase: Int = 8000, instances: [ServiceName: Int] = [:],
        monitoring: MonitoringPrograms? = nil, hasConsole: Bool = false, environment: [String: String]
    ) {
        self.folder = folder
        self.portBase = portBase
        self.instances = instances
        self.monitoring = monitoring
        self.hasConsole = hasConsole
        self.environment = environment
    }

    /// In the order of their start; stopped the other way round, so that nothing loses what it leans on.
    static let startOrder: [ServiceName] = [.user, .product, .cart, .order, .gateway]

    /// Every process, in the order of their start.
    var processes: [ServiceInstance] {
        Self.startOrder.flatMap { name in (1...(self.instances[name] ?? 1)).map { ServiceInstance(name, number: $0) } }
    }

    func port(of name: ServiceName) -> Int { self.port(of: ServiceInstance(name)) }
    func adminPort(of name: ServiceName) -> Int { self.adminPort(of: ServiceInstance(name)) }

    /// The first instance of a service has the port everyone knows; each further one is ten higher.
    func port(of instance: ServiceInstance) -> Int {
        self.portBase + instance.name.defaultPort - ServiceName.gateway.defaultPort + 10 * (instance.number - 1)
    }
    func adminPort(of instance: ServiceInstance) -> Int { self.port(of: instance) + 1000 }

    /// Where the made-up customers are scraped: after the services' admin ports.
    var loadAdminPort: Int { self.portBase + 1006 }
    /// The supervisor's own listener; see `LabControl`.
    var controlPort: Int { self.portBase + 1007 }
    /// The ports that everyone knows, 9090 and 9093, where the gateway's is 8000.
    var prometheusPort: Int { self.portBase + 1090 }
    var alertmanagerPort: Int { self.portBase + 1093 }

    /// The console's page, after the services; its receiver at the port that everybody sends to, where this is the lab
    /// that everybody means.
    var consolePort: Int { self.portBase + 5 }
    var consoleAdminPort: Int { self.portBase + 1005 }
    var receiverPort: Int { self.portBase == 8000 ? 4318 : self.portBase + 8 }
    var consoleURL: String { "http://127.0.0.1:\(self.consolePort)" }

    /// Every port, and who listens there.
    func ports(withLoad: Bool) -> [(port: Int, user: String)] {
        var ports = self.processes.flatMap { process in
            [self.port(of: process), self.adminPort(of: process)].map { (port: $0, user: "\(process)") }
        }
        if withLoad { ports.append((self.loadAdminPort, "\(LabMember.load)")) }
        ports.append((self.controlPort, LabTelemetry.processName))
        if self.monitoring != nil {
            ports.append((self.prometheusPort, "\(LabMember.prometheus)"))
            ports.append((self.alertmanagerPort, "\(LabMember.alertmanager)"))
        }
        if self.hasConsole {
            for port in [self.consolePort, self.consoleAdminPort, self.receiverPort] {
                ports.append((port, "\(LabMember.console)"))
            }
        }
        return ports
    }

    var dataFolder: String { "\(self.folder)/data" }
    var logFolder: String { "\(self.folder)/logs" }
    /// What Prometheus and Alertmanager are configured with; written at each start.
    var monitoringFolder: String { "\(self.folder)/monitoring" }

    /// Everyone who may have a log file.
    var members: [LabMember] { self.processes.map { .service($0) } + [.load, .console] + LabMember.monitoring }

    func logPath(of member: LabMember) -> String { "\(self.logFolder)/\(member).log" }

    /// What a member is started with.
    func arguments(for member: LabMember) -> [String] {
        switch member {
        case .service(let instance): ["serve", instance.name.rawValue]
        case .load:
            [
                "load", "--gentle", "--url", "http://127.0.0.1:\(self.port(of: .gateway))",
                // As published as the account itself; see `UserSeed.lab`.
                "--restock", "admin@vitrine.dev:admin-password",
                "--metrics-port", String(self.loadAdminPort),
            ]
        case .prometheus: self.monitoring.map { ["exec", $0.prometheus] + self.prometheusArguments } ?? []
        case .alertmanager: self.monitoring.map { ["exec", $0.alertmanager] + self.alertmanagerArguments } ?? []
        case .console: ["serve", "console", "--data", self.folder]
        }
    }

    /// What programs that are not ours may know of the environment.
    private static let everybodys: Set<String> = ["PATH", "HOME", "TMPDIR", "TZ", "GOGC", "GOMAXPROCS", "GOMEMLIMIT"]

    private var prometheusArguments: [String] {
        [
            "--config.file=\(self.monitoringFolder)/prometheus.yml", "--storage.tsdb.path=\(self.folder)/prometheus",
            "--storage.tsdb.retention.size=512MB", "--storage.tsdb.retention.time=31d",
            "--enable-feature=exemplar-storage", "--web.listen-address=127.0.0.1:\(self.prometheusPort)",
            // What Alertmanager was not there to hear is told again at once rather than after a minute.
            "--rules.alert.resend-delay=1s",
        ]
    }

    private var alertmanagerArguments: [String] {
        [
            "--config.file=\(self.monitoringFolder)/alertmanager.yml", "--storage.path=\(self.folder)/alertmanager",
            "--web.listen-address=127.0.0.1:\(self.alertmanagerPort)",
            // One alone, which opens no port for others.
            "--cluster.listen-address=",
        ]
    }

    /// The variables a member is started with.
    func variables(for member: LabMember) throws -> [String: String] {
        switch member {
        case .service(let instance): try self.variables(for: instance)
        case .load: self.environment.filter { !self.isOwn($0.key) }
        // Settings and secrets of the shop are none of theirs.
        case .prometheus, .alertmanager: self.environment.filter { Self.everybodys.contains($0.key) }
        case .console: try self.consoleVariables()
        }
    }

    private func consoleVariables() throws -> [String: String] {
        var variables = [
            "VITRINE_PORT": String(self.consolePort),
            "VITRINE_ADMIN_PORT": String(self.consoleAdminPort),
            "VITRINE_CONSOLE_OTLP_PORT": String(self.receiverPort),
            "VITRINE_CONSOLE_GATEWAY": "http://127.0.0.1:\(self.port(of: .gateway))",
            "VITRINE_CONSOLE_LAB": "http://127.0.0.1:\(self.controlPort)",
            "VITRINE_CONSOLE_ADMIN": self.processes.map { "\($0)=http://127.0.0.1:\(self.adminPort(of: $0))" }
                .joined(separator: ","),
        ]
        if self.monitoring != nil {
            variables["VITRINE_CONSOLE_PROMETHEUS"] = "http://127.0.0.1:\(self.prometheusPort)"
            variables["VITRINE_CONSOLE_ALERTMANAGER"] = "http://127.0.0.1:\(self.alertmanagerPort)"
        }
        for (key, value) in self.environment where !self.isOwn(key) { variables[key] = value }
        variables["INTERNAL_AUTH_TOKEN"] = try self.token()
        return variables
    }

    /// The variables the first instance of a service is started with.
    func variables(for name: ServiceName) throws -> [String: String] { try self.variables(for: ServiceInstance(name)) }

    /// The variables one process is started with.
    func variables(for instance: ServiceInstance) throws -> [String: String] {
        var variables: [String: String] = [
            "VITRINE_LAB": "1",
            "VITRINE_FAULTS": "1",
            "VITRINE_PORT": String(self.port(of: instance)),
            "VITRINE_ADMIN_PORT": String(self.adminPort(of: instance)),
            "VITRINE_DATA": self.dataFolder,
            // Cheap enough for a lab's log-ins, and still bcrypt.
            "VITRINE_BCRYPT_COST": "10",
            "VITRINE_CORS_ORIGINS": "*",
            // Above what the machine can serve, so that load and benchmarks are not refused.
            "VITRINE_RATE_LIMIT_ADDRESS": "1000000",
            "VITRINE_RATE_LIMIT_ADDRESS_BURST": "1000000",
            "VITRINE_RATE_LIMIT_USER": "1000000",
            "VITRINE_RATE_LIMIT_USER_BURST": "1000000",
            "VITRINE_LOGIN_ATTEMPTS_MAX": "1000",
            "OTEL_BSP_SCHEDULE_DELAY": "1000",
            // Its log files are what a lab reads; many trace viewers take no logs.
            "OTEL_LOGS_EXPORTER": "none",
        ]
        for other in ServiceName.allCases where other != .gateway {
            // Callers balance over all addresses that a service has.
            variables[other.addressVariable] = self.processes.filter { $0.name == other }
                .map { "http://127.0.0.1:\(self.port(of: $0))" }.joined(separator: ",")
        }
        // Without a receiver every export would fail; whoever names one wants it used.
        if !self.environment.keys.contains(where: { $0.hasPrefix("OTEL_EXPORTER_OTLP_") && $0.hasSuffix("ENDPOINT") }) {
            if self.hasConsole {
                variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:\(self.receiverPort)"
                variables["OTEL_LOGS_EXPORTER"] = "otlp"
                variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000"
            } else {
                variables["OTEL_TRACES_EXPORTER"] = "none"
            }
        }
        if self.hasConsole { variables["VITRINE_CONSOLE_URL"] = self.consoleURL }
        for (key, value) in self.environment where !self.isOwn(key) { variables[key] = value }
        variables["INTERNAL_AUTH_TOKEN"] = try self.token()
        return variables
    }

    /// Ports and names differ for each process and the folder is an option, so one value from outside cannot be right
    /// for all.
    private func isOwn(_ key: String) -> Bool {
        ["VITRINE_PORT", "VITRINE_ADMIN_PORT", "VITRINE_DATA", "OTEL_SERVICE_NAME"].contains(key)
    }

    /// The secret of internal calls: the environment's, or one that is made at the first start and kept in a file that
    /// only its owner reads.
    func token() throws -> String {
        if let given = self.environment["INTERNAL_AUTH_TOKEN"] { return given }
        let path = "\(self.folder)/internal-token"
        if let known = try SmallFile.read(path), known.utf8.count >= 16 { return known }
        try SmallFile.makeFolder(self.folder)
        let token = Random.hex(32)
        try SmallFile.write(token, to: path, mode: 0o600)
        return token
    }
}
