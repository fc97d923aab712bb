/// Prepared statements of one connection, bounded; the least recently used one goes first.
struct StatementCache {
    private var statements: [SQL.Key: SQLiteStatement] = [:]
    private let limit: Int
    private var clock: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
        self.statements.reserveCapacity(limit)
    }

    var count: Int { self.statements.count }

    /// The statement kept for `key`, even when it is in use.
    mutating func find(_ key: SQL.Key) -> SQLiteStatement? {
        guard let statement = self.statements[key] else { return nil }
        self.clock &+= 1
        statement.lastUse = self.clock
        return statement
    }

    /// Keeps `statement`, making room if need be.
    mutating func insert(_ statement: SQLiteStatement, for key: SQL.Key) {
        if self.statements.count >= self.limit { self.evict() }
        self.clock &+= 1
        statement.lastUse = self.clock
        self.statements[key] = statement
    }

    mutating func removeAll() { self.statements.removeAll() }

    /// Scans all of them: rare, and cheaper than keeping a list in order at every look-up. One in use may go too: its
    /// query still owns it.
    private mutating func evict() {
        guard let oldest = self.statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        self.statements[oldest.key] = nil
    }
}
