import Lab
import Monitoring
import ServiceKit

/// What Prometheus and Alertmanager are configured with in the lab: as everywhere, with its own addresses and in
/// compressed time.
enum LabMonitoring {
    /// The files, by their path below the monitoring folder.
    static func files(_ topology: LabTopology, withLoad: Bool) -> [(path: String, text: String)] {
        let prometheus = PrometheusConfiguration.lab(
            targets: self.targets(topology, withLoad: withLoad), prometheus: self.address(topology.prometheusPort),
            alertmanager: self.address(topology.alertmanagerPort), rules: ["rules/*.yml"])
        let alertmanager = AlertmanagerConfiguration.lab(
            webhook: "http://\(self.address(topology.controlPort))/alerts")
        return [("prometheus.yml", prometheus.text), ("alertmanager.yml", alertmanager.text)]
            + RuleFiles.all(.lab).map { ("rules/\($0.name).yml", $0.text(.lab)) }
    }

    /// Every process of the shop under the name of its service, its customers, and the supervisor.
    private static func targets(_ topology: LabTopology, withLoad: Bool) -> [ScrapeTarget] {
        var targets = topology.processes.map { process in
            ScrapeTarget(
                job: .vitrine, service: process.name.rawValue, address: self.address(topology.adminPort(of: process)))
        }
        if withLoad {
            targets.append(
                ScrapeTarget(
                    job: .load, service: "\(LabMember.load)", address: self.address(topology.loadAdminPort)))
        }
        targets.append(
            ScrapeTarget(
                job: .lab, service: LabTelemetry.processName, address: self.address(topology.controlPort)))
        if topology.hasConsole {
            targets.append(
                ScrapeTarget(
                    job: .console, service: "\(LabMember.console)", address: self.address(topology.consoleAdminPort)))
        }
        return targets
    }

    private static func address(_ port: Int) -> String { "127.0.0.1:\(port)" }
}
