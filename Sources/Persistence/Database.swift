import NetworkIO
import SQLite
import Synchronization
public import Telemetry

/// One SQLite file: migrated, with a single writer that shares commits, and readers beside it.
///
/// - `read(onLoop:)` for a short indexed read, here and now on the event loop's own connection.
/// - `read` for anything longer, on a reader thread, with one snapshot throughout.
/// - `write` for a transaction.
///
/// Bodies are synchronous, so that no network call fits inside a transaction. Every operation makes a client span and
/// records `db.client.operation.duration`.
public final class Database: Sendable {
    public let path: String
    /// `db.namespace`, and part of the names of its connection pools.
    public let namespace: String
    /// Versions of the migrations that this start ran; empty when the schema was up to date.
    public let migratedVersions: [Int]

    @usableFromInline let disturbance: (any DatabaseDisturbance)?
    let options: DatabaseOptions
    let operations: OperationTelemetryTable
    let metrics: DatabaseMetrics
    let writer: Writer
    let loopReaders: LoopReaders
    let loopShelf: ReaderShelf
    let readers: BlockingExecutor
    let readerShelf: ReaderShelf

    /// Opens or creates the file, migrates it, and starts its threads.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist and be writable. A new file is readable by its owner only.
    ///   - namespace: a short name for telemetry and messages, such as `products`.
    ///   - durability: what an acknowledged write survives.
    ///   - migrations: every step of the schema since the beginning, in order.
    ///   - loops: how many event loops have a read-only connection of their own; their indexes are 0 ..< `loops`.
    ///   - readers: threads for `read`, at least 1.
    ///   - disturbance: trouble that is made on purpose; nil for none.
    /// - Throws: `SQLiteError` when the file cannot be used, `PersistenceError` when its schema does not fit; both say
    ///   why in one line.
    public init(
        path: String, namespace: String, durability: Durability, migrations: [Migration], telemetry: Telemetry,
        loops: Int = 0, readers: Int = 2, options: DatabaseOptions = DatabaseOptions(),
        disturbance: (any DatabaseDisturbance)? = nil
    ) throws {
        let connection = try SQLiteConnection(path: path, options: options.writer(durability))
        self.migratedVersions = try Migrator(namespace: namespace, migrations: migrations)
            .migrate(connection, lockTimeoutMilliseconds: options.migrationTimeoutMilliseconds)
        connection.setBusyTimeout(milliseconds: options.busyTimeoutMilliseconds)
        self.path = path
        self.namespace = namespace
        self.options = options
        self.disturbance = disturbance
        self.operations = OperationTelemetryTable(namespace: namespace, telemetry: telemetry)
        self.metrics = DatabaseMetrics(telemetry.metrics, namespace: namespace)
        self.writer = Writer(connection, namespace: namespace, options: options, metrics: self.metrics)
        self.loopReaders = LoopReaders(loops: loops, pool: self.metrics.loops)
        self.loopShelf = ReaderShelf(
            path: path, options: options.loopReader, idleMax: 1, namespace: namespace,
            pool: self.metrics.loops)
        self.readers = BlockingExecutor(
            name: "rd-\(namespace)", threads: readers, queueLimit: options.readQueueLimit)
        self.readerShelf = ReaderShelf(
            path: path, options: options.reader, idleMax: readers, namespace: namespace,
            pool: self.metrics.readers)
        self.metrics.writer.max.set(1)
        self.metrics.readers.max.set(Double(readers))
        self.metrics.loops.max.set(Double(loops))
    }

    deinit {
        // Whoever forgot `close` still gets what was acknowledged; the threads end by themselves.
        self.closeReaders()
        self.writer.close()
    }

    /// Writes that wait for the writer.
    public var writeQueueDepth: Int { self.writer.queueDepth }

    /// Ends reading and writing: what waits still runs, what comes later is refused with `closed`. Returns when the log
    /// has been folded into the file and the file is closed.
    public func close() async {
        self.closeReaders()
        await self.writer.closeAndWait()
    }

    private func closeReaders() {
        self.readers.close()
        self.readerShelf.close()
        self.loopReaders.close()
        self.loopShelf.close()
    }
}
