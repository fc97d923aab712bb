import Persistence
import Telemetry

/// The databases: slow, failing, too busy, or with a log that only grows.
enum StoreAlerts {
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "stores", [Self.waiting, Self.slow, Self.failing, Self.rejected, Self.checkpoints, Self.frames])
    }

    private static let pool = LabelKey("db.client.connection.pool.name")
    private static let namespace = LabelKey("db.namespace")
    private static let operation = LabelKey("db.operation.name")
    private static let collection = LabelKey("db.collection.name")
    private static let error = LabelKey("error.type")
    private static let outcome = LabelKey("outcome")
    private static let length = PromDuration.minutes(60)

    private static let order = [Label("service", "order"), Label("db_namespace", "order")]
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
        .command("Whether it is made so on purpose:", "curl -s http://127.0.0.1:9004/faults"),
    ]

    // MARK: Pools

    private static var waiting: Alert {
        let wait = Series(DatabaseDescriptors.waitTime)
        let rule = AlertRule(
            "DatabasePoolWaiting", .ticket,
            when: wait.slower(than: 0.1, .minutes(5), by: [.service, self.pool]).greater(than: 0.25)
                .with(atLeast: 10, of: wait.count.increase(.minutes(5)).sum(by: [.service, self.pool])),
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
                means: "All connections of a pool are in use, and operations queue: of a writer, whose commits take turns, "
                    + "or of the readers.",
                customers: "Everything that needs the store is slow; past the queue's bound it is refused with 503.",
                look: self.pools + self.operations,
                steps: [
                    "Of a `writer`: if commits take long, the disk is slow; see what else writes to it (`iostat -x 2`).",
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
                        + "`POST /resilience/concurrency` at the service's admin port; shedding chooses better than the queue.",
                ],
                reproduce: .casesOnly("the queue is longer than what the lab's services let through at once.")),
            cases: [
                .fires(
                    rule, "five operations",
                    given: [refused(.at(0, for: .minutes(5)), .at(5, for: self.length))], at: .minutes(6), self.writer,
                    summary: "order refuses work for order.writer",
                    description: "5.263 operations found the queue full within five minutes."),
                .quiet(rule, "refusals of long ago", given: [refused(.at(5, for: self.length))], at: .minutes(10)),
            ])
    }
}
