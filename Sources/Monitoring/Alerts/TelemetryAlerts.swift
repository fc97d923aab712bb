import Console
import ServiceKit
import Telemetry

/// Traces, logs and metrics that are lost before anybody sees them.
enum TelemetryAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea("telemetry", [Self.dropped, Self.failing, Self.filling, Self.lines, Self.overflow, Self.refused])
    }

    private static let component = LabelKey("otel.component.type")
    private static let error = LabelKey("error.type")
    private static let length = PromDuration.minutes(30)
    private static let exporter = [
        Label("service", "order"), Label("otel_component_type", "otlp_http_json_span_exporter"),
    ]

    private static func of(
        _ metric: some DescribedMetric, _ conditions: [LabelCondition], _ segments: InputSeries.Segment...
    ) -> InputSeries {
        InputSeries(Series(metric, where: [.is(.service, "order")] + conditions).value, segments)
    }

    private static func ofExporter(_ metric: some DescribedMetric, _ segments: InputSeries.Segment...) -> InputSeries {
        InputSeries(
            Series(metric, .is(.service, "order"), .is(self.component, "otlp_http_json_span_exporter")).value, segments)
    }

    private static let sending: [Runbook.Look] = [
        .query("Batches that wait on disk:", Series(PipelineMetrics.spoolBatches).value),
        .query(
            "How much of the room for them is used:",
            .ratio(Series(PipelineMetrics.spoolSize).value, Series(PipelineMetrics.spoolCapacity).value)),
        .query(
            "How long sending a batch takes:",
            Series(PipelineMetrics.operationDuration).quantile(
                0.95, .minutes(5), by: [.service, Self.component])),
        .query(
            "Spans by what became of them; without an error they have arrived:",
            Series(PipelineMetrics.spansExported).rate(.minutes(5)).sum(by: [.service, Self.error])),
        .command("What services say of it:", "grep -h -i 'telemetry' .vitrine/logs/*.log | tail -20"),
        .command("Whether the collector is there:", "curl -s http://127.0.0.1:13133/"),
    ]

    // MARK: Losses

    /// What a queue or an exporter gave up, each kind of record.
    private static var losses: PromQL {
        let metrics = [
            PipelineMetrics.spansProcessed, PipelineMetrics.logsProcessed, PipelineMetrics.spansExported,
            PipelineMetrics.logsExported, PipelineMetrics.pointsExported,
        ]
        let lost = metrics.map { Series($0, .isNot(self.error, "")).increase(.minutes(5)) }
        return lost.dropFirst().reduce(lost[0]) { $0.or($1) }
    }

    private static var dropped: Alert {
        let rule = AlertRule(
            "TelemetryDropped", .ticket,
            when: self.losses.sum(by: [.service, self.component, self.error]).greater(than: 0),
            summary: "{{ $labels.service }} loses telemetry: {{ $labels.error_type }}",
            description: "{{ $value | humanize }} records of {{ $labels.otel_component_type }} were given up within "
                + "five minutes.",
            dashboard: .telemetry)
        func spans(_ error: String, _ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    PipelineMetrics.spansProcessed, .is(.service, "order"),
                    .is(self.component, "batching_span_processor"), .is(self.error, error)
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Traces, log records or metrics were thrown away. `queue_full`: they come faster than they "
                    + "are sent. `spool_full`: nothing was received for so long that the disk's share is used up. "
                    + "`refused`, `rejected`: the receiver does not want them. `timeout`: it did not answer, and "
                    + "there is no spool.",
                customers: "None: telemetry never makes a request wait.",
                look: self.sending,
                steps: [
                    "`queue_full`: raise `OTEL_BSP_MAX_QUEUE_SIZE`, or sample less; look whether the receiver is slow.",
                    "`spool_full`, `timeout`: get the receiver going, see `TelemetryExportFailing`.",
                    "`refused`, `rejected`: the receiver's log says why – a wrong path, a missing token, records "
                        + "too large.",
                    "`spool_failed`: the disk is full or not writable.",
                    "Until then, mind that counts made from traces and logs are too low; metrics are scraped and "
                        + "complete.",
                ],
                reproduce: .command(
                    "instead of another start, with a receiver that refuses everything: the gateway's own admin port.",
                    "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9000 .build/release/vitrine up")),
            cases: [
                .fires(
                    rule, "the queue was full",
                    given: [
                        spans("queue_full", .at(0, for: .minutes(5)), .at(40, for: self.length)),
                        spans("", .rising(perSecond: 100, for: self.length)),
                    ], at: .minutes(6),
                    [
                        Label("service", "order"), Label("otel_component_type", "batching_span_processor"),
                        Label("error_type", "queue_full"),
                    ],
                    summary: "order loses telemetry: queue_full",
                    description: "40 records of batching_span_processor were given up within five minutes."),
                .quiet(
                    rule, "everything is taken",
                    given: [
                        spans("queue_full", .at(40, for: self.length)),
                        spans("", .rising(perSecond: 100, for: self.length)),
                    ], at: .minutes(10)),
            ])
    }

    // MARK: Sending

    private static var failing: Alert {
        let waiting = Series(PipelineMetrics.spoolBatches)
        let rule = AlertRule(
            "TelemetryExportFailing", .ticket,
            when: waiting.overTime("min", .minutes(5)).max(by: [.service, self.component]).greater(than: 0),
            for: .minutes(1),
            summary: "{{ $labels.service }} cannot send its telemetry",
            description: "At least {{ $value }} batches of {{ $labels.otel_component_type }} have waited on disk "
                + "for minutes.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means: "Batches wait on disk because the receiver does not take them. Nothing is lost until the "
                    + "disk's share is used up; then they are sent in order.",
                customers: "None.",
                look: self.sending,
                steps: [
                    "If all services are concerned, the collector is gone or overloaded: look at it, and restart it.",
                    "If one is, its way there is: name, port, certificate (`CertificateExpiresSoon`), network policy.",
                    "When it works again, the number of batches falls by itself; if it falls too slowly, the "
                        + "collector has too little memory or processor.",
                ],
                reproduce: .experiment("collector-down")),
            cases: [
                .fires(
                    rule, "more and more batches",
                    given: [
                        self.ofExporter(
                            PipelineMetrics.spoolBatches, .at(3, for: .minutes(10)),
                            .rising(perSecond: 0.1, for: self.length))
                    ], at: .minutes(10), self.exporter, summary: "order cannot send its telemetry",
                    description: "At least 3 batches of otlp_http_json_span_exporter have waited on disk for minutes."),
                .quiet(
                    rule, "they come and go",
                    given: [
                        self.ofExporter(
                            PipelineMetrics.spoolBatches, .at(3, for: .minutes(4)), .at(0, for: .seconds(30)),
                            .at(2, for: .minutes(8)))
                    ], at: .minutes(10)),
                .quiet(
                    rule, "a process begins with what one before it left, and sends it",
                    given: [
                        self.ofExporter(
                            PipelineMetrics.spoolBatches, .missing(for: .minutes(9)), .at(5, for: .seconds(45)),
                            .at(0, for: .minutes(2)))
                    ], at: .seconds(585)),
            ])
    }

    private static var filling: Alert {
        let labels = [LabelKey.service, self.component]
        let rule = AlertRule(
            "TelemetrySpoolFilling", .ticket,
            when: PromQL.ratio(
                Series(PipelineMetrics.spoolSize).value.max(by: labels),
                Series(PipelineMetrics.spoolCapacity).value.max(by: labels)
            ).greater(than: 0.5),
            for: .minutes(5),
            summary: "{{ $labels.service }} will soon lose telemetry",
            description: "{{ $value | humanizePercentage }} of the room on disk for {{ $labels.otel_component_type "
                + "}} is used; when it is full, the oldest batches are lost.",
            dashboard: .telemetry)
        func used(_ bytes: Double) -> [InputSeries] {
            [
                self.ofExporter(PipelineMetrics.spoolSize, .at(bytes, for: self.length)),
                self.ofExporter(PipelineMetrics.spoolCapacity, .at(64_000_000, for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means: "Telemetry has not been sent for so long (`TelemetryExportFailing`), or comes so much faster "
                    + "than it is received, that half of its room on disk is used.",
                customers: "None.",
                look: self.sending + [
                    .query(
                        "Seconds until it is full, at the pace of the last half hour:",
                        (Series(PipelineMetrics.spoolCapacity).value - Series(PipelineMetrics.spoolSize).value)
                            / PromQL.call("deriv", [.range(Series(PipelineMetrics.spoolSize).selector, .minutes(30))])
                            .greater(than: 0))
                ],
                steps: [
                    "Get the receiver going; the query above says how much time is left.",
                    "If it takes longer and the disk has room, raise `VITRINE_SPOOL_BYTES_MAX` and restart the "
                        + "service: what waits is kept.",
                ],
                reproduce: .casesOnly("at the lab's pace it takes hours to fill.")),
            cases: [
                .fires(
                    rule, "three quarters", given: used(48_000_000), at: .minutes(10), self.exporter,
                    summary: "order will soon lose telemetry",
                    description: "75% of the room on disk for otlp_http_json_span_exporter is used; when it is "
                        + "full, the oldest batches are lost."),
                .quiet(rule, "a quarter", given: used(16_000_000), at: .minutes(10)),
            ])
    }

    // MARK: Lines and series

    private static var lines: Alert {
        let dropped = Series(SelfMetrics.linesDropped)
        let rule = AlertRule(
            "LogLinesDropped", .ticket, when: dropped.increase(.minutes(5)).sum(by: [.service]).greater(than: 0),
            summary: "{{ $labels.service }} loses log lines",
            description: "{{ $value | humanize }} lines were dropped within five minutes.", dashboard: .logs)
        return Alert(
            rule,
            Runbook(
                means: "Whoever reads the lines is too slow, or the file cannot be written: lines were dropped "
                    + "rather than let requests wait.",
                customers: "None.",
                look: [
                    .query(
                        "Lines by severity, those that a failing descriptor lost among them:",
                        Series(SelfMetrics.lines).rate(.minutes(5)).sum(by: [.service, LabelKey(LogSeverity.self)])),
                    .query(
                        "Lines left out because they repeat, which are no loss:",
                        Series(SelfMetrics.linesSkipped).rate(.minutes(5)).sum(by: [.service])),
                    .command("Room on the disk:", "df -h .vitrine/logs"),
                ],
                steps: [
                    "If the disk is full, make room.",
                    "If lines of one severity have surged, look which message it is and what it complains of.",
                    "If it is `debug`, somebody has left the level there: set it back.",
                    "If none of these, the reader of the service's output (journal, container runtime) is too slow.",
                ],
                reproduce: .casesOnly("no fault makes lines come faster than a file takes them.")),
            cases: [
                .fires(
                    rule, "a hundred lines",
                    given: [
                        self.of(SelfMetrics.linesDropped, [], .at(0, for: .minutes(5)), .at(100, for: self.length))
                    ], at: .minutes(6), [Label("service", "order")], summary: "order loses log lines",
                    description: "100 lines were dropped within five minutes."),
                .quiet(
                    rule, "lines lost long ago",
                    given: [self.of(SelfMetrics.linesDropped, [], .at(100, for: self.length))],
                    at: .minutes(10)),
            ])
    }

    private static var overflow: Alert {
        let overflowed = Series(SelfMetrics.overflowed)
        let rule = AlertRule(
            "SeriesOverflow", .ticket,
            when: overflowed.increase(.minutes(15)).sum(by: [.service]).greater(than: 0),
            summary: "A metric of {{ $labels.service }} has more series than there is room for",
            description: "Of late {{ $value | humanize }} measurements went into a series that stands for all that had "
                + "no room.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means: "A metric got label values that nobody has foreseen, and the bound on its series was "
                    + "reached: memory is safe, but further values share one series with "
                    + "`otel_metric_overflow=\"true\"`.",
                customers: "None.",
                look: [
                    .query("Series by service:", Series(SelfMetrics.series).value),
                    .command(
                        "Which metric it is:",
                        "curl -s http://127.0.0.1:9004/metrics | grep otel_metric_overflow"),
                    .command(
                        "Which have most series:",
                        "curl -s http://127.0.0.1:9004/metrics | grep -v '^#' | sed 's/[{ ].*//' | sort | uniq -c "
                            + "| sort -rn | sed 10q"),
                ],
                steps: [
                    "Look at the metric's labels: one has values that grow without bound – an id, a path as the client "
                        + "wrote it.",
                    "Mend what sets that label; a restart then makes room again.",
                    "Until then, sums over all of the metric's series are right, and those by label are not.",
                ],
                reproduce: .casesOnly("every label of the shop has few values, and nothing outside can add some.")),
            cases: [
                .fires(
                    rule, "six measurements",
                    given: [
                        self.of(SelfMetrics.overflowed, [], .at(0, for: .minutes(5)), .at(6, for: self.length))
                    ], at: .minutes(16), [Label("service", "order")],
                    summary: "A metric of order has more series than there is room for",
                    description: "Of late 6 measurements went into a series that stands for all that had no room."),
                .quiet(
                    rule, "half an hour ago",
                    given: [
                        self.of(SelfMetrics.overflowed, [], .at(0, for: .minutes(5)), .at(6, for: .minutes(40)))
                    ], at: .minutes(35)),
            ])
    }

    // MARK: The console

    private static var refused: Alert {
        let outcome = LabelKey("outcome")
        let requests = Series(
            ReceiverMetrics.requests, .isNot(outcome, ReceiverMetrics.Outcome.taken.rawValue))
        let rule = AlertRule(
            "ConsoleRefusesTelemetry", .ticket,
            when: requests.increase(.minutes(5)).sum(by: [LabelKey(ReceivedSignal.self), outcome]).greater(than: 0),
            summary: "The console does not take all {{ $labels.signal }}: {{ $labels.outcome }}",
            description: "{{ $value | humanize }} requests were not taken whole within five minutes.",
            dashboard: .telemetry)
        func some(_ outcome: ReceiverMetrics.Outcome, _ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    ReceiverMetrics.requests, .is(LabelKey(ReceivedSignal.self), "traces"),
                    .is(LabelKey("encoding"), "json"), .is(LabelKey("outcome"), outcome.rawValue)
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Something sends the console what it cannot take. `malformed`: it is no OTLP, or broke off. "
                    + "`unsupported`: another content type, coding or method. `too_large`: a request beyond 4 MiB, or "
                    + "one that unpacks to more. `overloaded`: it was told to come again. `partial`: some items were "
                    + "refused for good.",
                customers: "None: the page lacks traces, log lines or metrics.",
                look: [
                    .query(
                        "Requests by what became of them:",
                        Series(ReceiverMetrics.requests).rate(.minutes(5)).sum(by: [outcome])),
                    .query(
                        "Items refused for good, by reason:",
                        Series(ReceiverMetrics.refused).rate(.minutes(5)).sum(by: [LabelKey("reason")])),
                    .command(
                        "What it says of them:", "grep -E '\"(warn|error)\"' .vitrine/logs/console.log | tail -20"),
                ],
                steps: [
                    "The answers tell the sender what is wrong, and senders log them: look there.",
                    "`unsupported`: the protocol must be OTLP over HTTP, as JSON or Protobuf, plain or gzip.",
                    "`too_large`: let the sender make smaller batches.",
                    "`overloaded`: send less, or through a collector that samples.",
                    "`partial`: the reason is in `shop_console_items_refused_total`; identifiers must be in hexadecimal "
                        + "in JSON.",
                ],
                reproduce: .command(
                    "with a lab that runs: a request that is no JSON.",
                    "curl -s -H 'content-type: application/json' -d '{' http://127.0.0.1:4318/v1/traces")),
            cases: [
                .fires(
                    rule, "two requests that could not be read",
                    given: [
                        some(.malformed, .at(0, for: .minutes(5)), .at(2, for: self.length)),
                        some(.taken, .rising(perSecond: 1, for: self.length)),
                    ], at: .minutes(6), [Label("signal", "traces"), Label("outcome", "malformed")],
                    summary: "The console does not take all traces: malformed",
                    description: "2 requests were not taken whole within five minutes."),
                .quiet(
                    rule, "all are taken",
                    given: [
                        some(.malformed, .at(2, for: self.length)),
                        some(.taken, .rising(perSecond: 1, for: self.length)),
                    ], at: .minutes(10)),
            ])
    }
}
