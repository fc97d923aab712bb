import ServiceKit

/// The configurations that are committed, below `otel/`.
package enum ConfigurationFiles {
    package static var files: [GeneratedFile] {
        self.prometheus + self.alertmanager + self.collector + self.grafana + self.stores
    }

    /// Each with nothing in it that is not made.
    static var folders: [GeneratedFolder] {
        [
            "prometheus", "alertmanager", "collector", "grafana/provisioning/datasources",
            "grafana/provisioning/dashboards", "loki", "jaeger",
        ].map { GeneratedFolder(path: "otel/\($0)", suffix: ".yml") }
    }

    static let madeBy = "Made by `make dashboards`: edit Sources/Monitoring/Configuration, not this."

    /// What the supervisor writes for five services on the default ports.
    package static var labExample: PrometheusConfiguration {
        let services = ServiceName.allCases.map {
            ScrapeTarget(job: .vitrine, service: $0.rawValue, address: self.local(DeploymentPort.admin($0)))
        }
        let others = [
            ScrapeTarget(job: .load, service: "load", address: self.local(9006)),
            ScrapeTarget(job: .lab, service: "lab", address: self.local(9007)),
        ]
        return .lab(
            targets: services + others, prometheus: self.local(DeploymentPort.prometheus),
            alertmanager: self.local(DeploymentPort.alertmanager), rules: ["rules/*.yml"])
    }

    private static func local(_ port: Int) -> String { "127.0.0.1:\(port)" }

    private static var prometheus: [GeneratedFile] {
        [self.labExample, .compose, .kubernetes].map {
            GeneratedFile(path: "otel/prometheus/prometheus.\($0.place.rawValue).yml", text: $0.text)
        }
    }

    private static var alertmanager: [GeneratedFile] {
        let lab = AlertmanagerConfiguration.lab(webhook: "http://\(self.local(9007))/alerts")
        return [
            GeneratedFile(path: "otel/alertmanager/alertmanager.lab.yml", text: lab.text),
            GeneratedFile(path: "otel/alertmanager/alertmanager.yml", text: AlertmanagerConfiguration.deployed.text),
        ]
    }

    private static var collector: [GeneratedFile] {
        let written = "Written for the contrib distribution, \(CollectorConfiguration.version)."
        let base = CollectorConfiguration.vitrine
        return [
            self.file(
                "otel/collector/collector.yml", base.document,
                "The OpenTelemetry collector. \(self.madeBy)\n\(written)"),
            self.file(
                "otel/collector/console.yml", CollectorConfiguration.withConsole.overlay(on: base),
                """
                Laid over collector.yml where there is a console: --config collector.yml --config console.yml.
                \(self.madeBy)
                \(written)
                """),
        ]
    }

    private static var grafana: [GeneratedFile] {
        [
            self.file(
                "otel/grafana/provisioning/datasources/vitrine.yml", GrafanaProvisioning.dataSources,
                "Grafana's data sources. \(self.madeBy)"),
            self.file(
                "otel/grafana/provisioning/dashboards/vitrine.yml", GrafanaProvisioning.dashboards,
                """
                Grafana's folder of dashboards. \(self.madeBy)
                The first page is set in the environment: \(GrafanaProvisioning.homeVariable)
                """),
        ]
    }

    private static var stores: [GeneratedFile] {
        [
            self.file("otel/loki/loki.yml", LokiConfiguration.document, "Loki 3. \(self.madeBy)"),
            self.file("otel/jaeger/jaeger.yml", JaegerConfiguration.document, "Jaeger 2. \(self.madeBy)"),
        ]
    }

    private static func file(_ path: String, _ document: YAML, _ comment: String) -> GeneratedFile {
        GeneratedFile(path: path, text: document.document(comment: comment))
    }
}
