import ServiceKit

/// Prometheus' configuration for one place: the same jobs, labels and rules from one source.
///
/// Source: Prometheus documentation, "Configuration"; only what 2.42 knows already, and 3 still reads.
package struct PrometheusConfiguration: Sendable {
    package let place: DeploymentPlace
    /// Between two scrapes, and between two evaluations.
    package let interval: PromDuration
    /// At most the interval.
    let timeout: PromDuration
    let jobs: [ScrapeConfiguration]
    /// Paths or patterns, from the configuration's folder.
    let rules: [String]
    /// `host:port`
    let alertmanager: String

    /// Flags without which a part of the file is refused or does nothing.
    package static let flags = ["--enable-feature=exemplar-storage"]

    /// Processes of one machine.
    ///
    /// - Parameters:
    ///   - targets: services, generator of load and supervisor; jobs without a target are left out.
    ///   - prometheus: `host:port` where it listens itself.
    ///   - alertmanager: `host:port`
    ///   - rules: paths or patterns, from the configuration's folder.
    package static func lab(
        targets: [ScrapeTarget], prometheus: String, alertmanager: String, rules: [String]
    ) -> PrometheusConfiguration {
        let all =
            targets + [
                ScrapeTarget(job: .prometheus, service: "prometheus", address: prometheus),
                ScrapeTarget(job: .alertmanager, service: "alertmanager", address: alertmanager),
            ]
        return PrometheusConfiguration(
            place: .lab, interval: RuleProfile.lab.interval, timeout: .milliseconds(1_500),
            jobs: ScrapeConfiguration.fixed(all), rules: rules, alertmanager: alertmanager)
    }

    /// Containers that find each other by name.
    package static var compose: PrometheusConfiguration {
        let services = ServiceName.allCases.map {
            ScrapeTarget(.vitrine, DeploymentHost($0), port: DeploymentPort.admin($0))
        }
        let others = [
            ScrapeTarget(.load, .load, port: DeploymentPort.loadAdmin),
            ScrapeTarget(.console, .console, port: DeploymentPort.consoleAdmin),
        ]
        return self.deployed(.compose, services: ScrapeConfiguration.fixed(services + others))
    }

    /// Pods of the namespace that Prometheus runs in.
    package static var kubernetes: PrometheusConfiguration {
        self.deployed(
            .kubernetes,
            services: [
                .init(job: .vitrine, discovery: .pods(components: ServiceName.allCases.map(\.rawValue))),
                .init(job: .load, discovery: .pods(components: [DeploymentHost.load.rawValue])),
                .init(job: .console, discovery: .pods(components: [DeploymentHost.console.rawValue])),
            ])
    }

    private static func deployed(
        _ place: DeploymentPlace, services: [ScrapeConfiguration]
    ) -> PrometheusConfiguration {
        PrometheusConfiguration(
            place: place, interval: RuleProfile.production.interval, timeout: .seconds(10),
            jobs: services + ScrapeConfiguration.fixed(self.infrastructure), rules: ["/etc/prometheus/rules/*.yml"],
            alertmanager: DeploymentHost.alertmanager.at(DeploymentPort.alertmanager))
    }

    private static var infrastructure: [ScrapeTarget] {
        [
            ScrapeTarget(.prometheus, .prometheus, port: DeploymentPort.prometheus),
            ScrapeTarget(.alertmanager, .alertmanager, port: DeploymentPort.alertmanager),
            ScrapeTarget(.collector, .collector, port: DeploymentPort.collectorOwnMetrics),
            ScrapeTarget(.spans, .collector, port: DeploymentPort.collectorSpanMetrics),
            ScrapeTarget(.jaeger, .jaeger, port: DeploymentPort.jaegerMetrics),
            ScrapeTarget(.loki, .loki, port: DeploymentPort.loki),
            ScrapeTarget(.grafana, .grafana, port: DeploymentPort.grafana),
        ]
    }
}

extension PrometheusConfiguration {
    /// The file.
    package var text: String {
        self.document.document(
            comment: """
                Prometheus, \(self.place.rawValue). \(ConfigurationFiles.madeBy)
                Start it with \(Self.flags.joined(separator: " ")), or exemplars are not kept.
                """)
    }

    var document: YAML {
        [
            "global": self.global,
            // As many as a day of the shop at rest brings; they live in memory, about 100 bytes each.
            "storage": ["exemplars": ["max_exemplars": 100_000]],
            "rule_files": .list(self.rules.map(YAML.string)),
            "alerting": [
                "alertmanagers": [
                    ["timeout": "5s", "static_configs": [["targets": [.string(self.alertmanager)]]]]
                ]
            ],
            "scrape_configs": .list(self.jobs.map(\.document)),
        ]
    }

    private var global: YAML {
        [
            "scrape_interval": .string(self.interval.text),
            "scrape_timeout": .string(self.timeout.text),
            "evaluation_interval": .string(self.interval.text),
            "external_labels": ["deployment": .string(self.place.rawValue)],
        ]
    }
}
