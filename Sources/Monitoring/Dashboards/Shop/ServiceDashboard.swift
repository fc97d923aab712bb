import RPC
import ServiceKit
import Telemetry

extension Dashboard {
    static let service = Dashboard(
        .service,
        "Rate, errors and duration of what each service answers, over HTTP and gRPC. Begin here when one of them is "
            + "suspected; the load generator's and a client's own waiting are not in these numbers.",
        tags: ["red"], variables: [.service, .instance],
        related: [.overview, .dependencies, .resilience, .process, .logs]
    ) {
        ServiceRows.now
        ServiceRows.byService
        ServiceRows.byRoute
        ServiceRows.overRPC
    }
}

private enum ServiceRows {
    static let requests = RED.requests.where(DashboardVariable.service.condition, DashboardVariable.instance.condition)
    static let calls = RED.rpcRequests.where(DashboardVariable.service.condition, DashboardVariable.instance.condition)
    static let active = Series(
        HTTPMetrics.serverActive, DashboardVariable.service.condition, DashboardVariable.instance.condition)

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Requests", .requestsPerSecond, "HTTP requests answered a second. A sudden fall is as bad as a rise.") {
            Query(Self.requests.rate())
        }
        Stat("Failing", .ratio, "Share of requests answered with a status from 500 on. Worry above 1 %.") {
            Query(Self.requests.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("Latency p95", .seconds, "Nineteen of twenty requests are faster. Worry above half a second.") {
            Query(Self.requests.quantile(0.95))
        }.thresholds(.above(0.25, 0.5))
        Stat("Latency p99", .seconds, "The slowest of a hundred requests. Worry above a second.") {
            Query(Self.requests.quantile(0.99))
        }.thresholds(.above(0.5, 1))
        Stat("In progress", .short, "Requests being answered now. A steady rise means that answers do not keep up.") {
            Query(Self.active.value.sum())
        }.thresholds(.above(200, 800))
        Stat("gRPC calls", .requestsPerSecond, "Calls answered over gRPC a second, from other services.") {
            Query(Self.calls.rate())
        }
    }

    static let byService = Row("By service", columns: 3) {
        TimeSeries(
            "Request rate", .requestsPerSecond,
            "Requests answered by each service. They move together: all traffic enters through the gateway. One line "
                + "that leaves the others is cut off, or calls in a circle."
        ) {
            Query(Self.requests.rate(by: .service), "\(.service)")
        }.link(.traces(of: .service)).link(.logs(of: .service))
        TimeSeries(
            "Failing share", .ratio,
            "Share of answers from 500 on. The service that rises first is the cause; its callers follow."
        ) {
            Query(Self.requests.failureRatio(by: .service), "\(.service)")
        }.thresholds(.above(0.001, 0.01)).scale().link(.traces(of: .service)).link(.logs(of: .service))
        TimeSeries(
            "Latency p95 by service", .seconds,
            "Worry when a line stays above the dashed one. Marks are single requests: a click on one opens its trace."
        ) {
            Query(Self.requests.quantile(0.95, by: .service), "\(.service)", exemplars: true)
        }.thresholds(.above(0.25, 0.5)).scale().link(.traces(of: .service))
        TimeSeries(
            "Answers by class", .requestsPerSecond,
            "Requests by class of status. 4xx is the caller's doing: many at once are an attack or a broken client. "
                + "5xx is ours.", isStacked: true
        ) {
            Query(Self.requests.rateByStatusClass, "\(.statusClass)")
        }.colours(SeriesColour.outcomes + [.init("2xx", .green), .init("3xx", .blue)])
        TimeSeries(
            "In progress by service", .short,
            "Requests being answered. A rise without a rise of the rate means that something behind the service is "
                + "slow."
        ) {
            Query(Self.active.value.sum(by: [.service]), "\(.service)")
        }.scale()
        TimeSeries(
            "Failures by kind", .requestsPerSecond,
            "What the failing answers failed of. Empty while none does."
        ) {
            Query(Self.requests.failures(by: .service, .errorType), "\(.service) \(.errorType)")
        }.needs(.only("when requests fail")).link(.logs(of: .service))
    }

    static let byRoute = Row("Routes", columns: 2, height: 9) {
        Table(
            "Routes",
            "Every route that was asked for, with its numbers over the last minutes. Sort by a column's heading; a "
                + "click on a service leads to its traces.",
            keys: [.init(.service, "Service"), .init(.requestMethod, "Method"), .init(.route, "Route")]
        ) {
            Column("Rate", .requestsPerSecond, Self.requests.rate(by: .service, .requestMethod, .route))
            Column(
                "Failing", .ratio, Self.requests.failureRatio(by: .service, .requestMethod, .route), .above(0.001, 0.01)
            )
            Column("p50", .seconds, Self.requests.quantile(0.5, by: .service, .requestMethod, .route))
            Column(
                "p95", .seconds, Self.requests.quantile(0.95, by: .service, .requestMethod, .route), .above(0.25, 0.5))
            Column("p99", .seconds, Self.requests.quantile(0.99, by: .service, .requestMethod, .route), .above(0.5, 1))
        }.link(.traces(of: .service))
        HeatMap(
            "Where latencies lie", .seconds,
            "How many requests took how long. Two bands mean two kinds of answers, such as kept and fresh ones; a "
                + "band that wanders up is a queue.",
            buckets: Self.requests.buckets)
        TimeSeries(
            "Latency", .seconds,
            "The median, and how far the slow ones are from it. When only p99 rises, few are hit hard; when all rise, "
                + "everything waits."
        ) {
            Query(Self.requests.quantile(0.5), "p50")
            Query(Self.requests.quantile(0.95), "p95", exemplars: true)
            Query(Self.requests.quantile(0.99), "p99")
        }.colours(SeriesColour.quantiles).scale()
        TimeSeries(
            "Latency p95 by route", .seconds,
            "The five slowest routes. A route that joins the top is the one to look at."
        ) {
            Query(
                Self.requests.quantile(0.95, by: .service, .requestMethod, .route).top(5),
                "\(.service) \(.requestMethod) \(.route)")
        }.thresholds(.above(0.25, 0.5)).scale().link(.traces(of: .service))
    }

    static let overRPC = Row("gRPC", columns: 4, height: 8) {
        TimeSeries("Calls by method", .requestsPerSecond, "Calls of gRPC answered, by method.") {
            Query(Self.calls.rate(by: .rpcMethod), "\(.rpcMethod)")
        }
        TimeSeries(
            "Failing share by method", .ratio,
            "Share of calls that ended with a status that says the server failed. A refusal, such as out of stock, is "
                + "none."
        ) {
            Query(Self.calls.failureRatio(by: .rpcMethod), "\(.rpcMethod)")
        }.thresholds(.above(0.001, 0.01)).scale()
        TimeSeries(
            "Duration p95 by method", .seconds,
            "Worry when a line stays above the dashed one: a checkout waits for several of these."
        ) {
            Query(Self.calls.quantile(0.95, by: .rpcMethod), "\(.rpcMethod)", exemplars: true)
        }.thresholds(.above(0.1, 0.25)).scale()
        TimeSeries(
            "Calls by status", .requestsPerSecond,
            "Statuses of calls. UNAVAILABLE and DEADLINE_EXCEEDED are outages; FAILED_PRECONDITION is out of stock.",
            isStacked: true
        ) {
            Query(Self.calls.rate(by: .rpcStatus), "\(.rpcStatus)")
        }
    }
}
