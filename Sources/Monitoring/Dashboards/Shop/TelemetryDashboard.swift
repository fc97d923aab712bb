import Console
import ServiceKit
import Telemetry

extension Dashboard {
    static let telemetry = Dashboard(
        .telemetry,
        "Whether what all the other dashboards show can be believed: what is created, exported and lost on the way, "
            + "how many series there are, and what telling costs.",
        tags: ["telemetry"], variables: [.service], related: [.process, .logs, .overview]
    ) {
        TelemetryRows.now
        TelemetryRows.created
        TelemetryRows.exported
        TelemetryRows.scrapes
        TelemetryRows.console
    }
}

private enum TelemetryRows {
    static let service = DashboardVariable.service.condition
    static let cost = Series(SelfMetrics.processorTime, Self.service)
    static let spansExported = Series(PipelineMetrics.spansExported, Self.service)
    static let logsExported = Series(PipelineMetrics.logsExported, Self.service)
    static let lost = LabelCondition.isNot(.errorType, "")

    private static func scraped(_ name: String) -> PromQL {
        .named(name, Self.service)
    }

    static let now = Row("Now", columns: 6, height: 4) {
        Stat(
            "Targets", .none,
            "Services whose metrics arrive. One that is missing is down, or cannot be reached from the monitoring.",
            hasTrend: false
        ) {
            Query(Self.scraped("up").sum())
        }.thresholds(.below(5, 1))
        Stat("Series", .short, "Of all chosen services. It stays level under load: labels have known values.") {
            Query(Series(SelfMetrics.series, Self.service).value.sum())
        }.thresholds(.above(10_000, 20_000))
        Stat(
            "Without room", .perSecond,
            "Look-ups of series for which a metric had no room. Anything but 0: numbers are in the wrong series."
        ) {
            Query(Series(SelfMetrics.overflowed, Self.service).rate(.rateInterval).sum())
        }.thresholds(.from(0.001))
        Stat(
            "Lines lost", .perSecond,
            "Log lines dropped because a buffer was full. Whoever reads the log misses something."
        ) {
            Query(Series(SelfMetrics.linesDropped, Self.service).rate(.rateInterval).sum())
        }.thresholds(.from(0.01))
        Stat("Spans lost", .perSecond, "Given up by queues and exporters. Traces have holes.") {
            Query(
                Series(PipelineMetrics.spansProcessed, Self.service, Self.lost).rate(.rateInterval).sum()
                    + Self.spansExported.where(Self.lost).rate(.rateInterval).sum())
        }.thresholds(.from(0.01)).needs(.collector)
        Stat("Cost", .ratio, "Processor time spent on telemetry, of all that is spent. Above a tenth is too much.") {
            Query(
                .ratio(
                    Self.cost.rate(.rateInterval).sum(),
                    Series(ProcessMetrics.processorTime, Self.service).rate(.rateInterval).sum()))
        }.thresholds(.above(0.1, 0.25)).decimals(1)
    }

    static let created = Row("Created", columns: 4) {
        TimeSeries(
            "Spans started", .perSecond, "By what the sampler decided. DROP is what nobody will see.",
            isStacked: true
        ) {
            Query(
                Series(SpanMetrics.started, Self.service).rate(.rateInterval).sum(
                    by: [LabelKey(SpanSamplingResult.self)]), "\(LabelKey(SpanSamplingResult.self))")
        }.scale()
        TimeSeries(
            "Spans that have not ended", .short,
            "They follow the requests in progress. A line that only rises is a span that nobody ends."
        ) {
            Query(Series(SpanMetrics.live, Self.service).value.sum(by: [.service]), "\(.service)")
        }.scale()
        TimeSeries(
            "Log lines by severity", .perSecond,
            "Lines put out. Errors that rise are told of on the logs' dashboard.", isStacked: true
        ) {
            Query(
                Series(SelfMetrics.lines, Self.service).rate(.rateInterval).sum(by: [.severity]), "\(.severity)")
        }.colours(SeriesColour.severities).scale()
        TimeSeries(
            "Traces kept and dropped", .perSecond,
            "Once they had ended, by why they were kept: errors and slow ones always, a share of the others.",
            isStacked: true
        ) {
            Query(
                Series(TailMetrics.traces, Self.service).rate(.rateInterval).sum(by: [LabelKey(TailDecision.self)]),
                "\(LabelKey(TailDecision.self))")
        }.scale().needs(.only("when traces are kept by what became of them (tail sampling is set)"))
    }

