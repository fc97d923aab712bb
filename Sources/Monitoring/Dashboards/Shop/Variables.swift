import Resilience
import ServiceKit
import Telemetry

extension PromQL {
    /// Whether each service is scraped, by name and not by job: the load generator and the lab are none of them.
    static let servicesUp = PromQL.named(
        "up", .matches(.service, ServiceName.allCases.map(\.rawValue).joined(separator: "|")))
}

extension DashboardVariable {
    static let service = DashboardVariable(.service, "Service", on: .servicesUp)
    /// Of the services that are chosen.
    static let instance = DashboardVariable(.instance, "Instance", on: .named("up", Self.service.condition))
    /// Every process of ours, the load generator and the lab among them; other programs tell of their starts too.
    static let process = DashboardVariable(.service, "Process", on: Series(ProcessMetrics.clock).value)
    static let breaker = DashboardVariable(
        .breaker, "Breaker", on: Series(CircuitBreakerMetrics.state, Self.service.condition).value)
    static let search = DashboardVariable.text("search", "Containing")
}
