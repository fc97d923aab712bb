import ServiceKit
import Telemetry

/// What Grafana is provisioned with: data sources that lead to one another, and the folder of dashboards.
///
/// Source: Grafana documentation, "Provision Grafana", and those of the data sources. Provisioning expands `$NAME`: `$$`
/// stands for a dollar sign.
package enum GrafanaProvisioning {
    /// The data sources, with the uids that dashboards name.
    package static var dataSources: YAML {
        ["apiVersion": 1, "datasources": .list(DataSource.allCases.map(self.dataSource))]
    }

    /// Where the committed dashboards are mounted.
    package static let dashboardsFolder = "/var/lib/grafana/dashboards"

    package static var dashboards: YAML {
        [
            "apiVersion": 1,
            "providers": [
                [
                    "name": "Vitrine", "orgId": 1, "folder": "Vitrine", "folderUid": "vitrine", "type": "file",
                    // They are generated: a change made by hand would be lost with the next start.
                    "disableDeletion": true, "allowUiUpdates": false, "updateIntervalSeconds": 30,
                    "options": ["path": .string(self.dashboardsFolder), "foldersFromFilesStructure": false],
                ]
            ],
        ]
    }

    /// What Grafana shows first; no provisioning file can say it.
    package static var homeVariable: String {
        let name = DashboardID.overview.path.split(separator: "/").last.map(String.init) ?? ""
        return "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH=\(self.dashboardsFolder)/\(name)"
    }

    private static func dataSource(_ source: DataSource) -> YAML {
        let (name, url, settings) =
            switch source {
            case .prometheus:
                ("Prometheus", DeploymentHost.prometheus.at(DeploymentPort.prometheus), self.prometheus)
            case .jaeger: ("Jaeger", DeploymentHost.jaeger.at(DeploymentPort.jaegerQuery), self.jaeger)
            case .loki: ("Loki", DeploymentHost.loki.at(DeploymentPort.loki), self.loki)
            case .alertmanager:
                ("Alertmanager", DeploymentHost.alertmanager.at(DeploymentPort.alertmanager), self.alertmanager)
            }
        return [
            "name": .string(name), "type": .string(source.type), "uid": .string(source.rawValue),
            "access": "proxy", "url": .string("http://\(url)"), "isDefault": .bool(source == .prometheus),
            "editable": false, "jsonData": settings,
        ]
    }

    // MARK: Settings

    private static var prometheus: YAML {
        [
            "httpMethod": "POST", "prometheusType": "Prometheus",
            // Grafana's `$__rate_interval` is at least four of these.
            "timeInterval": .string(PrometheusConfiguration.compose.interval.text),
            "manageAlerts": true,
            "exemplarTraceIdDestinations": [
                ["name": .string(self.traceID), "datasourceUid": .string(DataSource.jaeger.rawValue)]
            ],
        ]
    }

    /// The label of exemplars, the field of log lines, and what Loki calls it.
    static let traceID = "trace_id"

    private static var loki: YAML {
        [
            "maxLines": 1_000,
            "derivedFields": [
                // Records that came over OTLP carry it beside the line.
                self.derivedField("Trace", matcherType: "label", #"^\#(self.traceID)$$"#),
                // Lines that were read from a service's log.
                self.derivedField("Trace of the line", matcherType: "regex", #""\#(self.traceID)":"(\w+)""#),
            ],
        ]
    }

    private static func derivedField(_ name: String, matcherType: String, _ matcher: String) -> YAML {
        [
            "name": .string(name), "matcherType": .string(matcherType), "matcherRegex": .string(matcher),
            "datasourceUid": .string(DataSource.jaeger.rawValue), "url": "$${__value.raw}",
            "urlDisplayLabel": "Show the trace",
        ]
    }

    private static var alertmanager: YAML {
        ["implementation": "prometheus", "handleGrafanaManagedAlerts": false]
    }

    private static var jaeger: YAML {
        [
            "tracesToLogsV2": [
                "datasourceUid": .string(DataSource.loki.rawValue),
                // Clocks of machines differ a little, and what belongs to a request is written after it.
                "spanStartTimeShift": "-1m", "spanEndTimeShift": "1m",
                // By the trace alone: Jaeger shows the service's name apart from the attributes, where no tag finds it.
                "customQuery": true,
                "query": .string(#"{service_name=~".+"} | \#(self.traceID)="$${__trace.traceId}""#),
            ],
            "tracesToMetrics": [
                "datasourceUid": .string(DataSource.prometheus.rawValue),
                "spanStartTimeShift": "-15m", "spanEndTimeShift": "15m",
                "tags": [
                    self.tag(Attribute.serviceName.descriptor, LabelKey.service),
                    self.tag(Attribute.httpRoute.descriptor, LabelKey(Attribute.httpRoute)),
                ],
                "queries": .list(SpanQuery.all.map(\.document)),
            ],
            "nodeGraph": ["enabled": true],
            "spanBar": ["type": "Tag", "tag": .string(Attribute.httpResponseStatusCode.descriptor.key)],
        ]
    }

    private static func tag(_ attribute: AttributeDescriptor, _ label: LabelKey) -> YAML {
        ["key": .string(attribute.key), "value": .string(label.name)]
    }
}

extension DataSource {
    /// The plug-in.
    fileprivate var type: String {
        switch self {
        case .prometheus, .jaeger, .loki, .alertmanager: self.rawValue
        }
    }
}

/// A query that a span leads to.
package struct SpanQuery: Sendable {
    let name: String
    /// Its selectors have the condition `placeholder`, in whose place Grafana puts those of the span.
    package let expression: PromQL

    private static let placeholder = LabelCondition.is(.service, "$__tags")

    /// Requests, latency and errors of the span's service and route.
    package static var all: [SpanQuery] {
        let requests = Series(HTTPMetrics.serverDuration, self.placeholder)
        let failed = LabelCondition.matches(LabelKey(Attribute.httpResponseStatusCode), "5..")
        let rate = requests.count.rate(.minutes(5)).sum(by: [.service])
        // The span's conditions come last: where there are none, a comma at the end is allowed, and one in front is not.
        let errors = Series(HTTPMetrics.serverDuration, failed, self.placeholder).count.rate(.minutes(5))
            .sum(by: [.service])
        return [
            SpanQuery(name: "Requests per second", expression: rate),
            SpanQuery(
                name: "Latency, 95th percentile", expression: requests.quantile(0.95, .minutes(5), by: [.service])),
            SpanQuery(name: "Share of server errors", expression: .ratio(errors, rate)),
        ]
    }

    /// With the placeholder as Grafana knows it, escaped for provisioning.
    package var text: String {
        let condition = #"service="$__tags""#
        let parts = "\(self.expression)".split(separator: condition)
        precondition(parts.count > 1, "\(self.expression) has no place for the span's conditions")
        return parts.joined(separator: "$$__tags")
    }

    var document: YAML { ["name": .string(self.name), "query": .string(self.text)] }
}
