/// The dashboards that are shipped. The name is part of the uid, which links and bookmarks hold on to: it never changes.
package enum DashboardID: String, Sendable, Hashable, CaseIterable {
    case overview, service, gateway, dependencies, resilience, chaos, objectives, business, telemetry, process, stores,
        logs, load

    package var uid: String { "vitrine-\(self.rawValue)" }

    package var title: String {
        switch self {
        case .overview: "Shop overview"
        case .service: "Service RED"
        case .gateway: "Gateway"
        case .dependencies: "Dependencies between services"
        case .resilience: "Resilience"
        case .chaos: "Chaos and experiments"
        case .objectives: "Objectives and error budgets"
        case .business: "Business funnel and invariants"
        case .telemetry: "Telemetry health"
        case .process: "Process and event loop"
        case .stores: "Data stores and queues"
        case .logs: "Logs and events"
        case .load: "Load generator"
        }
    }

    /// From the repository's root.
    package var path: String { "dashboards/\(self.rawValue).json" }
}
