import LoadGenerator
import ServiceKit
import Telemetry
import UserService

/// What runs out: processor, memory, descriptors, connections, threads.
enum SaturationAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "saturation",
            [
                Self.lag(scale), Self.busy, Self.executor, Self.memory, Self.descriptors, Self.connections, Self.pool,
                Self.refusals, Self.generator(scale),
            ])
    }

    private static let loop = LabelKey("loop")
    private static let executorName = LabelKey("executor")
    private static let upstream = LabelKey("server.name")
    private static let reason = LabelKey("reason")
    private static let length = PromDuration.minutes(20)
    private static let mebibyte = 1_048_576.0

    // MARK: Event loops

    private static let traffic = LabelCondition.isNot(Self.loop, "admin")
    private static let gatewayLoop = [
        Label("service", "gateway"), Label("instance", "gateway:9000"), Label("loop", "1"),
    ]

    private static func of(
        _ metric: some DescribedMetric, _ loop: String, _ segments: InputSeries.Segment...
    ) -> InputSeries {
        InputSeries(
            Series(
                metric, .is(.service, "gateway"), .is(.instance, "gateway:9000"), .is(self.loop, loop)
            ).value, segments)
    }

    private static let loopLooks: [Runbook.Look] = [
        .query(
            "The longest turn of each loop, by process:",
            Series(RuntimeMetrics.loopLag).value.max(by: [.service, .instance, Self.loop])),
        .query(
            "How busy each loop is:",
            Series(RuntimeMetrics.loopBusy).rate(.minutes(5)).sum(by: [.service, .instance, Self.loop])),
        .query(
            "What the processor of each process is used for:",
            Series(ProcessMetrics.processorTime).rate(.minutes(5)).sum(by: [.service, .instance])),
        .command("Whether somebody blocks it on purpose:", "curl -s http://127.0.0.1:9000/faults"),
    ]

    private static func lag(_ scale: TimeScale) -> Alert {
        // Counted turns rather than the longest of late: that begins anew with each scrape, whoever makes it.
        let long = Series(RuntimeMetrics.loopLongTicks, self.traffic)
        let rule = AlertRule(
            "EventLoopLag", .ticket,
            when: long.increase(.minutes(5)).sum(by: [.service, .instance, self.loop]).atLeast(scale.count(10)),
            for: .minutes(3),
            summary: "Loop {{ $labels.loop }} of {{ $labels.service }} stands still again and again",
            description: "{{ $value | humanize }} turns of the loop took 100 ms or longer at {{ $labels.instance }} "
                + "within five minutes.",
            dashboard: .process)
        return Alert(
            rule,
            Runbook(
                means: "Something keeps a thread that serves many connections busy for more than 100 ms at a time: a "
                    + "computation, a blocking call, or a machine without a processor to spare. The admin loop, which "
                    + "only answers scrapes, is left out.",
                customers: "Every request on that loop is late by as much, whatever it asks for.",
                look: self.loopLooks,
                steps: [
                    "If the loop is busy all the time, see `EventLoopSaturated`; if not, single turns are long: "
                        + "look for spans that are as long as the lag, in traces of that instance.",
                    "If all processes of a machine lag at once, the machine is short of processor: look at what "
                        + "else runs.",
                    "If it began with a deployment, go back to the version before.",
                    "If one instance alone lags, stop it: it drains, and the others take over.",
                ],
                reproduce: .experiment("event-loop-block")),
            cases: [
                .fires(
                    rule, "one in eight seconds",
                    given: [self.of(RuntimeMetrics.loopLongTicks, "1", .rising(perSecond: 0.125, for: self.length))],
                    at: .minutes(10), self.gatewayLoop,
                    summary: "Loop 1 of gateway stands still again and again",
                    description: "37.5 turns of the loop took 100 ms or longer at gateway:9000 within five minutes."),
                .quiet(
                    rule, "a few hiccups",
                    given: [self.of(RuntimeMetrics.loopLongTicks, "1", .rising(perSecond: 0.025, for: self.length))],
                    at: .minutes(10)),
                .quiet(
                    rule, "the loop that answers scrapes",
                    given: [self.of(RuntimeMetrics.loopLongTicks, "admin", .rising(perSecond: 1, for: self.length))],
                    at: .minutes(10)),
            ])
    }

    private static var busy: Alert {
        let busy = Series(RuntimeMetrics.loopBusy, self.traffic)
        let rule = AlertRule(
            "EventLoopSaturated", .ticket,
            when: busy.rate(.minutes(5)).max(by: [.service, .instance, self.loop]).greater(than: 0.8),
            for: .minutes(5),
            summary: "Loop {{ $labels.loop }} of {{ $labels.service }} has no time left",
            description: "It works {{ $value | humanizePercentage }} of the time at {{ $labels.instance }}; what comes "
                + "now has to wait.",
            dashboard: .process)
        return Alert(
            rule,
            Runbook(
                means:
                    "A loop works nearly all the time. From here on each further request makes all others wait longer.",
                customers: "Slower answers everywhere in that service; then shedding, 503 with `Retry-After`.",
                look: self.loopLooks + [
                    .query(
                        "Requests a second of each service:",
                        Series(HTTPMetrics.serverDuration).count.rate(.minutes(5)).sum(by: [.service])),
                    .query(
                        "Connections of each loop; one that has most of them works for all:",
                        Series(RuntimeMetrics.loopConnections).value),
                ],
                steps: [
                    "If requests have grown with it, add instances, or loops where processors are free.",
                    "If requests are as ever, each costs more than before: compare the time per request with last "
                        + "week's, and go back to the version before.",
                    "If one loop has most of the connections, restart the callers: connections are spread when they "
                        + "open.",
                ],
                reproduce: .fault(
                    "the gateway's loops are busy for 45 of 50 ms, for a minute.", at: 9_000,
                    #"{"kind":"loop_block","point":"process","block_ms":45,"every_ms":50,"duration_seconds":60}"#)),
            cases: [
                .fires(
                    rule, "nine tenths of the time",
                    given: [self.of(RuntimeMetrics.loopBusy, "1", .rising(perSecond: 0.9, for: self.length))],
                    at: .minutes(15), self.gatewayLoop, summary: "Loop 1 of gateway has no time left",
                    description: "It works 90% of the time at gateway:9000; what comes now has to wait."),
                .quiet(
                    rule, "seven tenths of the time",
                    given: [self.of(RuntimeMetrics.loopBusy, "1", .rising(perSecond: 0.7, for: self.length))],
                    at: .minutes(15)),
            ])
    }

    private static var executor: Alert {
        let rejected = Series(RuntimeMetrics.executorRejected)
        let rule = AlertRule(
            "ExecutorRejecting", .ticket,
            when: rejected.increase(.minutes(5)).sum(by: [.service, self.executorName]).greater(than: 0),
            summary: "{{ $labels.service }} refuses work for its {{ $labels.executor }} threads",
            description: "{{ $value | humanize }} blocking calls found the queue full within five minutes.",
            dashboard: .process)
        func calls(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(
                    RuntimeMetrics.executorRejected, .is(.service, "user"), .is(self.executorName, "blocking")
                ).value, segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "Calls that block – hashing passwords, files, names – run on a few threads of their own with a "
                    + "queue of bounded length, and that queue was full.",
                customers: "Those whose call was refused get 503; in the user service that is signing in.",
                look: [
                    .query("What waits:", Series(RuntimeMetrics.executorQueue).value),
                    .query("What runs:", Series(RuntimeMetrics.executorRunning).value),
                    .query(
                        "Sign-ins by outcome, if it is the user service:",
                        Series(UserMetrics.logins).rate(.minutes(5)).sum(
                            by: [LabelKey(UserMetrics.LoginOutcome.self)])),
                ],
                steps: [
                    "In the user service, look whether sign-ins have surged: see `LoginFailures`. A password costs a "
                        + "thread some 50 ms on purpose.",
                    "Elsewhere, look for a disk or a name server that does not answer: all threads wait for it.",
                    "If the surge is of real customers, add instances.",
                ],
                reproduce: .casesOnly("the queue takes more sign-ins at once than one machine can send.")),
            cases: [
                .fires(
                    rule, "ten calls",
                    given: [calls(.at(0, for: .minutes(5)), .at(10, for: self.length))], at: .minutes(6),
                    [Label("service", "user"), Label("executor", "blocking")],
                    summary: "user refuses work for its blocking threads",
                    description: "10 blocking calls found the queue full within five minutes."),
                .quiet(rule, "a refusal of long ago", given: [calls(.at(10, for: self.length))], at: .minutes(10)),
            ])
    }

    // MARK: Memory and descriptors

    private static func process(
        _ metric: some DescribedMetric, _ segments: InputSeries.Segment...
    ) -> InputSeries {
        InputSeries(Series(metric, .is(.service, "product"), .is(.instance, "product:9002")).value, segments)
    }
    private static let product = [Label("service", "product"), Label("instance", "product:9002")]

    private static var memory: Alert {
        let resident = Series(ProcessMetrics.residentMemory)
        let rule = AlertRule(
            "MemoryHigh", .ticket,
            when: resident.value.max(by: [.service, .instance]).greater(than: 512 * self.mebibyte), for: .minutes(5),
            summary: "{{ $labels.service }} uses too much memory",
            description:
                "{{ $labels.instance }} holds {{ $value | humanize1024 }}B; 512 MiB are more than it ever needs.",
            dashboard: .process)
        return Alert(
            rule,
            Runbook(
                means:
                    "A process holds more than 512 MiB, where tens are usual. It leaks, or something without a bound "
                    + "fills up.",
                customers: "None yet; once the system ends the process, its requests fail until it is up again.",
                look: [
                    .query("Since when, and whether it still grows:", resident.value.max(by: [.service, .instance])),
                    .query(
                        "Requests in flight:", Series(HTTPMetrics.serverActive).value.sum(by: [.service, .instance])),
                    .query("Series of metrics, which are memory too:", Series(SelfMetrics.series).value),
                    .command("Whether somebody takes it on purpose:", "curl -s http://127.0.0.1:9002/faults"),
                ],
                steps: [
                    "If it grows steadily with time, it leaks: restart the instance, and look at what changed last.",
                    "If it grew with the requests in flight, something behind it is slow: look at `HighLatency` there.",
                    "If the number of series grew with it, see `SeriesOverflow`.",
                ],
                reproduce: .fault(
                    "the product service takes 600 MiB for a minute.", at: 9_002,
                    #"{"kind":"memory_growth","point":"process","mebibytes":600,"duration_seconds":60}"#)),
            cases: [
                .fires(
                    rule, "640 MiB for ten minutes",
                    given: [self.process(ProcessMetrics.residentMemory, .at(640 * self.mebibyte, for: self.length))],
                    at: .minutes(10), self.product, summary: "product uses too much memory",
                    description: "product:9002 holds 640MiB; 512 MiB are more than it ever needs."),
                .quiet(
                    rule, "512 MiB are allowed",
                    given: [self.process(ProcessMetrics.residentMemory, .at(512 * self.mebibyte, for: self.length))],
                    at: .minutes(10)),
                .quiet(
                    rule, "four minutes only",
                    given: [
                        self.process(
                            ProcessMetrics.residentMemory, .at(640 * self.mebibyte, for: .minutes(4)),
                            .at(self.mebibyte, for: self.length))
                    ], at: .minutes(6)),
            ])
    }

    private static var descriptors: Alert {
        let share = PromQL.ratio(
            Series(ProcessMetrics.openDescriptors).value.max(by: [.service, .instance]),
            Series(ProcessMetrics.descriptorsMax).value.max(by: [.service, .instance]))
        let rule = AlertRule(
            "FileDescriptorsNearLimit", .ticket, when: share.greater(than: 0.8), for: .minutes(2),
            summary: "{{ $labels.service }} runs out of file descriptors",
            description: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its descriptors open.",
            dashboard: .process)
        func open(_ count: Double) -> [InputSeries] {
            [
                self.process(ProcessMetrics.openDescriptors, .at(count, for: self.length)),
                self.process(ProcessMetrics.descriptorsMax, .at(1_024, for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "Connections and files of a process are near the number the system allows it. At the limit it can "
                    + "neither accept nor open anything.",
                customers: "None yet; at the limit new connections are refused: `ConnectionsRefused`.",
                look: [
                    .query("Open ones:", Series(ProcessMetrics.openDescriptors).value),
                    .query(
                        "Connections on the loops:",
                        Series(RuntimeMetrics.loopConnections).value.sum(by: [.service, .instance])),
                    .query("Connections towards other services:", Series(HTTPPoolMetrics.connections).value),
                    .command("What they are:", "ls -l /proc/<pid>/fd"),
                ],
                steps: [
                    "If most are connections of customers, add instances, or raise the limit (`ulimit -n`) and "
                        + "restart.",
                    "If connections to another service grow, that one does not answer: look at it.",
                    "If they are files, the process leaks them: restart it and look at what changed last.",
                ],
                reproduce: .casesOnly("the lab's limit is 20000, more than one machine opens against it.")),
            cases: [
                .fires(
                    rule, "922 of 1024", given: open(921.6), at: .minutes(5), self.product,
                    summary: "product runs out of file descriptors",
                    description: "product:9002 has 90% of its descriptors open."),
                .quiet(rule, "three quarters", given: open(768), at: .minutes(5)),
            ])
    }

    // MARK: Connections

    private static var connections: Alert {
        let refused = Series(HTTPMetrics.refusedConnections)
        let rule = AlertRule(
            "ConnectionsRefused", .ticket,
            when: refused.increase(.minutes(5)).sum(by: [.service, .instance]).greater(than: 0),
            summary: "{{ $labels.service }} refuses connections",
            description:
                "{{ $labels.instance }} has refused {{ $value | humanize }} connections within five minutes: its "
                + "limit is reached, or the system had no descriptor left.",
            dashboard: .process)
        return Alert(
            rule,
            Runbook(
                means: "So many connections are open that further ones are closed at once (`VITRINE_CONNECTIONS_MAX`, "
                    + "10000), or the process has no file descriptor left.",
                customers: "Whoever connects now gets no answer at all, not even an error.",
                look: [
                    .query(
                        "Connections open:",
                        Series(RuntimeMetrics.loopConnections).value.sum(by: [.service, .instance])),
                    .query(
                        "Descriptors left:",
                        Series(ProcessMetrics.descriptorsMax).value - Series(ProcessMetrics.openDescriptors).value),
                    .command(
                        "Who holds them:",
                        "ss -tn state established '( sport = :8000 )' | awk '{print $4}' | "
                            + "sed 's/:[0-9]*$//' | sort | uniq -c | sort -rn | sed 20q"),
                ],
                steps: [
                    "If few addresses hold most of them, refuse those before they reach the gateway.",
                    "If descriptors are what is missing, see `FileDescriptorsNearLimit`.",
                    "If customers are many, add instances of the gateway.",
                ],
                reproduce: .casesOnly("it takes more connections than one machine opens to reach the limit of 10000.")),
            cases: [
                .fires(
                    rule, "two connections",
                    given: [
                        self.process(HTTPMetrics.refusedConnections, .at(0, for: .minutes(5)), .at(2, for: self.length))
                    ], at: .minutes(6), self.product, summary: "product refuses connections",
                    description:
                        "product:9002 has refused 2 connections within five minutes: its limit is reached, "
                        + "or the system had no descriptor left."),
                .quiet(
                    rule, "none since ten minutes",
                    given: [self.process(HTTPMetrics.refusedConnections, .at(2, for: self.length))], at: .minutes(10)),
            ])
    }

    private static var pool: Alert {
        let waiting = Series(HTTPPoolMetrics.waiting)
        let rule = AlertRule(
            "ClientPoolWaiting", .ticket,
            when: waiting.overTime("avg", .minutes(5)).sum(by: [.service, self.upstream]).atLeast(1), for: .minutes(2),
            summary: "Calls of {{ $labels.service }} wait for a connection to {{ $labels.server_name }}",
            description: "On average {{ $value | humanize }} calls wait, of those that are not sent yet.",
            dashboard: .dependencies, labels: [.dependency("server_name")])
        func calls(_ count: Double) -> InputSeries {
            InputSeries(
                Series(HTTPPoolMetrics.waiting, .is(.service, "gateway"), .is(self.upstream, "product")).value,
                .at(count, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "All connections of a service towards another are in use, and calls queue for one: the other is "
                    + "slow, or there are more calls than connections for them.",
                customers: "Slow answers; past the deadline 504.",
                look: [
                    .query("Connections by state:", Series(HTTPPoolMetrics.connections).value),
                    .query("Streams of connections that are shared:", Series(HTTPPoolMetrics.streams).value),
                    .query(
                        "How long calls take:",
                        Series(HTTPMetrics.clientDuration).quantile(0.95, .minutes(5), by: [.service])),
                    .command("Whether its breaker is open:", "curl -s http://127.0.0.1:9000/breakers"),
                ],
                steps: [
                    "If the other service is slow, mend that: `HighLatency` and `DatabaseSlow` say more.",
                    "If it answers as fast as ever, the load has grown: add instances of it.",
                    "If the service it waits for does not answer at all, its breaker opens by itself; force it if not.",
                ],
                reproduce: .experiment("product-paused")),
            cases: [
                .fires(
                    rule, "three calls all the time", given: [calls(3)], at: .minutes(10),
                    [Label("service", "gateway"), Label("server_name", "product"), Label("dependency", "product")],
                    summary: "Calls of gateway wait for a connection to product",
                    description: "On average 3 calls wait, of those that are not sent yet."),
                .quiet(rule, "half a call on average", given: [calls(0.5)], at: .minutes(10)),
            ])
    }

    private static var refusals: Alert {
        let refused = Series(HTTPMetrics.refusals, .is(.service, "gateway"))
        let rule = AlertRule(
            "GatewayRefusals", .ticket,
            when: refused.rate(.minutes(5)).sum(by: [.service, self.reason]).greater(than: 1), for: .minutes(2),
            summary: "The gateway gets many messages that are no requests: {{ $labels.reason }}",
            description: "{{ $value | humanize }} a second are refused before anything looks at them.",
            dashboard: .gateway)
        func messages(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(HTTPMetrics.refusals, .is(.service, "gateway"), .is(self.reason, "fieldLineTooLong")).value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "Somebody sends what breaks the protocol, is too large, or too slow: a scanner, a broken client or "
                    + "proxy, or an attack that holds connections.",
                customers:
                    "None, unless the broken client is theirs: those get 400, 408, 413, 431 or a closed connection.",
                look: [
                    .query(
                        "By reason:",
                        Series(HTTPMetrics.refusals).rate(.minutes(5)).sum(by: [.service, self.reason])),
                    .query(
                        "Connections of the gateway, if reasons are about slowness:",
                        Series(RuntimeMetrics.loopConnections, .is(.service, "gateway")).value.sum()),
                    .command(
                        "When and why, line by line:", "grep 'message refused' .vitrine/logs/gateway.log | tail -20"),
                ],
                steps: [
                    "Find out from where they come at what stands before the gateway, whose log does not tell "
                        + "addresses; few are refused there.",
                    "If it began with a release of a client or proxy, take that back.",
                    "If it is about sizes, somebody may need more: compare the limits in `.env.example`.",
                ],
                reproduce: .command(
                    "twenty requests a second with a header that is too long, for half a minute.",
                    "for i in $(seq 30); do curl -s -o /dev/null -H \"x-large: $(head -c 60000 /dev/zero | tr '\\0' a)\" "
                        + "'http://127.0.0.1:8000/health?[1-20]'; sleep 1; done")),
            cases: [
                .fires(
                    rule, "three a second", given: [messages(perSecond: 3)], at: .minutes(10),
                    [Label("service", "gateway"), Label("reason", "fieldLineTooLong")],
                    summary: "The gateway gets many messages that are no requests: fieldLineTooLong",
                    description: "3 a second are refused before anything looks at them."),
                .quiet(rule, "one in two seconds", given: [messages(perSecond: 0.5)], at: .minutes(10)),
            ])
    }

    // MARK: The generator of load

    private static func generator(_ scale: TimeScale) -> Alert {
        let lag = Series(LoadMetrics.arrivalLag)
        let rule = AlertRule(
            "LoadGeneratorLate", .info,
            when: lag.slower(than: 0.1, .minutes(5), by: [.service]).greater(than: 0.3)
                .with(atLeast: scale.count(20), of: lag.count.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(2),
            summary: "The generator of load is behind its own schedule",
            description:
                "{{ $value | humanizePercentage }} of its journeys began more than 100 ms late: what it measures "
                + "says less about the shop than about itself.",
            dashboard: .load)
        func arrivals(late share: Double) -> [InputSeries] {
            let series = Series(LoadMetrics.arrivalLag, .is(.service, "load"))
            return [
                InputSeries(series.count.value, .rising(perSecond: 2, for: self.length)),
                InputSeries(series.within(0.1).value, .rising(perSecond: 2 * (1 - share), for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means: "The made-up customers come later than they should because the generator gets too little "
                    + "processor, so latency looks better or worse than it is.",
                customers: "None: these customers are made up.",
                look: [
                    .query("How late:", lag.quantile(0.95, .minutes(5), by: [.service])),
                    .query(
                        "Journeys that were dropped or cut:",
                        Series(LoadMetrics.journeys).rate(.minutes(5)).sum(by: [LabelKey("outcome")])),
                    .query("What is asked for:", Series(LoadMetrics.rate).value),
                ],
                steps: [
                    "Do not judge latency by the generator's numbers of that time.",
                    "Ask for fewer journeys, or run the generator on another machine.",
                ],
                reproduce: .casesOnly(
                    "the lab's own customers are too few to be late, and another generator is not scraped.")),
            cases: [
                .fires(
                    rule, "half of the journeys", given: arrivals(late: 0.5), at: .minutes(10),
                    [Label("service", "load")], summary: "The generator of load is behind its own schedule",
                    description:
                        "50% of its journeys began more than 100 ms late: what it measures says less about the "
                        + "shop than about itself."),
                .quiet(rule, "one in ten", given: arrivals(late: 0.1), at: .minutes(10)),
            ])
    }
}
