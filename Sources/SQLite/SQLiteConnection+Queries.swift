import CSQLite

extension SQLiteConnection {
    /// Runs one statement that changes something.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    public func run(_ sql: SQL, _ bindings: SQLiteValue...) throws(SQLiteError) -> Int {
        try self.run(sql, bindings: bindings)
    }

    /// Runs one statement that changes something.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    public func run(_ sql: SQL, bindings: [SQLiteValue]) throws(SQLiteError) -> Int {
        let before = unsafe sqlite3_total_changes64(self.handle.pointer)
        let statement = try self.take(sql)
        defer { statement.finish() }
        try statement.bind(bindings, on: self.handle)
        while try statement.step(on: self.handle) {}
        // A statement that changes no row leaves the count of the one before standing.
        return unsafe sqlite3_total_changes64(self.handle.pointer) == before ? 0 : self.changes
    }

    /// Runs one statement and hands each row to `row`, which must not keep it.
    ///
    /// - Throws: `SQLiteError`, or what `row` throws, which ends the query.
    /// - Complexity: one look-up for the statement, nothing allocated per row or column.
    public func query(
        _ sql: SQL, _ bindings: [SQLiteValue] = [], _ row: (borrowing SQLiteRow) throws -> Void
    ) throws {
        let statement = try self.take(sql)
        defer { statement.finish() }
        try statement.bind(bindings, on: self.handle)
        guard try statement.step(on: self.handle) else { return }
        let current = SQLiteRow(statement)
        repeat { try row(current) } while try statement.step(on: self.handle)
    }

    /// Runs one statement and hands its first row, if there is one, to `row`.
    @usableFromInline
    func queryFirst(_ sql: SQL, _ bindings: [SQLiteValue], _ row: (borrowing SQLiteRow) throws -> Void) throws {
        let statement = try self.take(sql)
        defer { statement.finish() }
        try statement.bind(bindings, on: self.handle)
        if try statement.step(on: self.handle) { try row(SQLiteRow(statement)) }
    }

    /// The first row as `transform` sees it, or nil when there is none. Further rows are not computed.
    @inlinable
    public func first<T>(
        _ sql: SQL, _ bindings: [SQLiteValue] = [], _ transform: (borrowing SQLiteRow) throws -> T
    ) throws -> T? {
        var found: T?
        try self.queryFirst(sql, bindings) { row in found = try transform(row) }
        return found
    }

    /// All rows as `transform` sees them. Bound them with LIMIT.
    @inlinable
    public func all<T>(
        _ sql: SQL, _ bindings: [SQLiteValue] = [], _ transform: (borrowing SQLiteRow) throws -> T
    ) throws -> [T] {
        var rows: [T] = []
        try self.query(sql, bindings) { row in rows.append(try transform(row)) }
        return rows
    }

    /// A statement ready to be bound: the cached one, or a fresh one while a query further up still steps through that.
    private func take(_ sql: SQL) throws(SQLiteError) -> SQLiteStatement {
        let key = sql.key
        if let cached = self.statements.find(key) {
            guard cached.isInUse else {
                cached.isInUse = true
                return cached
            }
            return try SQLiteStatement(sql.text, on: self.handle)
        }
        let prepared = try SQLiteStatement(sql.text, on: self.handle)
        prepared.isInUse = true
        self.statements.insert(prepared, for: key)
        return prepared
    }
}
