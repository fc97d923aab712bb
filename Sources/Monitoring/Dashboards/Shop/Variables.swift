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
    /// Everything that tells of its process, the load generator and the lab among it.
    static let process = DashboardVariable(.service, "Process", on: Series(ProcessMetrics.startTime).value)
    static let breaker = DashboardVariable(
        .breaker, "Breaker", on: Series(CircuitBreakerMetrics.state, Self.service.condition).value)
    static let search = DashboardVariable.text("search", "Containing")
}
