/// One process of the lab.
enum LabMember: Sendable, Hashable, CustomStringConvertible {
    case service(ServiceInstance)
    /// The made-up customers of `vitrine load --gentle`.
    case load
    /// Scrapes all of them, and evaluates the rules.
    case prometheus
    /// Takes Prometheus' alerts, and tells the lab's control of them.
    case alertmanager
    /// Takes everybody's telemetry, and shows it.
    case console

    /// As in log files, messages and `lab.json`: `product`, `product-2`, `load`, `prometheus`.
    var description: String {
        switch self {
        case .service(let instance): instance.description
        case .load: "load"
        case .prometheus: "prometheus"
        case .alertmanager: "alertmanager"
        case .console: "console"
        }
    }

    /// Programs that are not ours.
    static let monitoring: [LabMember] = [.prometheus, .alertmanager]
    /// What the shop goes on without, should it not start.
    var isDispensable: Bool { self == .console || Self.monitoring.contains(self) }
}
