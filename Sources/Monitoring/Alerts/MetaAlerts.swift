import Faults
import ServiceKit
import Telemetry

/// Whether alerting itself works, and what explains other alerts.
enum MetaAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "meta",
            [
                Self.watchdog, Self.scrapes, Self.ruleFailures, Self.reload, Self.notifications, Self.alertmanager,
                Self.delivery, Self.clock, Self.fault,
            ])
    }

    private static let length = PromDuration.minutes(30)
    private static let group = LabelKey("rule_group")
    private static let integration = LabelKey("integration")
    private static let prometheus = [Label("service", "prometheus"), Label("instance", "prometheus:9090")]

    /// A series of what is scraped that is not the shop's own.
    private static func of(
        _ name: String, _ conditions: [LabelCondition], _ segments: InputSeries.Segment...
    ) -> InputSeries {
        InputSeries(.vector(VectorSelector(name, conditions.map(\.matcher))), segments)
    }

    private static func ofPrometheus(_ name: String, _ segments: InputSeries.Segment...) -> InputSeries {
        let target: [LabelCondition] = [.is(.service, "prometheus"), .is(.instance, "prometheus:9090")]
        return InputSeries(.vector(VectorSelector(name, target.map(\.matcher))), segments)
    }

    /// How much a counter that is not the shop's own has grown.
    private static func increase(_ name: String, _ window: PromDuration) -> PromQL {
        .call("increase", [.range(VectorSelector(name), window)])
    }

    private static let log = Runbook.Look.command(
        "What Prometheus says of it:", "grep -E 'level=(warn|error)' .vitrine/logs/prometheus.log | tail -20")

    // MARK: Prometheus

    private static var watchdog: Alert {
        let rule = AlertRule(
            "Watchdog", .none, when: .one(1), for: .minutes(1),
            summary: "Alerting works",
            description: "This alert always fires. Its absence means that no other can be told.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means:
                    "Prometheus evaluates its rules, and tells Alertmanager. Whoever gets it must call somebody "
                    + "when it stops coming.",
                customers: "None.",
                look: [
                    .query("That rules are evaluated:", .named("prometheus_rule_group_last_duration_seconds")),
                    .query("What fires:", .named("ALERTS", .is(LabelKey("alertstate"), "firing"))),
                    .command("What Alertmanager has:", "curl -s http://127.0.0.1:9093/api/v2/alerts"),
                ],
                steps: [
                    "While it fires there is nothing to do.",
                    "If it has stopped: is Prometheus running, are its rules loaded (`/rules`), does it reach "
                        + "Alertmanager (`/status`), does Alertmanager reach the receiver of the watchdog?",
                ],
                reproduce: .casesOnly("it always fires.")),
            cases: [
                .fires(
                    rule, "whatever there is", given: [], at: .minutes(5), summary: "Alerting works",
                    description: "This alert always fires. Its absence means that no other can be told."),
                .quiet(rule, "Prometheus has only just begun", given: [], at: .seconds(45)),
            ])
    }

    private static var scrapes: Alert {
        let duration = VectorSelector("scrape_duration_seconds", [LabelMatcher("job", .matches, "vitrine|load|lab")])
        let rule = AlertRule(
            "ScrapeSlow", .ticket,
            when: PromQL.call("avg_over_time", [.range(duration, .minutes(5))])
                .max(by: [.service, .instance]).greater(than: 0.5),
            for: .minutes(5),
            summary: "Scraping {{ $labels.service }} takes long",
            description:
                "{{ $labels.instance }} takes {{ $value | humanizeDuration }} for its metrics; milliseconds are "
                + "usual.",
            dashboard: .telemetry)
        func scrape(_ seconds: Double) -> InputSeries {
            self.of(
                "scrape_duration_seconds",
                [.is(.job, "vitrine"), .is(.service, "order"), .is(.instance, "order:9004")],
                .at(seconds, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "Metrics come from a loop of their own, so they are slow only where the process gets no "
                    + "processor, has far too many series, or the network is bad. At the scrape's timeout it "
                    + "counts as down.",
                customers: "None by itself; a process without processor serves slowly.",
                look: [
                    .query("How long each takes:", .vector(duration)),
                    .query("How many samples it has:", .named("scrape_samples_scraped")),
                    .query(
                        "How much of it is rendering:",
                        Series(SelfMetrics.collectionDuration).quantile(0.95, .minutes(5), by: [.service])),
                    .command(
                        "By hand:", "curl -s -o /dev/null -w '%{time_total} s\\n' http://127.0.0.1:9004/metrics"),
                ],
                steps: [
                    "If all targets are slow, Prometheus or the network is: look at its processor.",
                    "If the samples have grown, see `SeriesOverflow`.",
                    "If rendering is fast and the scrape is not, the process waits for a processor: see "
                        + "`EventLoopLag` and what else runs there.",
                ],
                reproduce: .casesOnly("no fault reaches the admin port.")),
            cases: [
                .fires(
                    rule, "800 ms", given: [scrape(0.8)], at: .minutes(15),
                    [Label("service", "order"), Label("instance", "order:9004")],
                    summary: "Scraping order takes long",
                    description: "order:9004 takes 800ms for its metrics; milliseconds are usual."),
                .quiet(rule, "200 ms", given: [scrape(0.2)], at: .minutes(15)),
                .quiet(
                    rule, "one scrape that ran into its timeout",
                    given: [
                        self.of(
                            "scrape_duration_seconds",
                            [.is(.job, "vitrine"), .is(.service, "order"), .is(.instance, "order:9004")],
                            .at(0.01, for: .minutes(8)), .at(9, for: .seconds(15)), .at(0.01, for: self.length))
                    ], at: .minutes(9)),
            ])
    }

    private static var ruleFailures: Alert {
        let rule = AlertRule(
            "PrometheusRuleFailures", .ticket,
            when: self.increase("prometheus_rule_evaluation_failures_total", .minutes(5))
                .sum(by: [.service, self.group]).atLeast(3),
            summary: "Prometheus cannot evaluate rules",
            description:
                "{{ $value | humanize }} evaluations in {{ $labels.rule_group }} have failed within five minutes; "
                + "what those rules watch over is not watched.",
            dashboard: .telemetry)
        let name = "/etc/prometheus/rules/alerts-stores.yml;alerts-stores"
        func failed(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                .named(
                    "prometheus_rule_evaluation_failures_total", .is(.service, "prometheus"), .is(self.group, name)),
                segments)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "An expression fails while it runs: two series match where one may, or it loads more samples than "
                    + "allowed. The rule's alerts stay as if nothing were wrong.",
                customers: "None; but nobody is told of what hits them.",
                look: [
                    .query(
                        "Which groups:",
                        self.increase("prometheus_rule_evaluation_failures_total", .hours(1)).sum(by: [self.group])),
                    .command(
                        "Which rules, and why:",
                        "curl -s http://127.0.0.1:9090/api/v1/rules | python3 -c \"import json, sys; [print(r['name'], "
                            + "r['lastError']) for g in json.load(sys.stdin)['data']['groups'] for r in g['rules'] "
                            + "if r.get('lastError')]\""),
                    self.log,
                ],
                steps: [
                    "Run the rule's expression by hand: the error names the series that stand in each other's way.",
                    "If two targets now have the same labels, one is configured twice: take it out.",
                    "If it began with new rules, go back to those before: `git revert`, `make dashboards`, reload.",
                ],
                reproduce: .casesOnly("the rules that are shipped do not fail.")),
            cases: [
                .fires(
                    rule, "every evaluation", given: [failed(.rising(perSecond: 1.0 / 15, for: self.length))],
                    at: .minutes(10), [Label("service", "prometheus"), Label("rule_group", name)],
                    summary: "Prometheus cannot evaluate rules",
                    description:
                        "20 evaluations in \(name) have failed within five minutes; what those rules watch over "
                        + "is not watched."),
                .quiet(
                    rule, "a single one",
                    given: [failed(.at(0, for: .minutes(5)), .at(1, for: self.length))], at: .minutes(6)),
            ])
    }

    private static var reload: Alert {
        let successful = "prometheus_config_last_reload_successful"
        let rule = AlertRule(
            "PrometheusConfigReloadFailed", .ticket,
            when: PromQL.named(successful).max(by: [.service, .instance]).equals(0), for: .minutes(2),
            summary: "Prometheus did not take its new configuration",
            description: "{{ $labels.instance }} goes on with the old one: new targets and rules are not looked at.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means: "Prometheus was told to read its configuration or rules anew, and found a mistake.",
                customers:
                    "None; but what was changed is not in force, and after a restart Prometheus would not come up.",
                look: [
                    .query("When it last took one:", .named("prometheus_config_last_reload_success_timestamp_seconds")),
                    .command("The mistake:", "promtool check config otel/prometheus/prometheus.lab.yml"),
                    self.log,
                ],
                steps: [
                    "Mend what `promtool check config` names; rules and configuration are made by `make dashboards`.",
                    "`curl -X POST http://127.0.0.1:9090/-/reload`, or send it SIGHUP.",
                    "Do not restart it before: it would stay down.",
                ],
                reproduce: .casesOnly("the lab writes its configuration once, before Prometheus begins.")),
            cases: [
                .fires(
                    rule, "the last one failed", given: [self.ofPrometheus(successful, .at(0, for: self.length))],
                    at: .minutes(5), self.prometheus, summary: "Prometheus did not take its new configuration",
                    description: "prometheus:9090 goes on with the old one: new targets and rules are not looked at."),
                .quiet(
                    rule, "the last one succeeded", given: [self.ofPrometheus(successful, .at(1, for: self.length))],
                    at: .minutes(5)),
            ])
    }

    // MARK: Alertmanager

    private static var notifications: Alert {
        let dropped = "prometheus_notifications_dropped_total"
        let rule = AlertRule(
            "PrometheusNotificationsDropped", .ticket,
            when: self.increase(dropped, .minutes(5)).sum(by: [.service, .instance]).greater(than: 0),
            summary: "Prometheus cannot hand alerts over",
            description:
                "{{ $labels.instance }} has given up {{ $value | humanize }} notifications within five minutes.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means:
                    "Prometheus knows its Alertmanagers, and none of them took what it sent; or it had more to send "
                    + "than its queue holds. Alerts that go on firing are sent again.",
                customers: "None; but pages are late or missing.",
                look: [
                    .query(
                        "Errors by Alertmanager:", self.increase("prometheus_notifications_errors_total", .minutes(5))),
                    .query("What waits to be sent:", .named("prometheus_notifications_queue_length")),
                    .query("How long handing over takes:", .named("prometheus_notifications_latency_seconds")),
                    self.log,
                ],
                steps: [
                    "If Alertmanager is down, `ServiceDown` or `InstanceDown` says so too: start it again.",
                    "If it is up, look at what lies between, and at its log for what it refuses.",
                    "Until then watch `http://127.0.0.1:9090/alerts` yourself.",
                ],
                reproduce: .casesOnly(
                    "no experiment stops Alertmanager; ending it by hand shows this alert in Prometheus.")),
            cases: [
                .fires(
                    rule, "three notifications",
                    given: [self.ofPrometheus(dropped, .at(0, for: .minutes(5)), .at(3, for: self.length))],
                    at: .minutes(6), self.prometheus, summary: "Prometheus cannot hand alerts over",
                    description: "prometheus:9090 has given up 3 notifications within five minutes."),
                .quiet(
                    rule, "what was dropped long ago", given: [self.ofPrometheus(dropped, .at(3, for: self.length))],
                    at: .minutes(10)),
            ])
    }

    private static var alertmanager: Alert {
        let discovered = "prometheus_notifications_alertmanagers_discovered"
        let rule = AlertRule(
            "AlertmanagerDown", .page,
            when: PromQL.named(discovered).max(by: [.service, .instance]).less(than: 1), for: .minutes(2),
            summary: "Prometheus knows no Alertmanager",
            description:
                "{{ $labels.instance }} has found {{ $value }} of them: no alert reaches anybody, this one neither.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means:
                    "Alerts are evaluated, and there is nobody to send them to: Alertmanager is not configured, or its "
                    + "discovery finds none. Outside, the missing `Watchdog` tells; here it is seen by those who look.",
                customers: "None; but nobody is told of what hits them.",
                look: [
                    .query("How many each Prometheus has found:", .named(discovered)),
                    .command("Which:", "curl -s http://127.0.0.1:9090/api/v1/alertmanagers"),
                    .command("Whether it is there:", "curl -s http://127.0.0.1:9093/-/ready"),
                ],
                steps: [
                    "Look at `alerting` in Prometheus' configuration, and reload it.",
                    "Where it is discovered, look whether its pod is there and ready.",
                    "Until then watch `http://127.0.0.1:9090/alerts` yourself.",
                ],
                reproduce: .casesOnly("the lab tells Prometheus where Alertmanager is, whether it runs or not.")),
            cases: [
                .fires(
                    rule, "none", given: [self.ofPrometheus(discovered, .at(0, for: self.length))], at: .minutes(5),
                    self.prometheus, summary: "Prometheus knows no Alertmanager",
                    description: "prometheus:9090 has found 0 of them: no alert reaches anybody, this one neither."),
                .quiet(
                    rule, "one", given: [self.ofPrometheus(discovered, .at(1, for: self.length))], at: .minutes(5)),
                .quiet(
                    rule, "none while Prometheus begins",
                    given: [self.ofPrometheus(discovered, .at(0, for: .minutes(1)), .at(1, for: self.length))],
                    at: .minutes(4)),
            ])
    }

    private static var delivery: Alert {
        let name = "alertmanager_notifications_failed_total"
        let rule = AlertRule(
            "AlertmanagerNotificationsFailing", .ticket,
            when: self.increase(name, .minutes(15)).sum(by: [.service, self.integration]).greater(than: 0),
            summary: "Alertmanager cannot deliver by {{ $labels.integration }}",
            description: "Of late {{ $value | humanize }} notifications could not be delivered, repetitions included.",
            dashboard: .telemetry)
        func failed(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(.named(name, .is(.service, "alertmanager"), .is(self.integration, "webhook")), segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Alertmanager has an alert and cannot tell anybody: the receiver does not answer, or refuses.",
                customers: "None; but nobody is told of what hits them.",
                look: [
                    .query(
                        "Which receivers:",
                        self.increase(name, .hours(1)).sum(by: [self.integration])),
                    .query(
                        "How many were delivered:",
                        self.increase("alertmanager_notifications_total", .hours(1)).sum(by: [self.integration])),
                    .command("What waits:", "curl -s http://127.0.0.1:9093/api/v2/alerts/groups"),
                ],
                steps: [
                    "Alertmanager's log has the receiver's answer: a wrong address, a token that has expired, a limit.",
                    "`amtool check-config otel/alertmanager/alertmanager.yml` finds what is misspelt.",
                    "Until it works, watch `http://127.0.0.1:9093` yourself.",
                ],
                reproduce: .casesOnly(
                    "the lab's receiver is the lab's own process, and is there as long as the lab is.")),
            cases: [
                .fires(
                    rule, "two notifications",
                    given: [failed(.at(0, for: .minutes(5)), .at(2, for: self.length))], at: .minutes(16),
                    [Label("service", "alertmanager"), Label("integration", "webhook")],
                    summary: "Alertmanager cannot deliver by webhook",
                    description: "Of late 2 notifications could not be delivered, repetitions included."),
                .quiet(
                    rule, "half an hour ago",
                    given: [failed(.at(0, for: .minutes(5)), .at(2, for: .minutes(40)))], at: .minutes(35)),
            ])
    }

    // MARK: What explains others

    private static var clock: Alert {
        let clock = Series(ProcessMetrics.clock).value
        let skew = clock - .call("timestamp", [clock])
        let rule = AlertRule(
            "ClockSkew", .ticket, when: skew.absolute.max(by: [.service, .instance]).greater(than: 5), for: .minutes(2),
            summary: "The clock of {{ $labels.service }} is off",
            description: "{{ $labels.instance }} and Prometheus are {{ $value | humanizeDuration }} apart.",
            dashboard: .process)
        func process(offBy seconds: Double) -> InputSeries {
            // Begins where the tests' time does, and goes on as that does.
            InputSeries(
                Series(ProcessMetrics.clock, .is(.service, "order"), .is(.instance, "order:9004")).value,
                .at(seconds, for: .seconds(15)), .rising(perSecond: 1, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "A process' clock and that of Prometheus are more than five seconds apart. Tokens are judged by "
                    + "the clock, deadlines of orders too, and traces of several services do not fit together.",
                customers: "Tokens seem expired, or not yet good: 401 for who has just signed in.",
                look: [
                    .query("How far each is off:", skew),
                    .query(
                        "Tokens that are refused:",
                        Series(SecurityMetrics.tokens, .is(TokenOutcome.refused)).rate(.minutes(5))
                            .sum(by: [.service])),
                    .command("The machine's own view:", "timedatectl timesync-status"),
                ],
                steps: [
                    "If all processes are off by the same, it is the clock of the machine Prometheus is on.",
                    "See that time is synchronised there (`timedatectl`), and what the source of time is.",
                    "If the clock has to be put right by much, do it while the instance is drained: time that jumps "
                        + "back makes tokens and waits last longer.",
                ],
                reproduce: .casesOnly("the lab's processes share one clock with Prometheus.")),
            cases: [
                .fires(
                    rule, "half a minute ahead", given: [process(offBy: 30)], at: .minutes(5),
                    [Label("service", "order"), Label("instance", "order:9004")], summary: "The clock of order is off",
                    description: "order:9004 and Prometheus are 15s apart."),
                .quiet(rule, "four seconds", given: [process(offBy: 19)], at: .minutes(5)),
            ])
    }

    private static var fault: Alert {
        let kind = LabelKey("fault")
        let rule = AlertRule(
            "FaultActive", .info,
            when: Series(FaultMetrics.active).value.sum(by: [.service, kind]).greater(than: 0),
            summary: "{{ $labels.service }} misbehaves on purpose: {{ $labels.fault }}",
            description: "{{ $value }} such faults are set. What else fires may be meant to.", dashboard: .chaos)
        func set(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(FaultMetrics.active, .is(.service, "product"), .is(kind, "latency")).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Somebody has set a fault, by hand or as a part of an experiment. It ends by itself.",
                customers: "What the fault does; docs/faults.md says it.",
                look: [
                    .query("Which, and where:", Series(FaultMetrics.active).value.greater(than: 0)),
                    .query(
                        "What they have hit:",
                        Series(FaultMetrics.injections).increase(.minutes(5)).sum(by: [.service, kind])),
                    .command(
                        "Until when, and whose they are:", "curl -s http://127.0.0.1:9002/faults"),
                ],
                steps: [
                    "If nobody is experimenting, take them away: `vitrine chaos clear`, or `DELETE /faults` at each "
                        + "admin port.",
                    "In production `VITRINE_FAULTS` is not set, and this alert cannot fire: find out who set it.",
                ],
                reproduce: .experiment("product-slow")),
            cases: [
                .fires(
                    rule, "one fault", given: [set(.at(1, for: self.length))], at: .minutes(5),
                    [Label("service", "product"), Label("fault", "latency")],
                    summary: "product misbehaves on purpose: latency",
                    description: "1 such faults are set. What else fires may be meant to."),
                .quiet(
                    rule, "it is over", given: [set(.at(1, for: .minutes(2)), .at(0, for: self.length))],
                    at: .minutes(5)),
            ])
    }
}