    static let exported = Row("Exported", columns: 4) {
        TimeSeries(
            "Spans on their way", .perSecond,
            "Into the queue, out of the exporter, and lost. The first two agree, and nothing is lost."
        ) {
            Query(
                Series(PipelineMetrics.spansProcessed, Self.service).rate(.rateInterval).sum(), "queued or dropped")
            Query(Self.spansExported.where(.is(.errorType, "")).rate(.rateInterval).sum(), "exported")
            Query(Self.spansExported.where(Self.lost).rate(.rateInterval).sum(by: [.errorType]), "lost: \(.errorType)")
        }.scale().needs(.collector)
        TimeSeries("Log records on their way", .perSecond, "As for spans: what is exported agrees with what is queued.")
        {
            Query(Series(PipelineMetrics.logsProcessed, Self.service).rate(.rateInterval).sum(), "queued or dropped")
            Query(Self.logsExported.where(.is(.errorType, "")).rate(.rateInterval).sum(), "exported")
            Query(Self.logsExported.where(Self.lost).rate(.rateInterval).sum(by: [.errorType]), "lost: \(.errorType)")
        }.scale().needs(.collector)
        TimeSeries(
            "Queues and spool", .ratio,
            "How full they are. The spool fills while the collector is away, and empties after; at 100 % records are "
                + "lost."
        ) {
            Query(
                Series(PipelineMetrics.spanQueueSize, Self.service).value.max(by: [.service])
                    / Series(PipelineMetrics.spanQueueCapacity, Self.service).value.max(by: [.service]),
                "\(.service) spans")
            Query(
                Series(PipelineMetrics.logQueueSize, Self.service).value.max(by: [.service])
                    / Series(PipelineMetrics.logQueueCapacity, Self.service).value.max(by: [.service]),
                "\(.service) log records")
            Query(
                Series(PipelineMetrics.spoolSize, Self.service).value.max(by: [.service])
                    / Series(PipelineMetrics.spoolCapacity, Self.service).value.max(by: [.service]),
                "\(.service) spool", needs: .only("when a spool is set"))
        }.thresholds(.above(0.5, 0.9)).scale(to: 1).needs(.collector)
        TimeSeries(
            "Export p95", .seconds,
            "How long a batch takes, tries again included. Worry when it nears the deadline of ten seconds."
        ) {
            Query(
                Series(PipelineMetrics.operationDuration, Self.service).quantile(
                    0.95, .rateInterval, by: [.componentType]), "\(.componentType)")
        }.thresholds(.above(1, 5)).scale().needs(.collector)
    }

    static let scrapes = Row("Scraped, and the cost", columns: 4) {
        TimeSeries("Series by service", .short, "Each level from start to end; steps are new routes and peers.") {
            Query(Series(SelfMetrics.series, Self.service).value.max(by: [.service]), "\(.service)")
        }.scale()
        TimeSeries("Samples scraped", .short, "Samples of each scrape. What the store has to keep follows from it.") {
            Query(Self.scraped("scrape_samples_scraped").max(by: [.service]), "\(.service)")
        }.scale()
        TimeSeries(
            "Scrape duration", .seconds,
            "As the monitoring sees it. Near the scrape's time limit values will be missing."
        ) {
            Query(Self.scraped("scrape_duration_seconds").max(by: [.service]), "\(.service)")
        }.thresholds(.above(0.5, 1)).scale()
        TimeSeries("Rendering p95", .seconds, "How long a service takes to write its metrics out.") {
            Query(
                Series(SelfMetrics.collectionDuration, Self.service).quantile(0.95, .rateInterval, by: [.service]),
                "\(.service)")
        }.thresholds(.above(0.025, 0.1)).scale()
        TimeSeries(
            "Processor time by component", .ratio,
            "Of one core, all chosen services together, by what it was spent on.", isStacked: true
        ) {
            Query(
                Self.cost.rate(.rateInterval).sum(by: [LabelKey(TelemetryComponent.self)]),
                "\(LabelKey(TelemetryComponent.self))")
        }.scale()
        TimeSeries(
            "Lines not put out", .perSecond,
            "Dropped because a buffer was full, or left out because they repeat. The former is a loss, the latter is "
                + "meant."
        ) {
            Query(Series(SelfMetrics.linesDropped, Self.service).rate(.rateInterval).sum(), "dropped")
            Query(Series(SelfMetrics.linesSkipped, Self.service).rate(.rateInterval).sum(), "repeated")
        }.colours([.init("dropped", .red)]).scale()
        TimeSeries(
            "Sent again", .perSecond,
            "Records sent a second time although the first may have arrived. The receiver may have them twice."
        ) {
            Query(
                Series(PipelineMetrics.resent, Self.service).rate(.rateInterval).sum(by: [.componentType]),
                "\(.componentType)")
        }.scale().needs(.collector)
        TimeSeries(
            "Certificates' time left", .seconds,
            "Of those that telemetry is sent with. Renew them within a fortnight: after, nothing arrives any more."
        ) {
            Query(
                Series(CertificateMetrics.notAfter, Self.service).value.min(by: [.service, Self.certificate])
                    - PromQL.time, "\(.service) \(Self.certificate)")
        }.thresholds(.below(14 * 86_400, 3 * 86_400)).needs(
            .only("when certificates are set for sending telemetry"))
    }

    private static let certificate = LabelKey(ExportCertificate.self)
    private static let signal = LabelKey(ReceivedSignal.self)

    static let console = Row("The console", columns: 2) {
        TimeSeries(
            "Taken in, and not", .perSecond,
            "Spans, log records and metric points that were taken, refused or pushed out by newer ones; requests that "
                + "were not taken whole; events left out for pages that read too slowly."
        ) {
            Query(Series(ReceiverMetrics.accepted).rate(.rateInterval).sum(by: [Self.signal]), "\(Self.signal)")
            Query(Series(ReceiverMetrics.refused).rate(.rateInterval).sum(by: [.reason]), "refused: \(.reason)")
            Query(
                Series(ReceiverMetrics.requests, .isNot(.outcome, ReceiverMetrics.Outcome.taken.rawValue))
                    .rate(.rateInterval).sum(by: [.outcome]), "requests: \(.outcome)")
            Query(
                Series(ConsoleMetrics.evicted).rate(.rateInterval).sum(by: [Self.signal]), "\(Self.signal) pushed out")
            Query(Series(ConsoleMetrics.lagged).rate(.rateInterval).sum(), "events left out")
        }.scale()
        TimeSeries(
            "Memory of what is held", .ratio,
            "Of what the console may use. It stays full once it is: newer traces and lines push out older ones."
        ) {
            Query(
                .ratio(
                    Series(ConsoleMetrics.memory).value.max(by: [.service]),
                    Series(ConsoleMetrics.memoryLimit).value.max(by: [.service])), "used")
        }.scale(to: 1)
    }
}
