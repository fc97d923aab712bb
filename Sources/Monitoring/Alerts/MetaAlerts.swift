import Faults
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
        "What Prometheus says of it:", "docker compose logs prometheus | grep -E 'level=(warn|error)' | tail -20")

    // MARK: Prometheus

    private static var watchdog: Alert {
        let rule = AlertRule(
            "Watchdog", .none, when: .one(1), for: .minutes(1),
            summary: "Alerting works", description: "This alert always fires. Its absence means that no other can be told.",
            dashboard: .telemetry)
        return Alert(
            rule,
            Runbook(
                means: "Prometheus evaluates its rules, and tells Alertmanager. Whoever gets it must call somebody when it "
                    + "stops coming.",
                customers: "None.",
                look: [
                    .query("That rules are evaluated:", .named("prometheus_rule_group_last_duration_seconds")),
                    .query("What fires:", .named("ALERTS", .is(LabelKey("alertstate"), "firing"))),
                    .command("What Alertmanager has:", "curl -s http://127.0.0.1:9093/api/v2/alerts"),
                ],
                steps: [
                    "While it fires there is nothing to do.",
                    "If it has stopped: is Prometheus running, are its rules loaded (`/rules`), does it reach Alertmanager "
                        + "(`/status`), does Alertmanager reach the receiver of the watchdog?",
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
            description: "{{ $labels.instance }} takes {{ $value | humanizeDuration }} for its metrics; milliseconds are "
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
                means: "Metrics come from a loop of their own, so they are slow only where the process gets no processor, has "
                    + "far too many series, or the network is bad. At the scrape's timeout it counts as down.",
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
                    "If rendering is fast and the scrape is not, the process waits for a processor: see `EventLoopLag` and "
                        + "what else runs there.",
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
            description: "{{ $value | humanize }} evaluations in {{ $labels.rule_group }} have failed within five minutes; "
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
                means: "An expression fails while it runs: two series match where one may, or it loads more samples than "
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
                    description: "20 evaluations in \(name) have failed within five minutes; what those rules watch over "
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
                customers: "None; but what was changed is not in force, and after a restart Prometheus would not come up.",
                look: [
                    .query("When it last took one:", .named("prometheus_config_last_reload_success_timestamp_seconds")),
                    .command("The mistake:", "promtool check config otel/prometheus/prometheus.yml"),
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
}
