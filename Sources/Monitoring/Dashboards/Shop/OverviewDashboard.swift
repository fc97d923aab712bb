import Faults
import Gateway
import OrderService
import Resilience
import ServiceKit
import Telemetry

extension Dashboard {
    static let overview = Dashboard(
        .overview,
        "Is the shop well? Customers' journeys, what they ask and what it earns, and what is wrong now. Everything "
            + "else is one click from here.",
        tags: ["start"],
        related: [.service, .objectives, .business, .resilience, .chaos, .logs]
    ) {
        OverviewRows.now
        OverviewRows.journeys
        OverviewRows.trends
        OverviewRows.wrong
    }
}

private enum OverviewRows {
    static let requests = RED.requests.where(.is(.service, ServiceName.gateway.rawValue))
    static let placed = Series(OrderMetrics.placed, .is(OrderMetrics.Outcome.placed))
    private static let firing = LabelCondition.is(.alertState, "firing")
    private static let urgent = LabelCondition.matches(
        .severity, [AlertRule.Severity.page, .ticket].map(\.rawValue).joined(separator: "|"))
    private static let alerts = PromQL.named("ALERTS", Self.firing, Self.urgent)

    static let now = Row("Now", columns: 8, height: 4) {
        Stat("Services up", .none, "Of five. One that is missing is down or unreachable.", hasTrend: false) {
            Query(PromQL.servicesUp.sum())
        }.thresholds(.all(ServiceName.allCases.count))
        Stat(
            "Alerts", .none, "Pages and tickets that are firing. What they are is in the table below.",
            hasTrend: false
        ) {
            Query(Self.alerts.count().orZero)
        }.thresholds(.from(1))
        Stat("Open breakers", .none, "Services that somebody has stopped calling.", hasTrend: false) {
            Query(.openBreakers())
        }.thresholds(.from(1))
        Stat("Requests", .requestsPerSecond, "From outside. A sudden fall is as bad as a rise.") {
            Query(Self.requests.rate())
        }
        Stat("Failing", .ratio, "Share of answers from 500 on. Worry above 1 %.") {
            Query(Self.requests.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("Latency p95", .seconds, "Nineteen of twenty answers are faster. Worry above half a second.") {
            Query(Self.requests.quantile(0.95))
        }.thresholds(.above(0.25, 0.5))
        Stat(
            "Orders", .perMinute,
            "Placed a minute. None for minutes, while there are requests, is an outage of the checkout."
        ) {
            Query(Self.placed.rate(.rateInterval).sum() * 60)
        }
        Stat("Revenue", .dollars, "What orders placed within the range shown came to.", hasTrend: false) {
            Query(Series(OrderMetrics.orderValue, .is(.currency, "USD")).increase(.range).sum() / 100)
        }
    }

    private static let journey = LabelKey("journey")
    private static let budgetLeft = ObjectiveSeries.budgetRemaining()

    /// Of each journey, from the objective of this kind.
    private static func byJourney(_ kind: String, _ series: PromQL) -> PromQL {
        series.labelled(Self.journey, "$1", from: SlothSeries.slo, matching: "(.+)-\(kind)")
            .max(by: [Self.journey])
    }
    private static func of(_ kind: String) -> LabelCondition {
        .matches(SlothSeries.slo, ".+-\(kind)")
    }
    private static func available(_ window: ObjectiveWindow) -> PromQL {
        Self.byJourney("availability", ObjectiveSeries.errorRatio(window, Self.of("availability"))).complement
    }
    private static func fast(_ window: ObjectiveWindow) -> PromQL {
        Self.byJourney("latency", ObjectiveSeries.errorRatio(window, Self.of("latency"))).complement
    }

    static let journeys = Row("Journeys", columns: 3, height: 8) {
        Table(
            "Journeys of customers",
            "What each journey was promised to be, and how much may still go wrong this month. Red budgets first.",
            keys: [.init(Self.journey, "Journey")]
        ) {
            Column("Available", .ratio, Self.available(.fiveMinutes), .below(0.999, 0.99))
            Column(
                "Budget left", .ratio,
                Self.byJourney("availability", ObjectiveSeries.budgetRemaining(Self.of("availability"))),
                .below(0.5, 0.1))
            Column("Fast enough", .ratio, Self.fast(.fiveMinutes), .below(0.99, 0.95))
            Column(
                "Budget left for slowness", .ratio,
                Self.byJourney("latency", ObjectiveSeries.budgetRemaining(Self.of("latency"))), .below(0.5, 0.1))
        }.spanning(2)
        BarGauge("Budgets", .ratio, "Of thirty days, the ones with the least left first to read.") {
            Query(Self.budgetLeft, "\(SlothSeries.slo)")
        }.thresholds(.below(0.5, 0.1)).scale(to: 1)
    }

    static let trends = Row("Traffic", columns: 4, height: 7) {
        TimeSeries(
            "Answers by class", .requestsPerSecond, "From outside, by class of status. 5xx is ours.",
            isStacked: true
        ) {
            Query(Self.requests.rateByStatusClass, "\(.statusClass)")
        }.colours(SeriesColour.outcomes + [.init("2xx", .green), .init("3xx", .blue)])
        TimeSeries(
            "Latency p95 by journey", .seconds,
            "What customers wait for, by what they do. Marks are single requests: a click opens the trace."
        ) {
            CustomerJourney.allCases.map { Query(Self.latency(of: $0), "\($0.rawValue)", exemplars: true) }
        }.thresholds(.above(0.25, 0.5)).scale()
        TimeSeries(
            "Orders by outcome", .perMinute, "Tries to order. Green is money; red is ours to mend.",
            isStacked: true
        ) {
            Query(Series(OrderMetrics.placed).rate(.rateInterval).sum(by: [.outcome]) * 60, "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries("Failing share by service", .ratio, "The service that rises first is the cause.") {
            Query(RED.requests.failureRatio(by: .service), "\(.service)")
        }.thresholds(.above(0.001, 0.01)).scale().link(.dashboard(.service, .service, .service))
            .link(.traces(of: .service)).link(.logs(of: .service))
    }

    private static func latency(of journey: CustomerJourney) -> PromQL {
        Self.requests.where(journey.requests.filter(\.isTimed).conditions).quantile(0.95)
    }

    static let wrong = Row("What is wrong now", columns: 3, height: 8) {
        Table(
            "Firing alerts", "Empty while all is well. Each leads to its runbook in the alert itself.",
            keys: [.init(.alertName, "Alert"), .init(.severity, "Severity"), .init(.service, "Service")]
        ) {
            Column("Firing", .none, Self.alerts.max(by: [.alertName, .severity, .service]))
        }.needs(.only("when an alert fires"))
        StateTimeline(
            "Breakers", "Green is closed. Red: calls are refused; look at the service that is called.",
            states: StateName.breakerStates
        ) {
            Query(.breakerState(), "\(.service) → \(.breaker)")
        }.link(.dashboard(.resilience, .service, .service))
        StateTimeline(
            "Services", "Since when each is up, as the monitoring sees it.",
            states: [
                StateName(0, "down", .red), StateName(1, "up", .green),
            ]
        ) {
            Query(PromQL.servicesUp.min(by: [.service]), "\(.service)")
        }.link(.logs(of: .service))
    }
}
