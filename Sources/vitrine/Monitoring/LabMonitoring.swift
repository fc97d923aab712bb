import Monitoring
import ServiceKit

/// What Prometheus and Alertmanager are configured with in the lab.
enum LabMonitoring {
    /// The files, by their path below the monitoring folder.
    static func files(_ topology: LabTopology, withLoad: Bool) -> [(path: String, text: String)] {
        [
            ("prometheus.yml", self.prometheus(topology, withLoad: withLoad).document(comment: self.comment)),
            ("alertmanager.yml", self.alertmanager(topology).document(comment: self.comment)),
        ]
    }

    private static let comment = "Written by 'vitrine up' at each start."

    private static func prometheus(_ topology: LabTopology, withLoad: Bool) -> YAML {
        let monitors = [("prometheus", topology.prometheusPort), ("alertmanager", topology.alertmanagerPort)]
        return [
            "global": ["scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "2s"],
            "rule_files": ["rules/*.yml"],
            "alerting": [
                "alertmanagers": [["static_configs": [["targets": [self.target(topology.alertmanagerPort)]]]]]
            ],
            "scrape_configs": .list(
                [
                    self.job("vitrine", self.targets(topology, withLoad: withLoad)),
                    self.job("lab", [(LabTelemetry.processName, topology.controlPort)]),
                ] + monitors.map { self.job($0.0, [$0]) }),
        ]
    }

    /// Every process of the shop under the name of its service, and its customers.
    private static func targets(_ topology: LabTopology, withLoad: Bool) -> [(service: String, port: Int)] {
        let services = topology.processes.map { ($0.name.rawValue, topology.adminPort(of: $0)) }
        return services + (withLoad ? [(LabMember.load.description, topology.loadAdminPort)] : [])
    }

    private static func job(_ name: String, _ targets: [(service: String, port: Int)]) -> YAML {
        [
            "job_name": .string(name), "honor_labels": true,
            "static_configs": .list(
                targets.map { ["targets": [self.target($0.port)], "labels": ["service": .string($0.service)]] }),
        ]
    }

    private static func alertmanager(_ topology: LabTopology) -> YAML {
        [
            "route": [
                "receiver": "lab", "group_by": ["alertname", "service"], "group_wait": "1s", "group_interval": "2s",
                "repeat_interval": "1h",
            ],
            "receivers": [
                [
                    "name": "lab",
                    "webhook_configs": [
                        ["url": "http://127.0.0.1:\(topology.controlPort)/alerts", "send_resolved": true]
                    ],
                ]
            ],
        ]
    }

    private static func target(_ port: Int) -> YAML { "127.0.0.1:\(port)" }
}
