extension SQLiteConnection {
    /// When a transaction takes its locks.
    public enum TransactionKind: Sendable {
        /// At the first statement: a read sees one snapshot throughout.
        case deferred
        /// The write lock at once, so that it cannot fail half way for want of it.
        case immediate

        var begin: SQL {
            switch self {
            case .deferred: "BEGIN DEFERRED"
            case .immediate: "BEGIN IMMEDIATE"
            }
        }
    }

    /// Opens a transaction.
    public func begin(_ kind: TransactionKind) throws(SQLiteError) { try self.run(kind.begin) }

    /// Makes the open transaction permanent. On failure it stays open: roll it back.
    public func commit() throws(SQLiteError) { try self.run("COMMIT") }

    /// Undoes the open transaction; does nothing when SQLite has already done so by itself.
    public func rollback() throws(SQLiteError) {
        if self.isInTransaction { try self.run("ROLLBACK") }
    }

    /// Runs `body` in a transaction of its own: committed when it returns, undone when it throws.
    public func transaction<T>(_ kind: TransactionKind, _ body: () throws -> T) throws -> T {
        try self.begin(kind)
        do {
            let value = try body()
            try self.commit()
            return value
        } catch {
            // The first error tells the cause; one from the rollback would only hide it.
            try? self.rollback()
            throw error
        }
    }

    /// Opens a savepoint inside the open transaction.
    public func beginSavepoint() throws(SQLiteError) { try self.run("SAVEPOINT nested") }

    /// Keeps what was done since the innermost savepoint.
    public func releaseSavepoint() throws(SQLiteError) { try self.run("RELEASE nested") }

    /// Undoes what was done since the innermost savepoint, and nothing before it.
    public func rollbackSavepoint() throws(SQLiteError) {
        try self.run("ROLLBACK TO nested")
        try self.run("RELEASE nested")
    }
}
