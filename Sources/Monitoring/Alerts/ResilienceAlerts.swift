import Resilience
import ServiceKit
import Telemetry

/// Breakers, retries, fallbacks and refusals: what the shop does when something fails.
enum ResilienceAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea("resilience", Self.all(scale))
    }

    private static func all(_ scale: TimeScale) -> [Alert] {
        [
            Self.open, Self.flapping(scale), Self.forced, Self.amplification(scale), Self.budget(scale),
            Self.fallback(scale),
            Self.sheddingCritical(scale),
            Self.shedding(scale), Self.bulkhead(scale), Self.deadlines(scale), Self.ejected,
        ]
    }

    private static let breaker = LabelKey("breaker")
    private static let state = LabelKey("state")
    private static let client = LabelKey("client")
    private static let outcome = LabelKey("outcome")
    private static let length = PromDuration.minutes(20)

    private static let product = [
        Label("service", "gateway"), Label("breaker", "product"), Label("dependency", "product"),
    ]

    // MARK: Breakers

    private static let recording = Runbook.Look.command(
        "The calls that led to it, each with its trace:", "curl -s http://127.0.0.1:9000/breakers/product/recording")

    private static var open: Alert {
        let seconds = Series(CircuitBreakerMetrics.stateSeconds, .is(self.state, "open"))
        let rule = AlertRule(
            "CircuitBreakerOpen", .ticket,
            when: seconds.increase(.minutes(2)).sum(by: [.service, self.breaker]).greater(than: 0),
            summary: "{{ $labels.service }} refuses calls of {{ $labels.breaker }}",
            description: "The breaker of {{ $labels.service }} towards {{ $labels.breaker }} was open for "
                + "{{ $value | humanizeDuration }} of late.",
            dashboard: .resilience, labels: [.dependency("breaker")])
        func time(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    CircuitBreakerMetrics.stateSeconds, .is(.service, "gateway"), .is(self.breaker, "product"),
                    .is(self.state, "open")
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "So many calls failed or were slow that the caller stopped making them. Counted by the time spent "
                    + "open, so an opening shorter than a scrape is seen too.",
                customers:
                    "What needs the other service is refused at once with 503 and `Retry-After`, or answered from "
                    + "before with a `warning`.",
                look: [
                    .query(
                        "Which breakers are open now:",
                        Series(CircuitBreakerMetrics.state, .is(self.state, "open")).value),
                    .query(
                        "Why they opened:",
                        Series(CircuitBreakerMetrics.transitions, .is(LabelKey("to"), "open")).increase(.minutes(10))
                            .sum(by: [.service, self.breaker, LabelKey("reason")])),
                    self.recording,
                ],
                steps: [
                    "Look at the service the breaker is named after: it is the cause. `ServiceDown`, `HighErrorRate` or "
                        + "`HighLatency` say more.",
                    "If that one is well, look at what lies between: the recording shows whether calls were refused, reset "
                        + "or ran into their deadline.",
                    "Nothing needs to be reset: probes close the breaker once calls succeed. `POST /breakers/<name>/reset` "
                        + "at the caller's admin port closes it at once.",
                ],
                reproduce: .experiment("product-killed")),
            cases: [
                .fires(
                    rule, "half a second, between two scrapes",
                    given: [time(.at(0, for: .minutes(5)), .at(0.5, for: .minutes(10)))], at: .minutes(6), self.product,
                    summary: "gateway refuses calls of product",
                    description: "The breaker of gateway towards product was open for 500ms of late."),
                .quiet(
                    rule, "it was open long ago",
                    given: [time(.at(0, for: .minutes(5)), .at(30, for: .minutes(10)))], at: .minutes(8)),
            ])
    }

    private static func flapping(_ scale: TimeScale) -> Alert {
        let openings = Series(CircuitBreakerMetrics.transitions, .is(LabelKey("to"), "open"))
        let rule = AlertRule(
            "CircuitBreakerFlapping", .ticket,
            when: openings.increase(.minutes(10)).sum(by: [.service, self.breaker]).atLeast(scale.factor == 1 ? 4 : 2),
            summary: "The breaker of {{ $labels.service }} towards {{ $labels.breaker }} flaps",
            description: "It has opened {{ $value | humanize }} times within ten minutes.",
            dashboard: .resilience, labels: [.dependency("breaker")])
        func opened(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    CircuitBreakerMetrics.transitions, .is(.service, "gateway"), .is(self.breaker, "product"),
                    .is(LabelKey("from"), "half_open"), .is(LabelKey("to"), "open"),
                    .is(LabelKey("reason"), "probes_failed")
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "The breaker opens, probes, closes and opens again: the other service fails part of the time, or "
                    + "fails only under load.",
                customers: "Requests are refused in waves.",
                look: [
                    .query(
                        "What it changes between:", Series(CircuitBreakerMetrics.transitions).increase(.minutes(10))),
                    .query("Share of failures in its window:", Series(CircuitBreakerMetrics.failureRatio).value),
                    self.recording,
                ],
                steps: [
                    "If it fails as soon as calls come back, it is overloaded: look at its shedding and its pools.",
                    "If one of its instances fails, see `EndpointEjected`.",
                    "Until it is mended, force the breaker open with `duration_seconds`: waves are worse than a refusal.",
                ],
                reproduce: .experiment("product-flapping")),
            cases: [
                .fires(
                    rule, "an opening every two minutes",
                    given: [opened(.rising(perSecond: 1.0 / 120, for: self.length))],
                    at: .minutes(15), self.product, summary: "The breaker of gateway towards product flaps",
                    description: "It has opened 5 times within ten minutes."),
                .quiet(
                    rule, "an opening every four minutes",
                    given: [opened(.rising(perSecond: 1.0 / 240, for: self.length))], at: .minutes(15)),
            ])
    }

    private static var forced: Alert {
        let rule = AlertRule(
            "CircuitBreakerForced", .ticket,
            when: Series(CircuitBreakerMetrics.state, .matches(self.state, "forced_open|disabled")).value.equals(1),
            for: .minutes(10),
            summary: "The breaker of {{ $labels.service }} towards {{ $labels.breaker }} is {{ $labels.state }}",
            description: "An operator has set it so, and has not taken it back for ten minutes.",
            dashboard: .resilience, labels: [.dependency("breaker")])
        func state(_ state: String, _ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    CircuitBreakerMetrics.state, .is(.service, "gateway"), .is(self.breaker, "product"),
                    .is(self.state, state)
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Somebody forced a breaker open, or switched it off, and it still is.",
                customers:
                    "Forced open: what needs the other service is refused. Disabled: they wait for a service that "
                    + "may be down.",
                look: [
                    .query(
                        "Which:",
                        Series(CircuitBreakerMetrics.state, .matches(self.state, "forced_open|disabled")).value.equals(
                            1)),
                    .command("All breakers of a process:", "curl -s http://127.0.0.1:9000/breakers"),
                ],
                steps: [
                    "Ask who did it, and whether the reason still holds.",
                    "`POST /breakers/<name>/reset` at the admin port, with `x-internal-token`, or `vitrine chaos clear`.",
                    "Next time send `{\"duration_seconds\": 300}` with it: the order then ends by itself.",
                ],
                reproduce: .command(
                    "force the gateway's breaker towards product open for a minute.",
                    "curl -s -X POST http://127.0.0.1:9000/breakers/product/open -d '{\"duration_seconds\":60}' "
                        + "-H \"x-internal-token: $(cat .vitrine/internal-token)\" -H 'content-type: application/json'")
            ),
            cases: [
                .fires(
                    rule, "forced open for a quarter of an hour",
                    given: [state("forced_open", .at(1, for: self.length))],
                    at: .minutes(15), self.product + [Label("state", "forced_open")],
                    summary: "The breaker of gateway towards product is forced_open",
                    description: "An operator has set it so, and has not taken it back for ten minutes."),
                .quiet(
                    rule, "for five minutes",
                    given: [state("disabled", .at(1, for: .minutes(5)), .at(0, for: .minutes(10)))], at: .minutes(12)),
                .quiet(rule, "open by itself", given: [state("open", .at(1, for: self.length))], at: .minutes(15)),
            ])
    }

    // MARK: Retries

    private static func attempts(_ outcome: String, perSecond rate: Double) -> InputSeries {
        InputSeries(
            Series(
                RetryMetrics.attempts, .is(.service, "gateway"), .is(self.client, "product"), .is(self.outcome, outcome)
            ).value, .rising(perSecond: rate, for: self.length))
    }

    private static func amplification(_ scale: TimeScale) -> Alert {
        let resends = Series(RetryMetrics.attempts, .matches(self.outcome, "success|failure"))
        let calls = Series(CircuitBreakerMetrics.calls, .isNot(self.outcome, "rejected"))
        let rule = AlertRule(
            "RetryAmplification", .ticket,
            when: PromQL.ratio(
                resends.rate(.minutes(5)).sum(by: [.service]), calls.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.15)
                .with(atLeast: scale.count(10), of: resends.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(1),
            summary: "{{ $labels.service }} repeats its calls",
            description:
                "{{ $value | humanizePercentage }} of the calls that {{ $labels.service }} makes are repetitions.",
            dashboard: .resilience)
        func made(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    CircuitBreakerMetrics.calls, .is(.service, "gateway"), .is(self.breaker, "product"),
                    .is(self.outcome, "failure")
                ).value, .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "More than one call in seven is made again because the first failed: callers add load to "
                    + "something that fails already. The retry budget is there to keep this small.",
                customers: "Slower answers; and if it goes on, the failing service does not come back.",
                look: [
                    .query(
                        "Who repeats what, and how it ends:",
                        Series(RetryMetrics.attempts).rate(.minutes(5)).sum(by: [.service, self.client, self.outcome])),
                    .query("What is left of the budgets:", Series(RetryMetrics.remaining).value),
                ],
                steps: [
                    "Mend what fails: `DependencyFailing` or `CircuitBreakerOpen` name it.",
                    "See that breakers are not disabled: an open breaker ends retries.",
                    "See that the budget is on: it limits repetitions to a fifth of the calls.",
                ],
                reproduce: .experiment("retry-storm-without-budget")),
            cases: [
                .fires(
                    rule, "a quarter are repetitions",
                    given: [
                        self.attempts("success", perSecond: 0.1), self.attempts("failure", perSecond: 0.15),
                        made(perSecond: 1),
                    ], at: .minutes(10), [Label("service", "gateway")], summary: "gateway repeats its calls",
                    description: "25% of the calls that gateway makes are repetitions."),
                .quiet(
                    rule, "a tenth are",
                    given: [self.attempts("failure", perSecond: 0.1), made(perSecond: 1)], at: .minutes(10)),
                .quiet(
                    rule, "failed attempts that were not repeated",
                    given: [self.attempts("not_idempotent", perSecond: 0.5), made(perSecond: 1)], at: .minutes(10)),
            ])
    }

    private static func budget(_ scale: TimeScale) -> Alert {
        let refused = Series(RetryMetrics.attempts, .is(self.outcome, "budget_exhausted"))
        let rule = AlertRule(
            "RetryBudgetExhausted", .ticket,
            when: refused.increase(.minutes(5)).sum(by: [.service, self.client]).atLeast(scale.count(5)),
            for: .minutes(1),
            summary: "{{ $labels.service }} has no retries left for {{ $labels.client }}",
            description: "{{ $value | humanize }} failed calls of {{ $labels.client }} were not repeated within five "
                + "minutes because the budget was spent.",
            dashboard: .resilience, labels: [.dependency("client")])
        return Alert(
            rule,
            Runbook(
                means: "So many calls failed that the budget for repeating them is spent; failures reach the customer "
                    + "without a second try.",
                customers: "Errors that a retry would have hidden.",
                look: [
                    .query("What is left:", Series(RetryMetrics.remaining).value),
                    .query(
                        "How attempts end:",
                        Series(RetryMetrics.attempts).rate(.minutes(5)).sum(by: [.service, self.client, self.outcome])),
                ],
                steps: [
                    "The budget does its work; do not raise it. Mend what fails (`DependencyFailing`).",
                    "If the breaker stays closed though most calls fail, see whether somebody disabled it.",
                ],
                reproduce: .experiment("retry-storm")),
            cases: [
                .fires(
                    rule, "one in ten seconds", given: [self.attempts("budget_exhausted", perSecond: 0.1)],
                    at: .minutes(10),
                    [Label("service", "gateway"), Label("client", "product"), Label("dependency", "product")],
                    summary: "gateway has no retries left for product",
                    description: "30 failed calls of product were not repeated within five minutes because the budget "
                        + "was spent."),
                .quiet(
                    rule, "three in five minutes", given: [self.attempts("budget_exhausted", perSecond: 0.01)],
                    at: .minutes(10)),
            ])
    }

    // MARK: Fallback

    private static func fallback(_ scale: TimeScale) -> Alert {
        let stale = Series(FallbackMetrics.answers, .is(self.outcome, "stale"))
        let browsing = Series(
            HTTPMetrics.serverDuration, .is(.service, "gateway"),
            .matches(LabelKey(Attribute.httpRoute), "/api/v1/(products|categories).*"))
        let rule = AlertRule(
            "FallbackServed", .ticket,
            when: PromQL.ratio(
                stale.rate(.minutes(5)).sum(by: [.service]), browsing.count.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.05)
                .with(atLeast: scale.count(5), of: stale.increase(.minutes(5)).sum(by: [.service])),
            summary: "Browsing is answered from before",
            description:
                "{{ $value | humanizePercentage }} of the answers about products and categories are older ones.",
            dashboard: .gateway, labels: [Label("dependency", "product")])
        func staleAnswers(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    FallbackMetrics.answers, .is(.service, "gateway"), .is(LabelKey("fallback"), "products"),
                    .is(self.outcome, "stale")
                ).value, .rising(perSecond: rate, for: self.length))
        }
        func browsed(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    HTTPMetrics.serverDuration, .is(.service, "gateway"),
                    .is(LabelKey(Attribute.httpRoute), "/api/v1/products")
                ).count.value, .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "The product service cannot be asked, and the gateway gives the last good answers it has.",
                customers:
                    "They see prices and stock of some minutes ago, marked by `warning` and `age`; what was never "
                    + "asked for before is 503.",
                look: [
                    .query(
                        "Older answers, and those that were missing:",
                        Series(FallbackMetrics.answers).rate(.minutes(5)).sum(by: [LabelKey("fallback"), self.outcome])),
                    .query(
                        "The breaker:",
                        Series(CircuitBreakerMetrics.state, .is(self.breaker, "product")).value.equals(1)),
                ],
                steps: [
                    "Mend the product service: `ServiceDown`, `CircuitBreakerOpen`.",
                    "An order always asks for the present price and stock: nobody is charged an old one.",
                ],
                reproduce: .experiment("product-killed")),
            cases: [
                .fires(
                    rule, "a fifth", given: [staleAnswers(perSecond: 0.2), browsed(perSecond: 1)], at: .minutes(10),
                    [Label("service", "gateway"), Label("dependency", "product")],
                    summary: "Browsing is answered from before",
                    description: "20% of the answers about products and categories are older ones."),
                .quiet(
                    rule, "one in a hundred", given: [staleAnswers(perSecond: 0.01), browsed(perSecond: 1)],
                    at: .minutes(10)),
            ])
    }

    // MARK: Refusals

    private static let shed = Series(BulkheadMetrics.shed)
    private static func shed(_ priority: LoadPriority, perSecond rate: Double) -> InputSeries {
        InputSeries(
            Series(BulkheadMetrics.shed, .is(.service, "gateway"), .is(priority)).value,
            .rising(perSecond: rate, for: self.length))
    }

    private static let sheddingLooks: [Runbook.Look] = [
        .query(
            "What is refused:",
            Series(BulkheadMetrics.shed).rate(.minutes(5)).sum(by: [.service, LabelKey(LoadPriority.self)])),
        .query("What may be in flight:", Series(BulkheadMetrics.limit).value),
        .query("What is:", Series(BulkheadMetrics.inFlight).value),
    ]

    private static func sheddingCritical(_ scale: TimeScale) -> Alert {
        let critical = Series(BulkheadMetrics.shed, .is(LoadPriority.critical))
        let rule = AlertRule(
            "CheckoutShed", .page, when: critical.increase(.minutes(5)).sum(by: [.service]).atLeast(scale.count(3)),
            summary: "{{ $labels.service }} refuses checkouts under load",
            description: "{{ $value | humanize }} critical requests were refused with 503 within five minutes.",
            dashboard: .resilience)
        return Alert(
            rule,
            Runbook(
                means: "The service is so overloaded that it refuses even what matters most.",
                customers: "They cannot pay.",
                look: self.sheddingLooks,
                steps: [
                    "Find the load: `LoadShedding` by priority, rate limits, one client on *Gateway*.",
                    "If latency rose first, the adaptive limit shrank: mend what is slow.",
                    "Add instances of the gateway; it keeps no state.",
                ],
                reproduce: .command(
                    "leave room for a single request in flight, for half a minute.",
                    "curl -s -X POST http://127.0.0.1:9000/resilience/concurrency -d '{\"limit\":1,\"duration_seconds\":30}' "
                        + "-H \"x-internal-token: $(cat .vitrine/internal-token)\" -H 'content-type: application/json'\n"
                        + ".build/release/vitrine load --rate 40 --duration 30s")),
            cases: [
                .fires(
                    rule, "six in a minute", given: [self.shed(.critical, perSecond: 0.1)], at: .minutes(10),
                    [Label("service", "gateway")], summary: "gateway refuses checkouts under load",
                    description: "30 critical requests were refused with 503 within five minutes."),
                .quiet(
                    rule, "browsing alone is refused", given: [self.shed(.sheddable, perSecond: 10)], at: .minutes(10)),
            ])
    }

    private static func shedding(_ scale: TimeScale) -> Alert {
        let requests = Series(HTTPMetrics.serverDuration, .is(.job, "vitrine")).count
        let rule = AlertRule(
            "LoadShedding", .ticket,
            when: PromQL.ratio(
                self.shed.rate(.minutes(5)).sum(by: [.service]), requests.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.02)
                .with(atLeast: scale.count(10), of: self.shed.increase(.minutes(5)).sum(by: [.service])),
            summary: "{{ $labels.service }} sheds load",
            description:
                "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} are refused at once.",
            dashboard: .resilience)
        func requested(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(HTTPMetrics.serverDuration, .is(.job, "vitrine"), .is(.service, "gateway")).count.value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "More requests are in flight than the service can answer in time, so it refuses the least "
                    + "important ones at once.",
                customers: "Browsing is refused with 503 and `Retry-After`; checkout goes on.",
                look: self.sheddingLooks,
                steps: [
                    "Compare the rate with that of other days: a surge, or fewer instances?",
                    "If the limit fell (`resilience_load_shed_limit`), latency rose first: mend what is slow.",
                    "Add instances.",
                ],
                reproduce: .experiment("gateway-overload")),
            cases: [
                .fires(
                    rule, "one in ten", given: [self.shed(.sheddable, perSecond: 1), requested(perSecond: 10)],
                    at: .minutes(10), [Label("service", "gateway")], summary: "gateway sheds load",
                    description: "10% of the requests to gateway are refused at once."),
                .quiet(
                    rule, "one in a hundred",
                    given: [self.shed(.background, perSecond: 0.1), requested(perSecond: 10)],
                    at: .minutes(10)),
            ])
    }

    private static func bulkhead(_ scale: TimeScale) -> Alert {
        let bulkhead = LabelKey("bulkhead")
        let rule = AlertRule(
            "BulkheadFull", .ticket,
            when: Series(BulkheadMetrics.rejected).increase(.minutes(5)).sum(by: [.service, bulkhead]).atLeast(
                scale.count(5)),
            summary: "{{ $labels.service }} has no room for calls of {{ $labels.bulkhead }}",
            description:
                "{{ $value | humanize }} calls were refused within five minutes because too many were in flight "
                + "or waiting.",
            dashboard: .resilience, labels: [.dependency("bulkhead")])
        func rejected(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(BulkheadMetrics.rejected, .is(.service, "gateway"), .is(bulkhead, "product")).value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "Calls of one upstream take all the places they have, so that they cannot take those of others.",
                customers: "What needs that upstream is refused; the rest goes on.",
                look: [
                    .query("What is in flight:", Series(BulkheadMetrics.inFlight).value),
                    .query(
                        "Which are refused:",
                        Series(BulkheadMetrics.rejected).rate(.minutes(5)).sum(by: [.service, bulkhead])),
                    .dashboard(.dependencies, "how long calls of it take"),
                ],
                steps: [
                    "The upstream is slow rather than failing, else its breaker would be open: see `HighLatency` there.",
                    "If the load is right and the upstream is well, raise the bound (`.env.example`: bulkhead).",
                ],
                reproduce: .command(
                    "start it anew with so little room that more customers do not fit in, and send them.",
                    "VITRINE_BULKHEAD=1 VITRINE_BULKHEAD_QUEUE=0 .build/release/vitrine up &\n"
                        + "sleep 20; .build/release/vitrine load --rate 40 --duration 30s")),
            cases: [
                .fires(
                    rule, "one in ten seconds", given: [rejected(perSecond: 0.1)], at: .minutes(10),
                    [Label("service", "gateway"), Label("bulkhead", "product"), Label("dependency", "product")],
                    summary: "gateway has no room for calls of product",
                    description: "30 calls were refused within five minutes because too many were in flight or waiting."
                ),
                .quiet(rule, "three in five minutes", given: [rejected(perSecond: 0.01)], at: .minutes(10)),
            ])
    }

    private static func deadlines(_ scale: TimeScale) -> Alert {
        let rule = AlertRule(
            "DeadlinesExceeded", .ticket,
            when: Series(DeadlineMetrics.exceeded).increase(.minutes(5)).sum(by: [.service, self.client]).atLeast(
                scale.count(5)),
            summary: "{{ $labels.service }}'s calls of {{ $labels.client }} run out of time",
            description:
                "{{ $value | humanize }} calls were given up within five minutes because their deadline had passed.",
            dashboard: .resilience, labels: [.dependency("client")])
        func exceeded(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(DeadlineMetrics.exceeded, .is(.service, "gateway"), .is(self.client, "product")).value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "Answers do not come before the request's deadline, which shrinks hop by hop.",
                customers: "504, after having waited.",
                look: [
                    .query(
                        "Whose calls of whom:",
                        Series(DeadlineMetrics.exceeded).rate(.minutes(5)).sum(by: [.service, self.client])),
                    .query(
                        "How slow the upstream is:",
                        Series(HTTPMetrics.serverDuration).quantile(0.99, .minutes(5), by: [.service])),
                    self.recording,
                ],
                steps: [
                    "Open a trace of a 504: the longest span is where the time went.",
                    "If the upstream has no span for it, the call never arrived: a stopped process or the network.",
                ],
                reproduce: .experiment("product-paused")),
            cases: [
                .fires(
                    rule, "one in ten seconds", given: [exceeded(perSecond: 0.1)], at: .minutes(10),
                    [Label("service", "gateway"), Label("client", "product"), Label("dependency", "product")],
                    summary: "gateway's calls of product run out of time",
                    description: "30 calls were given up within five minutes because their deadline had passed."),
                .quiet(rule, "three in five minutes", given: [exceeded(perSecond: 0.01)], at: .minutes(10)),
            ])
    }

    private static var ejected: Alert {
        let rule = AlertRule(
            "EndpointEjected", .ticket,
            when: Series(OutlierMetrics.ejections).increase(.minutes(5)).sum(by: [.service, self.client]).greater(
                than: 0),
            summary: "{{ $labels.service }} passes over an instance of {{ $labels.client }}",
            description:
                "{{ $labels.service }} has ejected instances of {{ $labels.client }} {{ $value | humanize }} times "
                + "within five minutes.",
            dashboard: .dependencies, labels: [.dependency("client")])
        func ejections(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(OutlierMetrics.ejections, .is(.service, "gateway"), .is(self.client, "product")).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "One of several instances fails where the others do not, and gets no calls for a while.",
                customers: "Little: the others answer.",
                look: [
                    .query("Ejected now:", Series(OutlierMetrics.ejected).value.greater(than: 0)),
                    .command(
                        "Which address, and why:", "grep -h '\"endpoint ejected\"' .vitrine/logs/*.log | tail -n 3"),
                ],
                steps: ["Look into the log of the instance at that address; take it out or start it again."],
                reproduce: .experiment("bad-instance")),
            cases: [
                .fires(
                    rule, "once",
                    given: [ejections(.at(0, for: .minutes(5)), .rising(perSecond: 1.0 / 120, for: .minutes(5)))],
                    at: .minutes(10),
                    [Label("service", "gateway"), Label("client", "product"), Label("dependency", "product")],
                    summary: "gateway passes over an instance of product",
                    description: "gateway has ejected instances of product 2.5 times within five minutes."),
                .quiet(
                    rule, "long ago", given: [ejections(.at(0, for: .minutes(2)), .at(3, for: .minutes(18)))],
                    at: .minutes(15)),
            ])
    }
}
