import Telemetry

extension Dashboard {
    static let logs = Dashboard(
        .logs,
        "What the services say: how much, how severe, and the lines themselves. Every line of a request carries the "
            + "number of its trace, and a click on it leads there.",
        tags: ["logs"], variables: [.service, .search], related: [.overview, .service, .telemetry, .chaos]
    ) {
        LogRows.now
        LogRows.counts
        LogRows.troubles
        LogRows.events
        LogRows.tail
    }
}

private enum LogRows {
    static let service = DashboardVariable.service.condition
    static let counted = Series(SelfMetrics.lines, Self.service)
    static let lines = LogQL.lines(of: .service)

    static let now = Row("Now", columns: 4, height: 4) {
        Stat("Lines", .perSecond, "Put out by all chosen services.") {
            Query(Self.counted.rate(.rateInterval).sum())
        }
        Stat("Warnings", .perSecond, "Degraded, but served. A steady trickle wants a look on a working day.") {
            Query(Self.counted.where(.is(.severity, "warn")).rate(.rateInterval).sum())
        }.thresholds(.above(0.1, 1))
        Stat("Errors", .perSecond, "Lines that want a person. In good times there are none.") {
            Query(Self.counted.where(.is(.severity, "error")).rate(.rateInterval).sum())
        }.thresholds(.above(0.01, 0.1))
        Stat("Lost", .perSecond, "Lines dropped because a buffer was full: what is below has holes.") {
            Query(Series(SelfMetrics.linesDropped, Self.service).rate(.rateInterval).sum())
        }.thresholds(.from(0.01))
    }

    static let counts = Row("How many", columns: 3) {
        TimeSeries(
            "Lines by severity", .perSecond,
            "As the services count them. A rise of errors is the first thing to look at.", isStacked: true
        ) {
            Query(Self.counted.rate(.rateInterval).sum(by: [.severity]), "\(.severity)")
        }.colours(SeriesColour.severities).scale()
        TimeSeries(
            "Warnings and errors by service", .perSecond,
            "Who complains. Callers complain of whom they call: the cause is often the one that is silent."
        ) {
            Query(
                Self.counted.where(.matches(.severity, "warn|error")).rate(.rateInterval).sum(
                    by: [.service, .severity]), "\(.service) \(.severity)")
        }.scale().link(.logs(of: .service)).link(.traces(of: .service))
        TimeSeries(
            "Lines in the store", .perSecond,
            "As they arrive in Loki. Less than the services put out: lines are lost on the way, or repeated ones were "
                + "left out."
        ) {
            Query(Self.lines.ratesByService, "{{service_name}}")
        }.scale()
    }

    static let troubles = Row("Troubles", columns: 2, height: 9) {
        Logs(
            "Errors", "Lines that want a person. Unfold one for its attributes and its trace.",
            Self.lines.at(.error))
        Logs(
            "Warnings and why", "Degraded but served: breakers, older answers, retries that were put off.",
            Self.lines.at(.warning))
    }

    static let events = Row("Events", columns: 3, height: 9) {
        Logs(
            "Orders", "Orders placed, cancelled, declined: the shop's own course.",
            Self.lines.saying("order placed", "order cancelled", "payment declined", "payment refunded"))
        Logs(
            "Breakers and endpoints", "Who no longer calls whom, since when, and why.",
            Self.lines.saying("circuit opened", "circuit changed", "endpoint ejected"))
        Logs(
            "Faults and processes", "What was broken on purpose, and which processes came and went.",
            Self.lines.saying(
                "fault set", "fault cleared", "fault expired", "service started", "service stopped"))
    }

    static let tail = Row("All", columns: 1, height: 12) {
        Logs(
            "Lines as they come", "Everything the chosen services say, and that contains what is typed above.",
            Self.lines.containing(.search))
    }
}
