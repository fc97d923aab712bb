import Persistence
import Telemetry

extension Dashboard {
    static let stores = Dashboard(
        .stores,
        "The databases of the services: statements, the connections they wait for, and how writes are gathered into "
            + "commits and the log into the file.",
        tags: ["use", "storage"], variables: [.service], related: [.service, .process, .dependencies, .business]
    ) {
        StoreRows.now
        StoreRows.work
        StoreRows.pools
        StoreRows.writing
    }
}

private enum StoreRows {
    static let service = DashboardVariable.service.condition
    static let statements = RED.statements.where(Self.service)
    static let commits = Series(DatabaseDescriptors.commits, Self.service)
    static let waiting = Series(DatabaseDescriptors.pendingRequests, Self.service)
    static let writes = Series(DatabaseDescriptors.writesPerCommit, Self.service)

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Statements", .operationsPerSecond, "Of all chosen databases.") {
            Query(Self.statements.rate())
        }
        Stat("Failing", .ratio, "Share of statements that ended in an error, a full queue included.") {
            Query(Self.statements.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat("Statement p95", .seconds, "Waiting for a connection included. Requests make several of these.") {
            Query(Self.statements.quantile(0.95))
        }.thresholds(.above(0.05, 0.1))
        Stat(
            "Waiting", .short,
            "Operations that wait for a connection now. Those that stay are a pool too small, or a writer too slow."
        ) {
            Query(Self.waiting.value.sum())
        }.thresholds(.above(5, 50))
        Stat("Commits", .operationsPerSecond, "Each costs one sync of the disk, however many writes share it.") {
            Query(Self.commits.rate(.rateInterval).sum())
        }
        Stat(
            "Refused", .operationsPerSecond,
            "Operations refused because too many waited. Anything but 0 fails requests."
        ) {
            Query(Series(DatabaseDescriptors.rejections, Self.service).rate(.rateInterval).sum())
        }.thresholds(.from(0.01))
    }

    static let work = Row("Statements", columns: 3) {
        TimeSeries(
            "Statements by table", .operationsPerSecond,
            "The ten busiest pairs of a table and a kind of statement. One that jumps without traffic is a loop of "
                + "somebody's."
        ) {
            Query(
                Self.statements.rate(by: .database, .operation, .table).top(10), "\(.database): \(.operation) \(.table)"
            )
        }.scale()
        TimeSeries(
            "Slowest p95 by table", .seconds,
            "The ten slowest. A table that grows slower each week misses an index."
        ) {
            Query(
                Self.statements.quantile(0.95, by: .database, .operation, .table).top(10),
                "\(.database): \(.operation) \(.table)", exemplars: true)
        }.thresholds(.above(0.05, 0.1)).scale()
        HeatMap(
            "Where durations lie", .seconds,
            "How many statements took how long. Reads sit at the bottom; the band above is writes that wait for their "
                + "commit.", buckets: Self.statements.buckets)
        Table(
            "Tables", "Every kind of statement on every table. Sort by a heading.",
            keys: [.init(.database, "Database"), .init(.operation, "Statement"), .init(.table, "Table")]
        ) {
            Column("Rate", .operationsPerSecond, Self.statements.rate(by: .database, .operation, .table))
            Column(
                "Failing", .ratio, Self.statements.failureRatio(by: .database, .operation, .table),
                .above(0.001, 0.01))
            Column(
                "p95", .seconds, Self.statements.quantile(0.95, by: .database, .operation, .table), .above(0.05, 0.1))
        }.spanning(2)
        TimeSeries(
            "Failures by kind", .operationsPerSecond,
            "What statements failed of. A broken rule of the schema is a race that was lost; anything else wants a "
                + "look. Empty while none fails."
        ) {
            Query(Self.statements.failures(by: .database, .errorType), "\(.database) \(.errorType)")
        }.needs(.only("when statements fail"))
    }

    static let pools = Row("Connections", columns: 4) {
        TimeSeries("Connections in use", .short, "Of each pool. Flat at its most: operations queue.") {
            Query(
                Series(DatabaseDescriptors.connectionCount, Self.service, .is(.poolState, "used")).value.sum(
                    by: [.pool]), "\(.pool)")
        }.scale()
        TimeSeries(
            "Waiting by pool", .short,
            "Operations that wait for a connection. Writers have one connection: their writes wait for one another on "
                + "purpose, and briefly."
        ) {
            Query(Self.waiting.value.sum(by: [.pool]), "\(.pool)")
        }.thresholds(.above(5, 50)).scale()
        TimeSeries(
            "Wait p95 by pool", .seconds,
            "How long operations wait for a connection. Worry when it is longer than the statement itself."
        ) {
            Query(
                Series(DatabaseDescriptors.waitTime, Self.service).quantile(0.95, .rateInterval, by: [.pool]),
                "\(.pool)")
        }.thresholds(.above(0.05, 0.1)).scale()
        TimeSeries(
            "Use p95 by pool", .seconds,
            "How long a connection is held; for a writer that is a whole commit, the disk included."
        ) {
            Query(
                Series(DatabaseDescriptors.useTime, Self.service).quantile(0.95, .rateInterval, by: [.pool]),
                "\(.pool)")
        }.thresholds(.above(0.05, 0.1)).scale()
    }

    static let writing = Row("Commits and the log", columns: 4) {
        TimeSeries(
            "Commits by database", .operationsPerSecond,
            "By outcome. Failed ones undid all the writes that shared them: the disk is full, or broken."
        ) {
            Query(Self.commits.rate(.rateInterval).sum(by: [.database, .outcome]), "\(.database) \(.outcome)")
        }.scale()
        TimeSeries("Writes sharing a commit", .short, "The mean. It rises with load: that is how the disk keeps up.") {
            Query(Self.writes.mean(.rateInterval, by: [.database]), "\(.database)")
        }.scale()
        TimeSeries(
            "Pages in the log", .short,
            "Of the write-ahead log after the last commit. It falls with each checkpoint; if it only rises, a reader "
                + "never ends."
        ) {
            Query(Series(DatabaseDescriptors.logFrames, Self.service).value.max(by: [.database]), "\(.database)")
        }.thresholds(.above(5_000, 20_000)).scale()
        TimeSeries(
            "Checkpoints and rollbacks", .perMinute,
            "Checkpoints by outcome, and transactions undone as a whole: an order without enough stock is one."
        ) {
            Query(
                Series(DatabaseDescriptors.checkpoints, Self.service).rate(.rateInterval).sum(
                    by: [.database, .outcome]) * 60, "\(.database) checkpoint \(.outcome)")
            Query(
                Series(DatabaseDescriptors.rollbacks, Self.service).rate(.rateInterval).sum(by: [.database]) * 60,
                "\(.database) rollback")
        }.scale()
    }
}
