import LoadGenerator
import Telemetry

extension Dashboard {
    static let load = Dashboard(
        .load,
        "The made-up customers: what was asked of the shop, what it answered, and how long they waited, counted from "
            + "when each request was due, so that a stall is not hidden by asking less.",
        tags: ["load"], related: [.overview, .gateway, .chaos, .service]
    ) {
        LoadRows.now
        LoadRows.arrivals
        LoadRows.answers
        LoadRows.steps
    }
}

private enum LoadRows {
    static let requests = Series(LoadMetrics.requests)
    static let waited = Series(LoadMetrics.requestDuration)
    static let served = Series(LoadMetrics.serviceDuration)
    static let journeys = Series(LoadMetrics.journeys)
    static let step = LabelKey(LoadStep.self)
    static let journey = LabelKey(JourneyKind.self)
    static let dropped = LabelCondition.isAny(
        LoadMetrics.JourneyOutcome.droppedForRoom, LoadMetrics.JourneyOutcome.droppedForCustomer)

    private static let failing = PromQL.ratio(
        Self.requests.where(.is(LoadOutcome.Kind.failed)).rate(.rateInterval).sum(),
        Self.requests.rate(.rateInterval).sum())

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Asked for", .operationsPerSecond, "Journeys a second that the plan wants now.") {
            Query(Series(LoadMetrics.rate).value.sum())
        }
        Stat("Requests", .requestsPerSecond, "Requests that ended. Each journey makes several.") {
            Query(Self.requests.rate(.rateInterval).sum())
        }
        Stat(
            "Failing", .ratio,
            "Share of requests that failed or got no answer, as customers see it. Worry above 1 %."
        ) {
            Query(Self.failing)
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("Waited p95", .seconds, "From when a request was due to the end of its answer.") {
            Query(Self.waited.quantile(0.95, .rateInterval))
        }.thresholds(.above(0.25, 0.5))
        Stat("Under way", .short, "Journeys that have begun and not ended.") {
            Query(Series(LoadMetrics.journeysInFlight).value.sum())
        }.thresholds(.neutral)
        Stat(
            "Late p99", .seconds,
            "How late the generator itself begins journeys. From 5 ms on its numbers are its own, not the shop's."
        ) {
            Query(Series(LoadMetrics.arrivalLag).quantile(0.99, .rateInterval))
        }.thresholds(.above(0.005, 0.05))
    }

    static let arrivals = Row("Journeys", columns: 4) {
        TimeSeries(
            "Arrivals", .operationsPerSecond,
            "Journeys that were due, and those that the plan asks for. They agree, whatever the shop does: customers "
                + "do not wait for one another."
        ) {
            Query(Series(LoadMetrics.arrivals).rate(.rateInterval).sum(), "due")
            Query(Series(LoadMetrics.rate).value.sum(), "asked for")
            Query(Self.journeys.where(Self.dropped).rate(.rateInterval).sum(), "dropped")
        }.colours([.init("dropped", .red)]).scale()
        TimeSeries(
            "Journeys by outcome", .operationsPerSecond,
            "Abandoned ones met a failure or a refusal. Dropped ones never began: too many were under way.",
            isStacked: true
        ) {
            Query(Self.journeys.rate(.rateInterval).sum(by: [.outcome]), "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries("Journeys by kind", .operationsPerSecond, "The mix of what customers do.", isStacked: true) {
            Query(Self.journeys.rate(.rateInterval).sum(by: [Self.journey]), "\(Self.journey)")
        }.scale()
        TimeSeries(
            "Journeys under way", .short,
            "And how many may be at once. At the limit further arrivals are dropped: the shop does not keep up."
        ) {
            Query(Series(LoadMetrics.journeysInFlight).value.sum(), "under way")
            Query(Series(LoadMetrics.journeysLimit).value.sum(), "limit")
        }.colours([.init("limit", .red)]).scale()
    }

    static let answers = Row("Requests", columns: 3) {
        TimeSeries(
            "Requests by outcome", .requestsPerSecond,
            "Refused is a refusal that makes sense, such as out of stock. Degraded was answered with less than asked "
                + "for.", isStacked: true
        ) {
            Query(Self.requests.rate(.rateInterval).sum(by: [.outcome]), "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries(
            "Waited, and served", .seconds,
            "Waited counts from when the request was due; served from when it had a connection. A gap between the two "
                + "is a queue in front of the shop."
        ) {
            Query(Self.waited.quantile(0.5, .rateInterval), "p50 waited")
            Query(Self.waited.quantile(0.95, .rateInterval), "p95 waited")
            Query(Self.waited.quantile(0.99, .rateInterval), "p99 waited")
            Query(Self.served.quantile(0.95, .rateInterval), "p95 served")
        }.thresholds(.above(0.25, 0.5)).scale()
        HeatMap(
            "Where waiting times lie", .seconds, "How many requests were waited for how long.",
            buckets: Self.waited.buckets.rate(.rateInterval).sum(by: [.le]))
        TimeSeries(
            "Lateness of the generator", .seconds,
            "From when a journey was due to when it began. Its own fault, not the shop's."
        ) {
            Query(Series(LoadMetrics.arrivalLag).quantile(0.5, .rateInterval), "p50")
            Query(Series(LoadMetrics.arrivalLag).quantile(0.99, .rateInterval), "p99")
        }.colours(SeriesColour.quantiles).thresholds(.above(0.005, 0.05)).scale()
        TimeSeries("Waited p95 by step", .seconds, "Which of the things customers do is slow.") {
            Query(Self.waited.quantile(0.95, .rateInterval, by: [Self.step]), "\(Self.step)")
        }.thresholds(.above(0.25, 0.5)).scale()
        TimeSeries("Requests by step", .requestsPerSecond, "The mix of what customers do, request by request.", isStacked: true) {
            Query(Self.requests.rate(.rateInterval).sum(by: [Self.step]), "\(Self.step)")
        }.scale()
    }

    static let steps = Row("Steps", columns: 1, height: 9) {
        Table("Steps of journeys", "Every kind of request, over the last minutes.", keys: [.init(Self.step, "Step")]) {
            Column("Rate", .requestsPerSecond, Self.requests.rate(.rateInterval).sum(by: [Self.step]))
            Column(
                "Failing", .ratio,
                .ratio(
                    Self.requests.where(.is(LoadOutcome.Kind.failed)).rate(.rateInterval).sum(by: [Self.step]),
                    Self.requests.rate(.rateInterval).sum(by: [Self.step])), .above(0.001, 0.01))
            Column("p50", .seconds, Self.waited.quantile(0.5, .rateInterval, by: [Self.step]))
            Column("p95", .seconds, Self.waited.quantile(0.95, .rateInterval, by: [Self.step]), .above(0.25, 0.5))
            Column("p99", .seconds, Self.waited.quantile(0.99, .rateInterval, by: [Self.step]), .above(0.5, 1))
        }
    }
}
