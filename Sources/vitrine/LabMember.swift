/// One process of the lab.
enum LabMember: Sendable, Hashable, CustomStringConvertible {
    case service(ServiceInstance)
    /// The made-up customers of `vitrine load --gentle`.
    case load
    /// Scrapes all of them, and evaluates the rules.
    case prometheus
    /// Takes Prometheus' alerts, and tells the lab's control of them.
    case alertmanager

    /// As in log files, messages and `lab.json`: `product`, `product-2`, `load`, `prometheus`.
    var description: String {
        switch self {
        case .service(let instance): instance.description
        case .load: "load"
        case .prometheus: "prometheus"
        case .alertmanager: "alertmanager"
        }
    }

    /// Programs that are not ours. The shop goes on without them.
    static let monitoring: [LabMember] = [.prometheus, .alertmanager]
    var isMonitoring: Bool { Self.monitoring.contains(self) }
}
