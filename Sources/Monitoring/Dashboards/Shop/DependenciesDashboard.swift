import Persistence
import Resilience
import ServiceKit
import Telemetry

extension Dashboard {
    static let dependencies = Dashboard(
        .dependencies,
        "Who calls whom, seen from the caller: what a service waits for, over HTTP, gRPC and in its database. When "
            + "the caller sees failures that the called one does not, look between the two.",
        tags: ["red"], variables: [.service], related: [.service, .resilience, .stores, .chaos]
    ) {
        DependencyRows.now
        DependencyRows.edges
        DependencyRows.http
        DependencyRows.rpc
        DependencyRows.pools
    }
}

private enum DependencyRows {
    static let caller = DashboardVariable.service.condition
    static let requests = RED.calls.where(Self.caller)
    static let calls = RED.rpcCalls.where(Self.caller)
    static let statements = RED.statements.where(Self.caller)
    static let guarded = Series(CircuitBreakerMetrics.calls, Self.caller)

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("HTTP calls", .requestsPerSecond, "Requests that services send to one another.") {
            Query(Self.requests.rate())
        }
        Stat(
            "HTTP failing", .ratio,
            "Share without an answer, or with one from 500 on; a try that is repeated counts each time. Worry above 1 "
                + "%."
        ) {
            Query(Self.requests.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("HTTP p95", .seconds, "From sending a request to the head of its answer.") {
            Query(Self.requests.quantile(0.95))
        }.thresholds(.above(0.1, 0.5))
        Stat("gRPC calls", .requestsPerSecond, "Calls of gRPC that services make.") {
            Query(Self.calls.rate())
        }
        Stat("gRPC failing", .ratio, "Share with a status that says the server failed. Worry above 1 %.") {
            Query(Self.calls.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("gRPC p95", .seconds, "From sending a call to its status.") {
            Query(Self.calls.quantile(0.95))
        }.thresholds(.above(0.1, 0.5))
    }

    /// Calls that count against the one that is called.
    private static let failed = "\(CircuitCallLabel.failure.rawValue)|\(CircuitCallLabel.slow.rawValue)"
    private static let failing = PromQL.ratio(
        Self.guarded.where(.matches(.outcome, Self.failed)).rate(.rateInterval).sum(by: [.service, .breaker]),
        Self.guarded.rate(.rateInterval).sum(by: [.service, .breaker]))

    static let edges = Row("Callers and called", columns: 4) {
        Table(
            "From whom to whom",
            "Each pair of a caller and a service it can call, over HTTP and gRPC together, as the caller's breaker "
                + "counts them.", keys: [.init(.service, "Caller"), .init(.breaker, "Called")]
        ) {
            Column("Calls", .requestsPerSecond, Self.guarded.rate(.rateInterval).sum(by: [.service, .breaker]))
            Column("Failing", .ratio, Self.failing, .above(0.01, 0.1))
            Column(
                "Refused", .requestsPerSecond,
                Self.guarded.where(.is(CircuitCallLabel.rejected)).rate(.rateInterval).sum(by: [.service, .breaker]),
                .from(0.001))
            Column("Breaker", .none, .breakerState(Self.caller), .above(1, 2), states: StateName.breakerStates)
        }.spanning(2).link(.traces(of: .service))
        TimeSeries(
            "Failing share by edge", .ratio,
            "Share of calls that failed or were too slow. Lines that rise together towards one service say that it is "
                + "the cause."
        ) {
            Query(Self.failing, "\(.service) → \(.breaker)")
        }.thresholds(.above(0.01, 0.1)).scale().link(.traces(of: .service))
        TimeSeries(
            "Endpoints passed over", .none,
            "Instances of a service that fail where the others do not, and get no calls for a while. One that comes "
                + "back each time is ill."
        ) {
            Query(
                Series(OutlierMetrics.ejected, Self.caller).value.max(by: [.service, .client]),
                "\(.service) → \(.client)")
        }.thresholds(.from(1)).scale()
    }

    static let http = Row("HTTP", columns: 3) {
        TimeSeries("HTTP calls by edge", .requestsPerSecond, "Requests sent, by caller and address called.") {
            Query(
                Self.requests.rate(by: .service, .calledAddress, .calledPort),
                "\(.service) → \(.calledAddress):\(.calledPort)")
        }.link(.traces(of: .service))
        TimeSeries(
            "HTTP p95 by edge", .seconds,
            "How long callers wait. Marks are single calls: a click opens the trace."
        ) {
            Query(
                Self.requests.quantile(0.95, by: .service, .calledAddress, .calledPort),
                "\(.service) → \(.calledAddress):\(.calledPort)", exemplars: true)
        }.thresholds(.above(0.1, 0.5)).scale().link(.traces(of: .service))
        TimeSeries(
            "HTTP failures by kind", .requestsPerSecond,
            "What failed: a status, or why there was no answer. Empty while nothing fails."
        ) {
            Query(Self.requests.failures(by: .service, .errorType), "\(.service) \(.errorType)")
        }.needs(.only("when calls between services fail")).link(.traces(of: .service))
    }

    static let rpc = Row("gRPC", columns: 3) {
        TimeSeries("gRPC calls by edge", .requestsPerSecond, "Calls by caller and method called.") {
            Query(Self.calls.rate(by: .service, .rpcMethod), "\(.service) → \(.rpcMethod)")
        }.link(.traces(of: .service))
        TimeSeries("gRPC p95 by edge", .seconds, "How long callers wait for a status.") {
            Query(Self.calls.quantile(0.95, by: .service, .rpcMethod), "\(.service) → \(.rpcMethod)", exemplars: true)
        }.thresholds(.above(0.1, 0.5)).scale().link(.traces(of: .service))
        TimeSeries("gRPC failing by edge", .ratio, "Share of calls whose status says that the server failed.") {
            Query(Self.calls.failureRatio(by: .service, .rpcMethod), "\(.service) → \(.rpcMethod)")
        }.thresholds(.above(0.001, 0.01)).scale().link(.traces(of: .service))
    }

    static let pools = Row("Connections and databases", columns: 4) {
        TimeSeries(
            "Pooled connections", .short,
            "Connections to each service, by state. Many in use at a steady rate mean slow answers."
        ) {
            Query(
                Series(HTTPPoolMetrics.connections, Self.caller).value.sum(by: [.calledName, .connectionState]),
                "\(.calledName) \(.connectionState)")
        }.scale()
        TimeSeries(
            "Calls that wait for a connection", .short,
            "Anything but 0 for long: the pool is too small, or the called service too slow."
        ) {
            Query(
                Series(HTTPPoolMetrics.waiting, Self.caller).value.sum(by: [.service, .calledName]),
                "\(.service) → \(.calledName)")
        }.thresholds(.above(1, 20)).scale()
        TimeSeries(
            "HTTP/2 connections and streams", .short,
            "Connections that calls of gRPC share, and the calls in progress on them."
        ) {
            Query(
                Series(HTTPPoolMetrics.sharedConnections, Self.caller).value.sum(by: [.calledName]),
                "\(.calledName) connections")
            Query(Series(HTTPPoolMetrics.streams, Self.caller).value.sum(by: [.calledName]), "\(.calledName) streams")
        }.scale()
        TimeSeries(
            "Statements p95", .seconds,
            "How long services wait for their databases, waiting for a connection included."
        ) {
            Query(Self.statements.quantile(0.95, by: .service), "\(.service)")
        }.thresholds(.above(0.05, 0.1)).scale().link(.dashboard(.stores, .service, .service))
    }
}
