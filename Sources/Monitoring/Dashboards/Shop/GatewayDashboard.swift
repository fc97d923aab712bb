import Resilience
import ServiceKit
import Telemetry

extension Dashboard {
    static let gateway = Dashboard(
        .gateway,
        "The shop's edge: what comes in, what is refused at the door and why, what is answered from what was kept, "
            + "and how the gateway fares with the services behind it.",
        tags: ["edge", "red"], related: [.overview, .service, .resilience, .load]
    ) {
        GatewayRows.now
        GatewayRows.traffic
        GatewayRows.refusals
        GatewayRows.connections
    }
}

private enum GatewayRows {
    static let here = LabelCondition.is(.service, ServiceName.gateway.rawValue)
    static let requests = RED.requests.where(Self.here)
    static let limited = Series(RateLimiterMetrics.rejected, Self.here)
    static let shed = Series(BulkheadMetrics.shed, Self.here)
    static let fallback = Series(FallbackMetrics.answers, Self.here)

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Requests", .requestsPerSecond, "All that come in from outside. None at all is an outage in front of us.")
        {
            Query(Self.requests.rate())
        }
        Stat("Failing", .ratio, "Share answered with a status from 500 on. Worry above 1 %.") {
            Query(Self.requests.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("Latency p95", .seconds, "What customers wait for, the network left out. Worry above half a second.") {
            Query(Self.requests.quantile(0.95))
        }.thresholds(.above(0.25, 0.5))
        Stat(
            "Over the rate limit", .requestsPerSecond,
            "Requests refused with 429. More than a few a second is one client gone wild, or an attack."
        ) {
            Query(Self.limited.rate(.rateInterval).sum())
        }.thresholds(.above(1, 10))
        Stat(
            "Shed", .requestsPerSecond,
            "Requests refused with 503 because too many are in progress. Anything but 0 means that capacity is "
                + "reached."
        ) {
            Query(Self.shed.rate(.rateInterval).sum())
        }.thresholds(.above(0.01, 1))
        Stat(
            "Older answers", .requestsPerSecond,
            "Answers from what was kept, because the catalogue could not be asked. Anything but 0: customers see old "
                + "prices."
        ) {
            Query(Self.fallback.where(.is(.outcome, "stale")).rate(.rateInterval).sum())
        }.thresholds(.above(0.01, 1))
    }

    static let traffic = Row("Traffic", columns: 3) {
        TimeSeries(
            "Answers by class", .requestsPerSecond,
            "Requests by class of status. 429 and 401 are among 4xx; a rise of 5xx is ours.", isStacked: true
        ) {
            Query(Self.requests.rateByStatusClass, "\(.statusClass)")
        }.colours(SeriesColour.outcomes + [.init("2xx", .green), .init("3xx", .blue)])
        TimeSeries("Latency", .seconds, "As customers meet it. Marks are single requests: a click opens the trace.") {
            Query(Self.requests.quantile(0.5), "p50")
            Query(Self.requests.quantile(0.95), "p95", exemplars: true)
            Query(Self.requests.quantile(0.99), "p99")
        }.colours(SeriesColour.quantiles).scale()
        TimeSeries(
            "In progress", .short,
            "Requests being answered, and how many may be before some are shed. Worry when the two meet."
        ) {
            Query(Series(HTTPMetrics.serverActive, Self.here).value.sum(), "in progress")
            Query(Series(BulkheadMetrics.limit, Self.here).value.max(), "limit")
        }.colours([.init("limit", .red)]).scale()
        Table(
            "Routes",
            "Every route that was asked for. A high share of failures on one alone points to the service behind it.",
            keys: [.init(.requestMethod, "Method"), .init(.route, "Route")]
        ) {
            Column("Rate", .requestsPerSecond, Self.requests.rate(by: .requestMethod, .route))
            Column("Failing", .ratio, Self.requests.failureRatio(by: .requestMethod, .route), .above(0.001, 0.01))
            Column("p95", .seconds, Self.requests.quantile(0.95, by: .requestMethod, .route), .above(0.25, 0.5))
        }.spanning(2)
        TimeSeries(
            "Refused by status", .requestsPerSecond,
            "Answers from 400 to 499 by status: 401 without a token, 404 for what is not there, 409 out of stock, 429 "
                + "over the limit. Empty while nobody is refused."
        ) {
            Query(Self.requests.where(.matches(.responseStatus, "4..")).rate(by: .responseStatus), "\(.responseStatus)")
        }.needs(.only("when requests are refused"))
    }

    static let refusals = Row("At the door", columns: 4) {
        TimeSeries(
            "Over the rate limit, by what is counted", .requestsPerSecond,
            "429 by address or by user. By address and many: an attack. By user: a client that retries without "
                + "waiting."
        ) {
            Query(Self.limited.rate(.rateInterval).sum(by: [.limiter]), "\(.limiter)")
            Query(
                Series(RateLimiterMetrics.forgotten, Self.here).rate(.rateInterval).sum(by: [.limiter]),
                "\(.limiter) forgotten early")
        }.scale()
        TimeSeries(
            "Shed by priority", .requestsPerSecond,
            "503 under load: background first, critical last. Worry as soon as normal ones are shed.", isStacked: true
        ) {
            Query(
                Self.shed.rate(.rateInterval).sum(by: [LabelKey(LoadPriority.self)]), "\(LabelKey(LoadPriority.self))")
        }.scale()
        TimeSeries(
            "Access tokens", .perSecond,
            "Tokens presented, by what became of them. Refused ones in number: somebody guesses, or clocks differ.",
            isStacked: true
        ) {
            Query(
                Series(SecurityMetrics.tokens, Self.here).rate(.rateInterval).sum(by: [.outcome]), "\(.outcome)")
        }.colours(SeriesColour.outcomes)
        TimeSeries(
            "Broken messages", .perSecond,
            "What never became a request: against the protocol, too large, too slow. Empty while there was none."
        ) {
            Query(Series(HTTPMetrics.refusals, Self.here).rate(.rateInterval).sum(by: [.reason]), "\(.reason)")
        }.needs(.only("when a peer breaks the protocol"))
    }

    static let connections = Row("Connections and what is kept", columns: 4) {
        TimeSeries(
            "Connections by loop", .short,
            "Open connections on each event loop, both ways. Even lines are good: new connections go to the emptiest."
        ) {
            Query(Series(RuntimeMetrics.loopConnections, Self.here).value.sum(by: [.loop]), "loop \(.loop)")
        }.scale()
        TimeSeries(
            "Refused connections", .perSecond,
            "Refused because the limit is reached or no descriptor is left. Anything but 0 turns customers away."
        ) {
            Query(Series(HTTPMetrics.refusedConnections, Self.here).rate(.rateInterval).sum(), "refused")
        }.thresholds(.from(0.01)).scale()
        TimeSeries(
            "Connections to services", .short,
            "Of the pool, by service and state. All in use and calls that wait mean that the service behind is slow."
        ) {
            Query(
                Series(HTTPPoolMetrics.connections, Self.here).value.sum(by: [.calledName, .connectionState]),
                "\(.calledName) \(.connectionState)")
            Query(Series(HTTPPoolMetrics.waiting, Self.here).value.sum(by: [.calledName]), "\(.calledName) waiting")
        }.scale()
        TimeSeries(
            "Kept answers", .perSecond,
            "How often a kept answer was asked for, by what was found: stale stood in, missing and expired could not "
                + "and the request failed.", isStacked: true
        ) {
            Query(
                Self.fallback.rate(.rateInterval).sum(by: [.fallback, .outcome]), "\(.fallback) \(.outcome)")
        }.scale()
    }
}
