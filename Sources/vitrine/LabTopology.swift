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
    let environment: [String: String]

    init(folder: String = ".vitrine", portBase: Int = 8000, environment: [String: String]) {
        self.folder = folder
        self.portBase = portBase
        self.environment = environment
    }

    /// In the order of their start; stopped the other way round, so that nothing loses what it leans on.
    static let startOrder: [ServiceName] = [.user, .product, .cart, .order, .gateway]

    func port(of name: ServiceName) -> Int { self.portBase + name.defaultPort - ServiceName.gateway.defaultPort }
    func adminPort(of name: ServiceName) -> Int { self.port(of: name) + 1000 }

    var dataFolder: String { "\(self.folder)/data" }
    var logFolder: String { "\(self.folder)/logs" }

    /// Everyone who may have a log file.
    static let members: [LabMember] = Self.startOrder.map { .service($0) } + [.load]

    func logPath(of member: LabMember) -> String { "\(self.logFolder)/\(member.name).log" }

    /// What a member is started with.
    func arguments(for member: LabMember) -> [String] {
        switch member {
        case .service(let name): ["serve", name.rawValue]
        case .load:
            [
                "load", "--gentle", "--url", "http://127.0.0.1:\(self.port(of: .gateway))",
                // As published as the account itself; see `UserSeed.lab`.
                "--restock", "admin@vitrine.dev:admin-password",
            ]
        }
    }

    /// The variables a member is started with.
    func variables(for member: LabMember) throws -> [String: String] {
        switch member {
        case .service(let name): try self.variables(for: name)
        case .load: self.environment
        }
    }

    /// The variables one service is started with.
    func variables(for name: ServiceName) throws -> [String: String] {
        var variables: [String: String] = [
            "VITRINE_LAB": "1",
            "VITRINE_FAULTS": "1",
            "VITRINE_PORT": String(self.port(of: name)),
            "VITRINE_ADMIN_PORT": String(self.adminPort(of: name)),
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
            variables[other.addressVariable] = "http://127.0.0.1:\(self.port(of: other))"
        }
        // Without a receiver every export would fail; whoever names one wants it used.
        if !self.environment.keys.contains(where: { $0.hasPrefix("OTEL_EXPORTER_OTLP_") && $0.hasSuffix("ENDPOINT") }) {
            variables["OTEL_TRACES_EXPORTER"] = "none"
        }
        for (key, value) in self.environment where !self.isOwn(key) { variables[key] = value }
        if variables["INTERNAL_AUTH_TOKEN"] == nil { variables["INTERNAL_AUTH_TOKEN"] = try self.internalToken() }
        return variables
    }

    /// Ports and names differ for each process and the folder is an option, so one value from outside cannot be right
    /// for all.
    private func isOwn(_ key: String) -> Bool {
        ["VITRINE_PORT", "VITRINE_ADMIN_PORT", "VITRINE_DATA", "OTEL_SERVICE_NAME"].contains(key)
    }

    /// The secret of internal calls: made at the first start, kept in a file that only its owner reads.
    private func internalToken() throws -> String {
        let path = "\(self.folder)/internal-token"
        if let known = try SmallFile.read(path), known.utf8.count >= 16 { return known }
        try SmallFile.makeFolder(self.folder)
        let token = Random.hex(32)
        try SmallFile.write(token, to: path, mode: 0o600)
        return token
    }
}
