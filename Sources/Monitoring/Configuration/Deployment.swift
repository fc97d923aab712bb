package import ServiceKit

/// What the parts of a deployment are called, and where they listen: names of services in compose, and of Services of
/// the same namespace in Kubernetes. Configurations name no other host.
package enum DeploymentHost: String, Sendable, Hashable, CaseIterable {
    case gateway, user, product, cart, order, load
    case prometheus, alertmanager, jaeger, loki, grafana
    case collector = "otel-collector"
    /// Where traces, logs and alerts may be sent besides; a deployment does without it.
    case console

    package init(_ service: ServiceName) {
        switch service {
        case .gateway: self = .gateway
        case .user: self = .user
        case .product: self = .product
        case .cart: self = .cart
        case .order: self = .order
        }
    }

    /// `jaeger:4317`
    package func at(_ port: Int) -> String { "\(self.rawValue):\(port)" }
}

/// The ports that configurations agree on.
package enum DeploymentPort {
    package static let otlpGRPC = 4317
    package static let otlpHTTP = 4318
    package static let collectorOwnMetrics = 8888
    package static let collectorSpanMetrics = 8889
    package static let collectorHealth = 13133
    package static let jaegerMetrics = 8888
    package static let jaegerQueryGRPC = 16685
    package static let jaegerQuery = 16686
    package static let loki = 3100
    package static let lokiGRPC = 9096
    package static let prometheus = 9090
    package static let alertmanager = 9093
    package static let grafana = 3000
    package static let consoleAdmin = 9005
    package static let loadAdmin = 9006
    /// The admin listener of a service, and its name in a pod.
    package static func admin(_ service: ServiceName) -> Int { service.defaultAdminPort }
    package static let adminName = "admin"
}

/// Where a configuration is read.
package enum DeploymentPlace: String, Sendable, Hashable, CaseIterable {
    /// Processes on one machine, by address.
    case lab
    /// Containers that find each other by name.
    case compose
    case kubernetes
}
