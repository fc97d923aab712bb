/// The data sources that Grafana is provisioned with, by uid.
package enum DataSource: String, Sendable, Hashable, CaseIterable {
    case prometheus, jaeger, loki, alertmanager
}
