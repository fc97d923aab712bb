public import Telemetry

/// Every metric this layer emits. Those of the semantic conventions keep their names, ours begin with `shop.db`.
public enum DatabaseDescriptors {
    /// Semantic conventions: `db.client.operation.duration`. For a write it includes the wait for its commit.
    public static let operationDuration = DynamicDescriptor(
        "db.client.operation.duration", kind: .histogram, unit: .seconds,
        help: "Duration of database operations, waiting included.",
        labelNames: ["db.system.name", "db.namespace", "db.operation.name", "db.collection.name", "error.type"],
        buckets: Buckets.databaseSeconds, stability: .stable)

    /// Connections by what they do now: `idle` or `used`.
    public static let connectionCount = DynamicDescriptor(
        "db.client.connection.count", kind: .upDownCounter, unit: .count("connection"),
        help: "Open connections of a pool, by state.",
        labelNames: ["db.client.connection.pool.name", "db.client.connection.state"],
        labelValues: ["db.client.connection.state": ["idle", "used"]])

    public static let connectionMax = DynamicDescriptor(
        "db.client.connection.max", kind: .gauge, unit: .count("connection"),
        help: "The most connections a pool opens.", labelNames: ["db.client.connection.pool.name"])

    public static let pendingRequests = DynamicDescriptor(
        "db.client.connection.pending_requests", kind: .upDownCounter, unit: .count("request"),
        help: "Operations that wait for a connection of the pool.", labelNames: ["db.client.connection.pool.name"])

    public static let waitTime = DynamicDescriptor(
        "db.client.connection.wait_time", kind: .histogram, unit: .seconds,
        help: "Time operations waited for a connection of the pool.",
        labelNames: ["db.client.connection.pool.name"], buckets: Buckets.databaseSeconds)

    public static let useTime = DynamicDescriptor(
        "db.client.connection.use_time", kind: .histogram, unit: .seconds,
        help: "Time from taking a connection of the pool to giving it back; for the writer, that of a whole commit.",
        labelNames: ["db.client.connection.pool.name"], buckets: Buckets.databaseSeconds)

    public static let commits = DynamicDescriptor(
        "shop.db.commits", kind: .counter, unit: .count("commit"),
        help: "Shared commits, by outcome: succeeded or failed.", labelNames: ["db.namespace", "outcome"],
        labelValues: ["outcome": ["succeeded", "failed"]])

    public static let writesPerCommit = DynamicDescriptor(
        "shop.db.writes_per_commit", kind: .histogram, unit: .count("write"),
        help: "Writes that shared one commit.", labelNames: ["db.namespace"],
        buckets: [1, 2, 4, 8, 16, 32, 64, 128])

    public static let rollbacks = DynamicDescriptor(
        "shop.db.rollbacks", kind: .counter, unit: .count("transaction"),
        help: "Transactions that were undone as a whole.", labelNames: ["db.namespace"])

    public static let rejections = DynamicDescriptor(
        "shop.db.rejections", kind: .counter, unit: .count("operation"),
        help: "Operations refused because too many waited.", labelNames: ["db.client.connection.pool.name"])

    public static let checkpoints = DynamicDescriptor(
        "shop.db.checkpoints", kind: .counter, unit: .count("checkpoint"),
        help: "Checkpoints of the write-ahead log, by outcome: succeeded or failed.",
        labelNames: ["db.namespace", "outcome"], labelValues: ["outcome": ["succeeded", "failed"]])

    public static let logFrames = DynamicDescriptor(
        "shop.db.log_frames", kind: .gauge, unit: .count("frame"),
        help: "Pages in the write-ahead log after the last commit.", labelNames: ["db.namespace"])

    /// Label sets of `operationDuration` at most: databases × operations × kinds of error.
    static let operationSeriesMax = 1_000
    /// Label sets of every other metric at most: a few for each database of the process.
    static let poolSeriesMax = 64

    /// All of them, for documents and lint.
    public static let all: [DynamicDescriptor] = [
        operationDuration, connectionCount, connectionMax, pendingRequests, waitTime, useTime, commits, writesPerCommit,
        rollbacks, rejections, checkpoints, logFrames,
    ]

    /// The spans of what a service does to its databases.
    public static func spans(_ operations: [DatabaseOperation]) -> [SpanDescriptor] {
        operations.map { operation in
            SpanDescriptor(
                "\(operation.operation) \(operation.collection)", kind: .client,
                "An operation on the database, waiting included; for a write, up to its commit.",
                [
                    Attribute.dbSystemName, Attribute.dbNamespace, Attribute.dbOperationName,
                    Attribute.dbCollectionName, Attribute.dbResponseStatusCode,
                ])
        }
    }
}
