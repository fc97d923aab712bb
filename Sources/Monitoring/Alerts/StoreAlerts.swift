import Persistence
import Telemetry

/// The databases: slow, failing, too busy, or with a log that only grows.
enum StoreAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "stores",
            [
                Self.waiting(scale), Self.slow(scale), Self.failing(scale), Self.rejected, Self.checkpoints,
                Self.frames,
            ])
    }

    private static let pool = LabelKey("db.client.connection.pool.name")
    private static let namespace = LabelKey("db.namespace")
    private static let operation = LabelKey("db.operation.name")
    private static let collection = LabelKey("db.collection.name")
    private static let error = LabelKey("error.type")
    private static let outcome = LabelKey("outcome")
    private static let length = PromDuration.minutes(60)

    private static let order = [Label("service", "order"), Label("db_namespace", "order")]
    private static let orders = Self.order + [Label("db_collection_name", "orders")]
    /// By table: what a store does by itself, all the time, would water down what customers wait for.
    private static let tables = [LabelKey.service, Self.namespace, Self.collection]
    private static let writer = [
        Label("service", "order"), Label("db_client_connection_pool_name", "order.writer"),
    ]

    /// A histogram's series of one operation: so many a second, a share of them above the bound.
    private static func observed(
        _ series: Series, perSecond rate: Double, above bound: Double, share: Double
    ) -> [InputSeries] {
        [
            InputSeries(series.count.value, .rising(perSecond: rate, for: self.length)),
            InputSeries(series.within(bound).value, .rising(perSecond: rate * (1 - share), for: self.length)),
        ]
    }

    private static let pools: [Runbook.Look] = [
        .query("Operations that wait for a connection now:", Series(DatabaseDescriptors.pendingRequests).value),
        .query("Connections by what they do:", Series(DatabaseDescriptors.connectionCount).value),
        .query(
            "How long a connection is held; of a writer, how long a commit takes:",
            Series(DatabaseDescriptors.useTime).quantile(0.95, .minutes(5), by: [.service, Self.pool])),
    ]

    private static let operations: [Runbook.Look] = [
        .query(
            "Which operations take how long:",
            Series(DatabaseDescriptors.operationDuration).quantile(
                0.95, .minutes(5), by: [.service, Self.operation, Self.collection])),
        .query(
            "Which fail, and how:",
            Series(DatabaseDescriptors.operationDuration, .isNot(Self.error, "")).count.rate(.minutes(5))
                .sum(by: [.service, Self.operation, Self.collection, Self.error])),
        .command(
            "Whether it is made so on purpose, here in the order service:", "curl -s http://127.0.0.1:9004/faults"),
    ]

    // MARK: Pools

    private static func waiting(_ scale: TimeScale) -> Alert {
        let wait = Series(DatabaseDescriptors.waitTime)
        let rule = AlertRule(
            "DatabasePoolWaiting", .ticket,
            when: wait.slower(than: 0.1, .minutes(5), by: [.service, self.pool]).greater(than: 0.3)
                .with(atLeast: scale.count(20), of: wait.count.increase(.minutes(5)).sum(by: [.service, self.pool])),
            for: .minutes(2),
            summary: "Operations of {{ $labels.service }} wait for {{ $labels.db_client_connection_pool_name }}",
            description: "{{ $value | humanizePercentage }} of them wait more than 100 ms for a connection.",
            dashboard: .stores)
        func waits(_ share: Double) -> [InputSeries] {
            self.observed(
                Series(DatabaseDescriptors.waitTime, .is(.service, "order"), .is(self.pool, "order.writer")),
                perSecond: 2, above: 0.1, share: share)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "All connections of a pool are in use, and operations queue: of a writer, whose commits take "
                    + "turns, or of the readers.",
                customers: "Everything that needs the store is slow; past the queue's bound it is refused with 503.",
                look: self.pools + self.operations,
                steps: [
                    "Of a `writer`: if commits take long, the disk is slow; see what else writes to it (`iostat -x "
                        + "2`).",
                    "Of `readers`: if single statements take long, look which, and at the plan of the statement.",
                    "If neither is slow, there are simply more: find out who calls, and whether they repeat "
                        + "(`RetryAmplification`).",
                ],
                reproduce: .casesOnly(
                    "a fault delays an operation before it asks for a connection, so that none is held any longer.")),
            cases: [
                .fires(
                    rule, "half of them", given: waits(0.5), at: .minutes(10), self.writer,
                    summary: "Operations of order wait for order.writer",
                    description: "50% of them wait more than 100 ms for a connection."),
                .quiet(rule, "one in five", given: waits(0.2), at: .minutes(10)),
            ])
    }

    private static var rejected: Alert {
        let rejections = Series(DatabaseDescriptors.rejections)
        let rule = AlertRule(
            "DatabaseWritesRejected", .ticket,
            when: rejections.increase(.minutes(5)).sum(by: [.service, self.pool]).greater(than: 0),
            summary: "{{ $labels.service }} refuses work for {{ $labels.db_client_connection_pool_name }}",
            description: "{{ $value | humanize }} operations found the queue full within five minutes.",
            dashboard: .stores)
        func refused(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(DatabaseDescriptors.rejections, .is(.service, "order"), .is(self.pool, "order.writer")).value,
                segments)
        }
        return Alert(
            rule,
            Runbook(
                means: "So many operations waited for a connection that further ones were refused at once. Waiting has "
                    + "gone before: `DatabasePoolWaiting`.",
                customers: "503 with `Retry-After`; of orders, nothing is half done, and placing them again is safe.",
                look: self.pools,
                steps: [
                    "Mend what `DatabasePoolWaiting` and `DatabaseSlow` point to: refusing is only how it ends.",
                    "If the load has grown beyond what one store can do, lower the limit of requests in flight: "
                        + "`POST /resilience/concurrency` at the service's admin port; shedding chooses better than "
                        + "the queue.",
                ],
                reproduce: .casesOnly("the queue is longer than what the lab's services let through at once.")),
            cases: [
                .fires(
                    rule, "five operations",
                    given: [refused(.at(0, for: .minutes(5)), .at(5, for: self.length))], at: .minutes(6), self.writer,
                    summary: "order refuses work for order.writer",
                    description: "5 operations found the queue full within five minutes."),
                .quiet(rule, "refusals of long ago", given: [refused(.at(5, for: self.length))], at: .minutes(10)),
            ])
    }

    // MARK: Operations

    private static func operation(_ kind: LabelCondition...) -> Series {
        Series(
            DatabaseDescriptors.operationDuration,
            where: [.is(.service, "order"), .is(self.namespace, "order"), .is(self.collection, "orders")] + kind)
    }

    private static func slow(_ scale: TimeScale) -> Alert {
        let duration = Series(DatabaseDescriptors.operationDuration)
        let rule = AlertRule(
            "DatabaseSlow", .ticket,
            when: duration.slower(than: 0.1, .minutes(5), by: self.tables).greater(than: 0.3)
                .with(atLeast: scale.count(20), of: duration.count.increase(.minutes(5)).sum(by: self.tables)),
            for: .minutes(2),
            summary: "The database of {{ $labels.service }} is slow",
            description:
                "{{ $value | humanizePercentage }} of the operations on {{ $labels.db_collection_name }} take more "
                + "than 100 ms; single milliseconds are usual.",
            dashboard: .stores)
        return Alert(
            rule,
            Runbook(
                means:
                    "More than three in ten operations on a store take longer than 100 ms, waiting included: "
                    + "the disk is slow, a statement reads too much, or operations queue.",
                customers: "What needs the store is late; past the deadline 504.",
                look: self.operations + self.pools,
                steps: [
                    "If `DatabasePoolWaiting` fires too, operations queue: begin there.",
                    "If only one operation is slow, look at the plan of its statement, and whether its table has "
                        + "grown.",
                    "If all are, the disk is: `iostat -x 2`, and see `LogFramesGrowing`, since a long log makes "
                        + "reading slow.",
                ],
                reproduce: .experiment("slow-database")),
            cases: [
                .fires(
                    rule, "half of them",
                    given: self.observed(self.operation(), perSecond: 2, above: 0.1, share: 0.5), at: .minutes(10),
                    self.orders, summary: "The database of order is slow",
                    description: "50% of the operations on orders take more than 100 ms; single milliseconds are usual."
                ),
                .quiet(
                    rule, "one in five",
                    given: self.observed(self.operation(), perSecond: 2, above: 0.1, share: 0.2), at: .minutes(10)),
                .quiet(
                    rule, "all, but fifteen in five minutes",
                    given: self.observed(self.operation(), perSecond: 0.05, above: 0.1, share: 1), at: .minutes(20)),
            ])
    }

    private static func failing(_ scale: TimeScale) -> Alert {
        let duration = Series(DatabaseDescriptors.operationDuration)
        // Who asked has gone: that is no fault of the store.
        let failed = Series(DatabaseDescriptors.operationDuration, .matchesNot(self.error, "|cancelled")).count
        let rule = AlertRule(
            "DatabaseFailing", .ticket,
            when: PromQL.ratio(
                failed.rate(.minutes(5)).sum(by: self.tables), duration.count.rate(.minutes(5)).sum(by: self.tables)
            ).greater(than: 0.05)
                .with(atLeast: scale.count(5), of: failed.increase(.minutes(5)).sum(by: self.tables)),
            for: .minutes(1),
            summary: "The database of {{ $labels.service }} fails",
            description:
                "{{ $value | humanizePercentage }} of the operations on {{ $labels.db_collection_name }} end with an "
                + "error.",
            dashboard: .stores)
        func ended(ok: Double, failed: Double) -> [InputSeries] {
            [
                InputSeries(self.operation().count.value, .rising(perSecond: ok, for: self.length)),
                InputSeries(
                    self.operation(.is(self.error, "unavailable")).count.value,
                    .rising(perSecond: failed, for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "Operations on a store fail: it is busy or closed, the disk is full or fails, or the queue of a "
                    + "pool is full. The error's type says which.",
                customers: "What needs the store gets 503; the gateway answers some of it from before.",
                look: self.operations + [
                    .command("Room on the disk:", "df -h .vitrine"),
                    .command(
                        "Whether the file is sound:",
                        "python3 -c \"import sqlite3; "
                            + "print(sqlite3.connect('file:.vitrine/data/order.sqlite?mode=ro', "
                            + "uri=True).execute('PRAGMA integrity_check').fetchall())\""),
                ],
                steps: [
                    "`queue_full`: see `DatabaseWritesRejected`.",
                    "`unavailable`: another process holds the file (a backup, a shell): end it. If the disk is "
                        + "full, make room; writing goes on by itself.",
                    "If the file is not sound, stop the service, put the last backup in its place, and start it "
                        + "again; orders since then are in the log lines of the payment.",
                ],
                reproduce: .fault(
                    "half of the operations of the product service's database fail, for a minute.", at: 9_002,
                    #"{"kind":"error","point":"database","percentage":50,"duration_seconds":60}"#)),
            cases: [
                .fires(
                    rule, "one in five", given: ended(ok: 0.8, failed: 0.2), at: .minutes(10), self.orders,
                    summary: "The database of order fails",
                    description: "20% of the operations on orders end with an error."),
                .quiet(rule, "one in fifty", given: ended(ok: 4.9, failed: 0.1), at: .minutes(10)),
                .quiet(rule, "all, but three in five minutes", given: ended(ok: 0, failed: 0.01), at: .minutes(20)),
            ])
    }

    // MARK: The write-ahead log

    private static func ofStore(
        _ metric: some DescribedMetric, _ kind: [LabelCondition], _ segments: InputSeries.Segment...
    ) -> InputSeries {
        InputSeries(
            Series(metric, where: [.is(.service, "order"), .is(self.namespace, "order")] + kind).value, segments)
    }

    private static let log: [Runbook.Look] = [
        .query("Pages in the log of each store:", Series(DatabaseDescriptors.logFrames).value),
        .query(
            "Checkpoints by outcome:",
            Series(DatabaseDescriptors.checkpoints).increase(.minutes(30)).sum(
                by: [.service, Self.namespace, Self.outcome])),
        .command("Who has the files open:", "lsof .vitrine/data/*.sqlite .vitrine/data/*.sqlite-wal"),
        .command("Room on the disk, and the size of the logs:", "df -h .vitrine; ls -lh .vitrine/data/*.sqlite-wal"),
    ]

    private static var checkpoints: Alert {
        func made(_ outcome: String) -> PromQL {
            Series(DatabaseDescriptors.checkpoints, .is(self.outcome, outcome)).increase(.minutes(30))
                .sum(by: [.service, self.namespace])
        }
        let rule = AlertRule(
            "CheckpointsFailing", .ticket,
            when: made("failed").atLeast(3).unless(made("succeeded").greater(than: 0)),
            summary: "No checkpoint of {{ $labels.service }} succeeds",
            description: "{{ $value | humanize }} tries to move its log into the database have failed within half an "
                + "hour, and none has succeeded.",
            dashboard: .stores)
        func tries(failed: Double, succeeded: Double) -> [InputSeries] {
            [
                self.ofStore(
                    DatabaseDescriptors.checkpoints, [.is(self.outcome, "failed")],
                    .rising(perSecond: failed / 1_800, for: self.length)),
                self.ofStore(
                    DatabaseDescriptors.checkpoints, [.is(self.outcome, "succeeded")],
                    .rising(perSecond: succeeded / 1_800, for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "A checkpoint moves what was committed from the write-ahead log into the database, so that the log "
                    + "can start over. It fails where another process is in the way, or the disk does not take it.",
                customers: "None yet: commits are safe in the log. Reading gets slower as it grows.",
                look: self.log,
                steps: [
                    "Another process that holds the file open and reads without end – a backup, a shell – is the "
                        + "usual reason: end it.",
                    "If the disk is full or fails, the system's log says so: make room, or move the files.",
                    "Leave `-wal` and `-shm` alone: the log is part of the database until a checkpoint has succeeded.",
                ],
                reproduce: .casesOnly(
                    "faults of the database hit operations, and a checkpoint is nobody's "
                        + "operation.")),
            cases: [
                .fires(
                    rule, "six failed in half an hour", given: tries(failed: 6, succeeded: 0), at: .minutes(40),
                    self.order,
                    summary: "No checkpoint of order succeeds",
                    description:
                        "5.977 tries to move its log into the database have failed within half an hour, and none "
                        + "has succeeded."),
                .quiet(
                    rule, "readers were in the way of most", given: tries(failed: 6, succeeded: 2), at: .minutes(40)),
            ])
    }

    private static var frames: Alert {
        let rule = AlertRule(
            "LogFramesGrowing", .ticket,
            when: Series(DatabaseDescriptors.logFrames).value.max(by: [.service, .instance, self.namespace])
                .greater(than: 16_000),
            for: .minutes(5),
            summary: "The write-ahead log of {{ $labels.service }} grows",
            description: "It holds {{ $value | humanize }} pages of 4 KiB at {{ $labels.instance }}; from 8000 on even "
                + "readers are made to wait so that it can start over.",
            dashboard: .stores)
        func pages(_ count: Double) -> InputSeries {
            self.ofStore(
                DatabaseDescriptors.logFrames, [.is(.instance, "order:9004")], .at(count, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "The log has twice the pages at which checkpoints wait for readers, so somebody reads without end: "
                    + "the log cannot start over while a reader needs its beginning.",
                customers: "Reading gets slower with each page; at the end the disk is full, and writing fails.",
                look: self.log,
                steps: [
                    "Find the reader that does not end – a backup, a shell with an open transaction – and end it.",
                    "If none is there, restart the service: closing the last connection moves the log into the "
                        + "database.",
                    "If it grows again at once, see `CheckpointsFailing` and the disk.",
                ],
                reproduce: .command(
                    "somebody reads the products without end, under load; some minutes later the log is too long.",
                    "python3 -c \"import sqlite3, time; c = sqlite3.connect('.vitrine/data/product.sqlite'); "
                        + "c.execute('BEGIN'); c.execute('SELECT count(*) FROM products').fetchall(); "
                        + "time.sleep(600)\" & .build/release/vitrine load --rate 100 --duration 10m")),
            cases: [
                .fires(
                    rule, "20000 pages", given: [pages(20_000)], at: .minutes(10),
                    self.order + [Label("instance", "order:9004")],
                    summary: "The write-ahead log of order grows",
                    description:
                        "It holds 20k pages of 4 KiB at order:9004; from 8000 on even readers are made to wait so "
                        + "that it can start over."),
                .quiet(rule, "15000 pages", given: [pages(15_000)], at: .minutes(10)),
            ])
    }
}
