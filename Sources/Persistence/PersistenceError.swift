/// Why the storage layer refused, one clear line each.
public enum PersistenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Too much waits already; the caller should shed load. Retryable.
    case queueFull(namespace: String, limit: Int)
    /// The database does not answer, because a fault was set. Retryable.
    case unavailable(namespace: String)
    /// The database was closed.
    case closed(namespace: String)
    /// The shared transaction ended before this write's turn to commit, so nothing of it was kept. Retryable.
    case transactionLost(namespace: String, cause: String)
    /// A migration that has run already reads differently now.
    case migrationChanged(namespace: String, version: Int, name: String)
    /// The database has gone through a migration that this program does not have, between ones it has.
    case migrationMissing(namespace: String, version: Int, name: String)
    /// The database belongs to a newer program.
    case databaseNewer(namespace: String, database: Int, program: Int)
    /// Versions must rise, and a new one must come after all that have run.
    case migrationOutOfOrder(namespace: String, version: Int, after: Int)
    case migrationFailed(namespace: String, version: Int, name: String, cause: String)
    case migrationBrokeReferences(namespace: String, reference: String)

    /// Whether the same call may well succeed a moment later.
    public var isRetryable: Bool {
        switch self {
        case .queueFull, .unavailable, .transactionLost: true
        default: false
        }
    }

    /// A short stable name, fit for the `error.type` of a metric or span.
    public var name: String {
        switch self {
        case .queueFull: "queue_full"
        case .unavailable: "unavailable"
        case .closed: "closed"
        case .transactionLost: "transaction_lost"
        case .migrationChanged: "migration_changed"
        case .migrationMissing: "migration_missing"
        case .databaseNewer: "database_newer"
        case .migrationOutOfOrder: "migration_out_of_order"
        case .migrationFailed: "migration_failed"
        case .migrationBrokeReferences: "migration_broke_references"
        }
    }

    public var description: String {
        switch self {
        case .queueFull(let namespace, let limit):
            "database \(namespace): \(limit) operations wait already; try again later"
        case .unavailable(let namespace):
            "database \(namespace): it was made unavailable by a fault; clear it, or try again when it is over"
        case .closed(let namespace):
            "database \(namespace): it is closed"
        case .transactionLost(let namespace, let cause):
            "database \(namespace): the transaction was rolled back before it could be committed (\(cause)); try again"
        case .migrationChanged(let namespace, let version, let name):
            """
            database \(namespace): migration \(version) "\(name)" was changed after it ran here; \
            restore its text and put the change into a new migration
            """
        case .migrationMissing(let namespace, let version, let name):
            """
            database \(namespace): it has gone through migration \(version) "\(name)", which this program lacks; \
            start the program that belongs to it
            """
        case .databaseNewer(let namespace, let database, let program):
            """
            database \(namespace): its schema is at version \(database), this program knows only \(program); \
            start a newer program or restore an older backup
            """
        case .migrationOutOfOrder(let namespace, let version, let after):
            "database \(namespace): migration \(version) comes after \(after); give it a higher version"
        case .migrationFailed(let namespace, let version, let name, let cause):
            "database \(namespace): migration \(version) \"\(name)\" failed and was undone: \(cause)"
        case .migrationBrokeReferences(let namespace, let reference):
            """
            database \(namespace): the migrations leave a row without the row it refers to (\(reference)); \
            they were undone
            """
        }
    }
}
