import Resilience
import Telemetry

extension DashboardVariable {
    /// The scrape targets that are services, as opposed to the load generator and the lab itself.
    private static let services = PromQL.named("up", .is(.job, "vitrine"))

    static let service = DashboardVariable(.service, "Service", on: Self.services)
    /// Of the services that are chosen.
    static let instance = DashboardVariable(
        .instance, "Instance", on: PromQL.named("up", .is(.job, "vitrine"), Self.service.condition))
    static let breaker = DashboardVariable(
        .breaker, "Breaker",
        on: Series(CircuitBreakerMetrics.state, Self.service.condition).value)
    static let search = DashboardVariable.text("search", "Containing")
}
