import Glibc
import HTTPEngine

/// Starts what stands beside the shop: the console, Prometheus and Alertmanager. Whatever goes wrong with them, the shop
/// goes on.
struct CompanionStart {
    let topology: LabTopology
    let supervisor: Supervisor

    /// How long all together may take to become ready: Prometheus reads its log of the last hours first.
    private static let readyWithin: Duration = .seconds(20)
    /// Lines of a log that are shown.
    private static let linesMax = 3

    /// - Returns: what keeps one of them from its work, a line or more each; nothing when all is well.
    func run(withLoad: Bool) async -> [String] {
        var members = self.topology.hasConsole ? [LabMember.console] : []
        do {
            if self.topology.monitoring != nil {
                try self.configure(withLoad: withLoad)
                members += LabMember.monitoring
            }
            for member in members { try await self.supervisor.start(member) }
            let probe = try HealthProbe()
            let deadline = ContinuousClock.now.advanced(by: Self.readyWithin)
            var failures: [String] = []
            for member in members {
                if let failure = try await self.wait(for: member, probe, until: deadline) { failures.append(failure) }
            }
            return failures
        } catch {
            return ["the lab goes on without \(members.map(\.description).joined(separator: ", ")): \(error)"]
        }
    }

    /// Writes the files, in the place of those of another start.
    private func configure(withLoad: Bool) throws {
        let folder = self.topology.monitoringFolder
        try SmallFile.makeFolder("\(folder)/rules")
        try SmallFile.makeFolder("\(self.topology.folder)/prometheus")
        try SmallFile.makeFolder("\(self.topology.folder)/alertmanager")
        for name in SmallFile.names(in: "\(folder)/rules") ?? [] { unlink("\(folder)/rules/\(name)") }
        for (path, text) in LabMonitoring.files(self.topology, withLoad: withLoad) {
            try WholeFile.write(Array(text.utf8), to: "\(folder)/\(path)", mode: 0o600)
        }
    }

    private func wait(
        for member: LabMember, _ probe: HealthProbe, until deadline: ContinuousClock.Instant
    ) async throws -> String? {
        let (port, path) = self.readiness(of: member)
        let endpoint = HTTPEndpoint(host: "127.0.0.1", port: port)
        while true {
            // A refused connection is expected while it starts.
            if let answer = try? await probe.get(endpoint, path, timeout: .seconds(1)), answer.status == 200 {
                self.supervisor.proven(member)
                return nil
            }
            if self.supervisor.isHeld(member) { return self.complaint("\(member) does not start", member) }
            guard ContinuousClock.now < deadline else {
                return self.complaint("\(member) is not ready after \(Self.readyWithin)", member)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func readiness(of member: LabMember) -> (port: Int, path: String) {
        switch member {
        case .console: (self.topology.consoleAdminPort, "/health/ready")
        case .prometheus: (self.topology.prometheusPort, "/-/ready")
        default: (self.topology.alertmanagerPort, "/-/ready")
        }
    }

    private func complaint(_ what: String, _ member: LabMember) -> String {
        let path = self.topology.logPath(of: member)
        let lines = LogTail.lines(path)
        // What is wrong is said before the farewell.
        let errors = lines.filter {
            $0.contains("level=error") || $0.hasPrefix("vitrine exec: ") || $0.hasPrefix("vitrine serve: ")
        }.suffix(Self.linesMax)
        let shown = errors.isEmpty ? lines.suffix(1) : errors
        return ([what + "; the lab goes on without it. Its log is \(path):"] + shown).joined(separator: "\n")
    }
}
