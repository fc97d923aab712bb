import Glibc

/// Where Prometheus and Alertmanager are on this machine.
struct MonitoringPrograms: Sendable, Hashable {
    let prometheus: String
    let alertmanager: String

    /// What installs them, without starting them as services of the machine.
    static let remedy = "sh scripts/install-packages.sh run"

    /// Both, from `PATH`; nil where either is missing, since alone neither is of much use.
    static func find(_ environment: [String: String]) -> MonitoringPrograms? {
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        // Debian names the second by the project.
        guard let prometheus = self.find(["prometheus"], in: folders),
            let alertmanager = self.find(["prometheus-alertmanager", "alertmanager"], in: folders)
        else { return nil }
        return MonitoringPrograms(prometheus: prometheus, alertmanager: alertmanager)
    }

    private static func find(_ names: [String], in folders: [String]) -> String? {
        for name in names {
            for folder in folders where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
        }
        return nil
    }
}
