import Resilience
import Telemetry

extension Dashboard {
    static let resilience = Dashboard(
        .resilience,
        "What keeps a failure from spreading: breakers, retries and their budget, bounds on calls in flight, "
            + "shedding, deadlines and kept answers. Quiet in good times; in bad ones it says what is being held "
            + "back.",
        tags: ["resilience"], variables: [.service, .breaker],
        related: [.overview, .dependencies, .chaos, .gateway]
    ) {
        ResilienceRows.now
        ResilienceRows.breakers
        ResilienceRows.retries
        ResilienceRows.bounds
    }
}

private enum ResilienceRows {
    static let service = DashboardVariable.service.condition
    static let breaker = DashboardVariable.breaker.condition
    static let calls = Series(CircuitBreakerMetrics.calls, Self.service, Self.breaker)
    static let transitions = Series(CircuitBreakerMetrics.transitions, Self.service, Self.breaker)
    static let attempts = Series(RetryMetrics.attempts, Self.service)
    static let priority = LabelKey(LoadPriority.self)

    /// Attempts after the first, of all that were made.
    private static let resent = PromQL.ratio(
        Self.attempts.where(.matches(.outcome, "success|failure")).rate(.rateInterval).sum(),
        Series(CircuitBreakerMetrics.calls, Self.service).rate(.rateInterval).sum())

    static let now = Row("Now", columns: 6, height: 4) {
        Stat(
            "Open breakers", .none,
            "Breakers that refuse calls now, those opened by hand included. Each one means that a service is not "
                + "reached.", hasTrend: false
        ) {
            Query(.openBreakers(Self.service, Self.breaker))
        }.thresholds(.from(1))
        Stat(
            "Changes of state", .none, "Of all breakers within the range shown. Many within minutes: one is flapping.",
            hasTrend: false
        ) {
            Query(Self.transitions.increase(.range).sum())
        }.thresholds(.above(1, 10)).decimals(0)
        Stat(
            "Refused by breakers", .requestsPerSecond,
            "Calls refused without being made. Anything but 0 is felt by customers, unless a kept answer stands in."
        ) {
            Query(Self.calls.where(.is(CircuitCallLabel.rejected)).rate(.rateInterval).sum())
        }.thresholds(.above(0.01, 1))
        Stat("Sent again", .ratio, "Attempts after the first, of all. Above a tenth the retries themselves are load.") {
            Query(Self.resent)
        }.thresholds(.above(0.02, 0.1)).decimals(2)
        Stat(
            "Retry budget left", .ratio,
            "The least of all clients. At 0 failures are passed on at once: an outage has lasted."
        ) {
            Query(Series(RetryMetrics.remaining, Self.service).value.min())
        }.thresholds(.below(0.8, 0.2)).scale(to: 1)
        Stat("Shed", .requestsPerSecond, "Requests refused with 503 because too many are in progress.") {
            Query(Series(BulkheadMetrics.shed, Self.service).rate(.rateInterval).sum())
        }.thresholds(.above(0.01, 1))
    }

    static let breakers = Row("Breakers", columns: 2) {
        StateTimeline(
            "State of each breaker",
            "Caller and called service. Green is closed; red refuses calls; yellow tries whether it works again. "
                + "Stripes are flapping.", states: StateName.breakerStates
        ) {
            Query(.breakerState(Self.service, Self.breaker), "\(.service) → \(.breaker)")
        }
        TimeSeries(
            "Changes of state by target", .none,
            "How often breakers came into each state within the last moments. Open again after half open: the cause "
                + "is still there."
        ) {
            Query(
                Self.transitions.increase(.rateInterval).sum(by: [.breaker, .transitionTarget]),
                "\(.breaker) to \(.transitionTarget)")
        }.scale()
        TimeSeries(
            "What breakers decide on", .ratio,
            "Shares of failed and of slow calls in each breaker's window. A breaker opens at a half."
        ) {
            Query(
                Series(CircuitBreakerMetrics.failureRatio, Self.service, Self.breaker).value.max(
                    by: [.service, .breaker]), "\(.service) → \(.breaker) failed")
            Query(
                Series(CircuitBreakerMetrics.slowRatio, Self.service, Self.breaker).value.max(
                    by: [.service, .breaker]), "\(.service) → \(.breaker) slow")
        }.thresholds(.above(0.25, 0.5)).scale(to: 1)
        TimeSeries(
            "Calls by outcome", .requestsPerSecond,
            "All guarded calls. Red failed, orange were too slow, purple were refused without being made.",
            isStacked: true
        ) {
            Query(Self.calls.rate(.rateInterval).sum(by: [.outcome]), "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
    }

    static let retries = Row("Retries and deadlines", columns: 3) {
        TimeSeries(
            "Resends by outcome", .perSecond,
            "Resends by how they ended, and failures that were not sent again by why. budget_exhausted: an outage, "
                + "and retries no longer make it worse."
        ) {
            Query(Self.attempts.rate(.rateInterval).sum(by: [.outcome]), "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries(
            "Retry budget left by client", .ratio,
            "How much of what can be saved up is left. Falls while calls fail, and is earned back by calls that do "
                + "not."
        ) {
            Query(
                Series(RetryMetrics.remaining, Self.service).value.min(by: [.service, .client]),
                "\(.service) → \(.client)")
        }.thresholds(.below(0.8, 0.2)).scale(to: 1)
        TimeSeries(
            "Deadlines passed", .perSecond,
            "Calls given up, or not begun, because no time was left. A few are slow customers' lines; many mean that "
                + "something behind is slow."
        ) {
            Query(
                Series(DeadlineMetrics.exceeded, Self.service).rate(.rateInterval).sum(by: [.service, .client]),
                "\(.service) → \(.client)")
        }.thresholds(.above(0.1, 1)).scale()
    }

    static let bounds = Row("Bounds, shedding and kept answers", columns: 4) {
        TimeSeries(
            "Calls within bounds", .short,
            "Calls in flight to each service. A line that is flat at the top stands at its bound: further calls queue."
        ) {
            Query(
                Series(BulkheadMetrics.inFlight, Self.service).value.sum(by: [.service, .bulkhead]),
                "\(.service) → \(.bulkhead)")
        }.scale()
        TimeSeries(
            "Refused at a bound", .perSecond,
            "Calls refused because the queue was full or their time was up in it. Anything but 0: the called service "
                + "is too slow for its load."
        ) {
            Query(
                Series(BulkheadMetrics.rejected, Self.service).rate(.rateInterval).sum(by: [.service, .bulkhead]),
                "\(.service) → \(.bulkhead)")
        }.thresholds(.from(0.01)).scale()
        TimeSeries(
            "Adaptive limit", .short,
            "Requests in progress that each service allows itself. It falls when answers get slower under load, and "
                + "climbs back slowly."
        ) {
            Query(
                Series(BulkheadMetrics.limit, Self.service).value.min(by: [.service]), "\(.service)")
        }.scale()
        TimeSeries(
            "Shed by priority", .requestsPerSecond,
            "503 under load: background first, critical last. The kept answers that stood in are on the gateway's "
                + "dashboard.", isStacked: true
        ) {
            Query(
                Series(BulkheadMetrics.shed, Self.service).rate(.rateInterval).sum(by: [Self.priority]),
                "\(Self.priority)")
            Query(
                Series(FallbackMetrics.answers, Self.service).rate(.rateInterval).sum(by: [.outcome]),
                "kept answer \(.outcome)")
        }.scale()
    }
}
