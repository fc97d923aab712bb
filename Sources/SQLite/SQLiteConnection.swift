import CSQLite

/// One connection to a SQLite database in WAL mode, with its prepared statements.
///
/// Not `Sendable`: one thread at a time uses it. Closed when the last reference goes.
@safe public final class SQLiteConnection {
    let handle: SQLiteHandle
    var statements: StatementCache
    let options: SQLiteOptions
    private let budget: StepBudget?
    let log = WriteAheadLog()

    /// Opens `path` and sets it up: WAL, foreign keys on, busy timeout, the durability and sizes of `options`.
    ///
    /// - Throws: `SQLiteError`: `cannotOpen`, `notADatabase`, `corrupt`, `busy`…
    public init(path: String, options: SQLiteOptions = SQLiteOptions()) throws(SQLiteError) {
        self.options = options
        self.handle = try SQLiteHandle(path: path, mode: options.mode)
        self.statements = StatementCache(limit: options.statementsMax)
        self.budget = options.stepLimit.map(StepBudget.init(limit:))
        _ = unsafe sqlite3_busy_timeout(self.handle.pointer, options.busyTimeoutMilliseconds)
        try self.handle.execute(Self.pragmas(for: options))
        if options.mode == .readWriteCreate { try self.enterWriteAheadLogging() }
        self.budget?.install(on: self.handle)
    }

    private static func pragmas(for options: SQLiteOptions) -> String {
        """
        PRAGMA foreign_keys = ON;
        PRAGMA synchronous = \(options.synchronous.rawValue);
        PRAGMA cache_size = -\(options.cacheKibibytes);
        PRAGMA mmap_size = \(options.mappedBytesMax);
        PRAGMA temp_store = MEMORY;
        """
    }

    /// Runs all statements of `script`, which must come from the program itself.
    public func execute(_ script: String) throws(SQLiteError) {
        try self.handle.execute(script)
    }

    /// The row id of the last successful INSERT on this connection.
    public var lastInsertRowID: Int { Int(unsafe sqlite3_last_insert_rowid(self.handle.pointer)) }

    /// How many rows the last INSERT, UPDATE or DELETE changed, those of triggers excluded.
    public var changes: Int { Int(unsafe sqlite3_changes64(self.handle.pointer)) }

    /// How many rows were changed on this connection so far, those of triggers included.
    public var totalChanges: Int { Int(unsafe sqlite3_total_changes64(self.handle.pointer)) }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(self.handle.pointer) == 0 }

    /// Whether a deferred foreign key is violated right now, so that COMMIT would fail.
    public var hasDeferredViolations: Bool {
        var current: Int32 = 0
        var highest: Int32 = 0
        _ = unsafe sqlite3_db_status(self.handle.pointer, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }

    /// How many prepared statements are kept.
    public var cachedStatementCount: Int { self.statements.count }

    /// Grants the next statements the whole step limit again. Does nothing without a limit.
    public func refillSteps() { self.budget?.refill() }

    /// Lets SQLite gather the statistics its planner misses, bounded to a few hundred rows an index. Meant for the end.
    public func optimize() throws(SQLiteError) {
        try self.handle.execute("PRAGMA analysis_limit = 400; PRAGMA optimize;")
    }
}

@available(*, unavailable)
extension SQLiteConnection: Sendable {}
