import SQLite
import Synchronization

/// Read-only connections for threads that are no loop: taken, used, put back.
final class ReaderShelf: Sendable {
    /// A connection that somebody holds alone.
    struct Reader: @unchecked Sendable {
        // Invariant of `@unchecked Sendable`: the shelf gives each connection to one holder at a time.
        let connection: SQLiteConnection
    }

    private struct State: Sendable {
        var idle: [Reader] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let path: String
    private let options: SQLiteOptions
    private let namespace: String
    private let pool: PoolMetrics
    /// How many unused connections are kept; one more is closed.
    private let idleMax: Int

    init(path: String, options: SQLiteOptions, idleMax: Int, namespace: String, pool: PoolMetrics) {
        self.path = path
        self.options = options
        self.idleMax = idleMax
        self.namespace = namespace
        self.pool = pool
    }

    /// An unused connection, or a new one: there are never more than threads that read at once.
    func take() throws -> Reader {
        let (reader, isClosed) = self.state.withLock { ($0.idle.popLast(), $0.isClosed) }
        if isClosed { throw PersistenceError.closed(namespace: self.namespace) }
        if let reader {
            self.pool.taken()
            return reader
        }
        let opened = try Reader(connection: SQLiteConnection(path: self.path, options: self.options))
        self.pool.opened()
        self.pool.taken()
        return opened
    }

    func putBack(_ reader: Reader) {
        let isKept = self.state.withLock { state in
            guard !state.isClosed && state.idle.count < self.idleMax else { return false }
            state.idle.append(reader)
            return true
        }
        self.pool.givenBack()
        if !isKept { self.pool.closed() }
    }

    /// Runs `body` in a read transaction of its own.
    func withSnapshot<T>(_ body: (SQLiteConnection) throws -> T) throws -> T {
        let reader = try self.take()
        defer { self.putBack(reader) }
        return try reader.connection.transaction(.deferred) { try body(reader.connection) }
    }

    func close() {
        let idle = self.state.withLock { state in
            state.isClosed = true
            let idle = state.idle
            state.idle = []
            return idle
        }
        // Closing a file takes a moment: it happens here, after the lock, when `idle` goes.
        for _ in idle { self.pool.closed() }
    }
}
