import Resilience
import ServiceKit
import Telemetry

/// Services that are gone, fail, or are slow.
enum AvailabilityAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea("availability", Self.all(scale))
    }

    private static func all(_ scale: TimeScale) -> [Alert] {
        [
            Self.serviceDown, Self.instanceDown, Self.targetMissing, Self.restarting, Self.highErrorRate(scale),
            Self.highLatency(scale), Self.dependencyFailing(scale),
        ]
    }

    private static let up = PromQL.named("up", .is(.job, "vitrine"))
    private static func up(_ service: String, _ instance: String, job: String = "vitrine") -> PromQL {
        .named("up", .is(.job, job), .is(.service, service), .is(.instance, instance))
    }

    // MARK: Gone

    private static var serviceDown: Alert {
        let rule = AlertRule(
            "ServiceDown", .page, when: self.up.max(by: [.service]).equals(0), for: .minutes(1),
            summary: "{{ $labels.service }} is down",
            description: "No instance of {{ $labels.service }} has answered a scrape for a minute.",
            dashboard: .overview, labels: [.dependency("service")])
        return Alert(
            rule,
            Runbook(
                means: "Prometheus cannot scrape any instance of the service: it has ended, hangs, or is unreachable.",
                customers: "What the service does is refused with 503 and `Retry-After`; browsing is answered from "
                    + "before where the gateway kept an answer. Without the gateway nothing works.",
                look: [
                    .query("Which targets are down:", self.up.equals(0)),
                    .query("When it last started:", Series(ProcessMetrics.startTime).value),
                    .command("Its last words, in the lab:", "tail -n 20 .vitrine/logs/<service>.log"),
                    .command("What the supervisor thinks of it:", "curl -s http://127.0.0.1:9007/processes"),
                ],
                steps: [
                    "See in its log why it ended; a supervisor or the kubelet starts it again, with growing delays.",
                    "If it runs and does not answer its admin port, its process is stopped or its machine starved: "
                        + "`ps -o stat,pcpu -p <pid>`. The admin port has an event loop of its own, so load does not "
                        + "explain it.",
                    "Started again it takes up unfinished orders by itself; check that `shop_saga_in_flight` falls.",
                ],
                reproduce: .experiment("product-killed")),
            cases: [
                .fires(
                    rule, "both instances are gone for a minute",
                    given: [
                        InputSeries(self.up("product", "a"), .at(1, for: .minutes(1)), .at(0, for: .minutes(5))),
                        InputSeries(self.up("product", "b"), .at(0, for: .minutes(6))),
                        InputSeries(self.up("cart", "c"), .at(1, for: .minutes(6))),
                    ], at: .minutes(3), [Label("service", "product"), Label("dependency", "product")],
                    summary: "product is down",
                    description: "No instance of product has answered a scrape for a minute."),
                .quiet(
                    rule, "one of two answers",
                    given: [
                        InputSeries(self.up("product", "a"), .at(1, for: .minutes(6))),
                        InputSeries(self.up("product", "b"), .at(0, for: .minutes(6))),
                    ], at: .minutes(5)),
                .quiet(
                    rule, "it is back within the minute",
                    given: [
                        InputSeries(
                            self.up("product", "a"), .at(1, for: .minutes(2)), .at(0, for: .seconds(45)),
                            .at(1, for: .minutes(3)))
                    ], at: .milliseconds(165_000)),
            ])
    }

    private static var instanceDown: Alert {
        let others = self.up.max(by: [.service]).greater(than: 0)
        let rule = AlertRule(
            "InstanceDown", .ticket, when: self.up.equals(0).and(others, on: [.service]), for: .minutes(2),
            summary: "An instance of {{ $labels.service }} is down",
            description: "{{ $labels.instance }} of {{ $labels.service }} does not answer; others do.",
            dashboard: .overview)
        return Alert(
            rule,
            Runbook(
                means: "One of several instances of a service does not answer scrapes while another does.",
                customers: "Nothing lasting: callers pass over an instance that fails, after a few slow calls.",
                look: [
                    .query("Which are down:", self.up.equals(0)),
                    .query("Whether callers have ejected it:", Series(OutlierMetrics.ejected).value),
                ],
                steps: [
                    "Look into its log, as for `ServiceDown`.",
                    "What remains must bear the load: look at *Process and event loop*.",
                ],
                reproduce: .experiment("bad-instance-paused")),
            cases: [
                .fires(
                    rule, "one of two is gone",
                    given: [
                        InputSeries(self.up("product", "a"), .at(1, for: .minutes(6))),
                        InputSeries(self.up("product", "b"), .at(0, for: .minutes(6))),
                    ], at: .minutes(5),
                    [Label("service", "product"), Label("instance", "b"), Label("job", "vitrine")],
                    summary: "An instance of product is down",
                    description: "b of product does not answer; others do."),
                .quiet(
                    rule, "the only one is gone, which is another alert's business",
                    given: [InputSeries(self.up("product", "a"), .at(0, for: .minutes(6)))], at: .minutes(5)),
            ])
    }

    private static var targetMissing: Alert {
        let absences = ServiceName.allCases.map { name in
            PromQL.call("absent", [.named("up", .is(.job, "vitrine"), .is(.service, name.rawValue))])
        }
        // Prometheus looks for targets seconds after it has begun to evaluate rules; until then nothing is known of any.
        let rule = AlertRule(
            "TargetMissing", .page,
            when: absences.dropFirst().reduce(absences[0]) { $0.or($1) }.and(.named("up"), on: []), for: .minutes(5),
            summary: "{{ $labels.service }} is no target",
            description: "Prometheus knows of no instance of {{ $labels.service }}: it is not looked after at all.",
            dashboard: .telemetry, labels: [.dependency("service")])
        let present = ServiceName.allCases.filter { $0 != .cart }
            .map { InputSeries(self.up($0.rawValue, "a"), .at(1, for: .minutes(20))) }
        return Alert(
            rule,
            Runbook(
                means: "No target of that service is configured or discovered, so none of its alerts can fire.",
                customers: "Maybe nothing: what is not scraped may run well. Nobody would know.",
                look: [
                    .query("What is scraped:", self.up.count(by: [.service])),
                    .command(
                        "What Prometheus found and dropped:",
                        "curl -s http://127.0.0.1:9090/api/v1/targets?state=any"),
                ],
                steps: [
                    "Compare the scrape configuration (`otel/prometheus/`) with what runs: names, ports, labels.",
                    "On Kubernetes look at the pods' labels and the network policy of the monitoring namespace.",
                ],
                reproduce: .casesOnly("the lab writes Prometheus' targets itself.")),
            cases: [
                .fires(
                    rule, "four of five are targets", given: present, at: .minutes(10),
                    [Label("service", "cart"), Label("job", "vitrine"), Label("dependency", "cart")],
                    summary: "cart is no target",
                    description: "Prometheus knows of no instance of cart: it is not looked after at all."),
                .quiet(
                    rule, "a target that is down is a target",
                    given: present + [InputSeries(self.up("cart", "a"), .at(0, for: .minutes(20)))], at: .minutes(10)),
                .quiet(
                    rule, "Prometheus has only just found its targets",
                    given: ServiceName.allCases.map {
                        InputSeries(self.up($0.rawValue, "a"), .missing(for: .minutes(8)), .at(1, for: .minutes(12)))
                    }, at: .minutes(8)),
            ])
    }

    private static var restarting: Alert {
        let rule = AlertRule(
            "ServiceRestarting", .ticket,
            when: Series(ProcessMetrics.startTime, .is(.job, "vitrine")).changes(.minutes(15))
                .greater(than: 2),
            summary: "{{ $labels.service }} starts again and again",
            description:
                "{{ $labels.instance }} of {{ $labels.service }} has started {{ $value }} times within 15 minutes.",
            dashboard: .process)
        func start(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(ProcessMetrics.startTime, .is(.job, "vitrine"), .is(.service, "order"), .is(.instance, "a"))
                    .value,
                segments)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "The process ends and is started again several times in a row: it crashes, or its limits kill it.",
                customers: "Short refusals at each end, and slow first requests after each start.",
                look: [
                    .query("When it started:", Series(ProcessMetrics.startTime).value),
                    .query("Memory before each end:", Series(ProcessMetrics.residentMemory).value),
                    .command(
                        "Why it ended, in the lab:", "grep -h 'starting it again' .vitrine/logs/*.log; dmesg | tail"),
                ],
                steps: [
                    "Read the last lines before each end: a failed precondition names its value.",
                    "If it was killed for memory, see `MemoryHigh`.",
                    "A migration or setting that is refused is one clear line at the start.",
                ],
                reproduce: .command(
                    "kill a service four times.",
                    "for i in 1 2 3 4; do curl -s -X POST http://127.0.0.1:9007/processes/cart/kill "
                        + "-H \"x-internal-token: $(cat .vitrine/internal-token)\"; sleep 3; done")),
            cases: [
                .fires(
                    rule, "three starts in fifteen minutes",
                    given: [
                        start(
                            .at(100, for: .minutes(2)), .at(220, for: .minutes(2)), .at(340, for: .minutes(2)),
                            .at(460, for: .minutes(4)))
                    ], at: .minutes(9), [Label("service", "order"), Label("instance", "a"), Label("job", "vitrine")],
                    summary: "order starts again and again",
                    description: "a of order has started 3 times within 15 minutes."),
                .quiet(
                    rule, "two starts, as of a rollout and its undoing",
                    given: [start(.at(100, for: .minutes(2)), .at(220, for: .minutes(2)), .at(340, for: .minutes(6)))],
                    at: .minutes(9)),
            ])
    }

    // MARK: Failing, slow

    private static let status = LabelKey(Attribute.httpResponseStatusCode)

    private static func highErrorRate(_ scale: TimeScale) -> Alert {
        let all = Series(HTTPMetrics.serverDuration, .is(.job, "vitrine")).count
        let failed = Series(HTTPMetrics.serverDuration, .is(.job, "vitrine"), .matches(self.status, "5..")).count
        let rule = AlertRule(
            "HighErrorRate", .ticket,
            when: PromQL.ratio(failed.rate(.minutes(5)).sum(by: [.service]), all.rate(.minutes(5)).sum(by: [.service]))
                .greater(than: 0.05)
                .with(atLeast: scale.count(5), of: failed.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(2),
            summary: "{{ $labels.service }} fails",
            description:
                "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} are answered with 5xx.",
            dashboard: .service)
        func requests(_ status: String, perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    HTTPMetrics.serverDuration, .is(.job, "vitrine"), .is(.service, "product"), .is(self.status, status)
                ).count.value, .rising(perSecond: rate, for: .minutes(20)))
        }
        return Alert(
            rule,
            Runbook(
                means: "More than one request in twenty to the service is answered with a status from 500 on.",
                customers: "Errors, unless a retry or an older answer stands in. What is promised is watched by the "
                    + "objectives, which page; this tells which service it is.",
                look: [
                    .query(
                        "By route and status:",
                        failed.rate(.minutes(5)).sum(by: [.service, LabelKey(Attribute.httpRoute), self.status])),
                    .query("What its own dependencies do:", Series(CircuitBreakerMetrics.failureRatio).value),
                    .command(
                        "The failures themselves, each with its trace:",
                        "grep -h '\"request failed\"' .vitrine/logs/<service>.log | tail -n 5"),
                ],
                steps: [
                    "Open a trace of a failed request: the deepest span with an error is where it began.",
                    "503 with an open breaker: the upstream named by the breaker is the cause; see `CircuitBreakerOpen`.",
                    "500 from one instance alone: take it out (`InstanceDown`), keep its log.",
                ],
                reproduce: .experiment("product-failing")),
            cases: [
                .fires(
                    rule, "one request in ten",
                    given: [requests("200", perSecond: 0.9), requests("500", perSecond: 0.1)],
                    at: .minutes(10), [Label("service", "product")], summary: "product fails",
                    description: "10% of the requests to product are answered with 5xx."),
                .quiet(
                    rule, "three in a hundred",
                    given: [requests("200", perSecond: 0.97), requests("503", perSecond: 0.03)], at: .minutes(10)),
                .quiet(
                    rule, "4xx are the customer's",
                    given: [requests("200", perSecond: 0.5), requests("404", perSecond: 0.5)], at: .minutes(10)),
                .quiet(
                    rule, "half of nearly nothing",
                    given: [requests("200", perSecond: 0.01), requests("500", perSecond: 0.01)], at: .minutes(10)),
            ])
    }

    private static func highLatency(_ scale: TimeScale) -> Alert {
        let all = Series(HTTPMetrics.serverDuration, .is(.job, "vitrine"))
        let rule = AlertRule(
            "HighLatency", .ticket,
            when: all.quantile(0.95, .minutes(5), by: [.service]).greater(than: 1)
                .with(atLeast: scale.count(20), of: all.count.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(2),
            summary: "{{ $labels.service }} is slow",
            description: "p95 of the requests to {{ $labels.service }} is {{ $value | humanizeDuration }}.",
            dashboard: .service)
        func bucket(_ bound: String, perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(HTTPMetrics.serverDuration, .is(.job, "vitrine"), .is(.service, "order")).buckets
                    .where(.is(.le, bound)).value, .rising(perSecond: rate, for: .minutes(20)))
        }
        func count(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(HTTPMetrics.serverDuration, .is(.job, "vitrine"), .is(.service, "order")).count.value,
                .rising(perSecond: rate, for: .minutes(20)))
        }
        return Alert(
            rule,
            Runbook(
                means: "One request in twenty to the service takes longer than a second.",
                customers: "They wait; what runs into its deadline is answered with 504.",
                look: [
                    .query(
                        "Which routes:",
                        Series(HTTPMetrics.serverDuration).quantile(
                            0.95, .minutes(5), by: [.service, LabelKey(Attribute.httpRoute)])),
                    .query("Whether its loop is late:", Series(RuntimeMetrics.loopLag).value.max(by: [.service])),
                    .dashboard(.dependencies, "which call of others takes so long"),
                    .dashboard(.stores, "whether operations or their waiting are slow"),
                ],
                steps: [
                    "Open an exemplar of the slow bucket: its trace shows what was waited for.",
                    "A slow dependency: its own dashboard; the breaker opens on slow calls by itself.",
                    "A late loop: something blocks it; see `EventLoopLag`.",
                ],
                reproduce: .experiment("product-slow")),
            cases: [
                .fires(
                    rule, "one in ten takes two seconds",
                    given: [
                        bucket("0.1", perSecond: 0.9), bucket("1", perSecond: 0.9), bucket("2.5", perSecond: 1),
                        bucket("+Inf", perSecond: 1), count(perSecond: 1),
                    ], at: .minutes(10), [Label("service", "order")], summary: "order is slow",
                    description: "p95 of the requests to order is 1.75s."),
                .quiet(
                    rule, "one in fifty does",
                    given: [
                        bucket("0.1", perSecond: 0.98), bucket("1", perSecond: 0.98), bucket("2.5", perSecond: 1),
                        bucket("+Inf", perSecond: 1), count(perSecond: 1),
                    ], at: .minutes(10)),
                .quiet(
                    rule, "one request a minute is no service level",
                    given: [
                        bucket("1", perSecond: 0), bucket("2.5", perSecond: 0.02), bucket("+Inf", perSecond: 0.02),
                        count(perSecond: 0.02),
                    ], at: .minutes(10)),
            ])
    }

    private static func dependencyFailing(_ scale: TimeScale) -> Alert {
        let breaker = LabelKey("breaker")
        let outcome = LabelKey("outcome")
        let made = Series(CircuitBreakerMetrics.calls, .matches(outcome, "success|failure|slow"))
        let failed = Series(CircuitBreakerMetrics.calls, .matches(outcome, "failure|slow"))
        let rule = AlertRule(
            "DependencyFailing", .ticket,
            when: PromQL.ratio(
                failed.rate(.minutes(5)).sum(by: [.service, breaker]),
                made.rate(.minutes(5)).sum(by: [.service, breaker])
            ).greater(than: 0.1)
                .with(atLeast: scale.count(5), of: failed.increase(.minutes(5)).sum(by: [.service, breaker])),
            for: .minutes(2),
            summary: "{{ $labels.service }}'s calls of {{ $labels.breaker }} fail",
            description: "{{ $value | humanizePercentage }} of the calls that {{ $labels.service }} makes of "
                + "{{ $labels.breaker }} fail or are too slow.",
            dashboard: .dependencies, labels: [.dependency("breaker")])
        func calls(_ outcome: String, perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    CircuitBreakerMetrics.calls, .is(.service, "cart"), .is(breaker, "product"),
                    .is(LabelKey("outcome"), outcome)
                ).value, .rising(perSecond: rate, for: .minutes(20)))
        }
        return Alert(
            rule,
            Runbook(
                means: "As the caller sees it, one call in ten of another service fails or is too slow, "
                    + "which may be too few to open the breaker.",
                customers: "Some requests fail or are slow; retries hide part of it.",
                look: [
                    .query(
                        "Who calls whom, and fails:",
                        failed.rate(.minutes(5)).sum(by: [.service, breaker])),
                    .query(
                        "The other side's own view:",
                        Series(HTTPMetrics.serverDuration, .matches(self.status, "5..")).count.rate(.minutes(5))
                            .sum(by: [.service])),
                    .command(
                        "The calls, each with its trace:", "curl -s http://127.0.0.1:9000/breakers/product/recording"),
                ],
                steps: [
                    "If the other side sees no errors, they happen between: connections, deadlines, the network.",
                    "If one of several instances fails, it is ejected; see `EndpointEjected`.",
                    "If it cannot be mended soon, force the breaker open: `POST /breakers/<name>/open` at the caller's "
                        + "admin port, with `duration_seconds`; refusing at once is better than failing late.",
                ],
                reproduce: .command(
                    "a third of cart's calls of product fail for a minute.",
                    "curl -s -X POST http://127.0.0.1:9003/faults -H \"x-internal-token: $(cat .vitrine/internal-token)\" "
                        + "-H 'content-type: application/json' -d '{\"kind\":\"error\",\"point\":\"client\","
                        + "\"upstream\":\"product\",\"percentage\":33,\"duration_seconds\":60}'")),
            cases: [
                .fires(
                    rule, "one call in five fails or is slow",
                    given: [
                        calls("success", perSecond: 0.8), calls("failure", perSecond: 0.1),
                        calls("slow", perSecond: 0.1),
                        calls("rejected", perSecond: 1),
                    ], at: .minutes(10),
                    [Label("service", "cart"), Label("breaker", "product"), Label("dependency", "product")],
                    summary: "cart's calls of product fail",
                    description: "20% of the calls that cart makes of product fail or are too slow."),
                .quiet(
                    rule, "one in twenty",
                    given: [calls("success", perSecond: 0.95), calls("failure", perSecond: 0.05)], at: .minutes(10)),
                .quiet(
                    rule, "refused calls were never made",
                    given: [calls("success", perSecond: 0.5), calls("rejected", perSecond: 0.5)], at: .minutes(10)),
            ])
    }
}
