import SQLite
import Testing

@Suite("Statements and their cache")
struct StatementTests {
    private func open(statementsMax: Int = 128) throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: ":memory:", options: SQLiteOptions(statementsMax: statementsMax))
        try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        return database
    }

    @Test("A literal is prepared once however often it runs")
    func literalsAreCached() throws {
        let database = try self.open()
        let before = database.cachedStatementCount
        for id in 1...50 { try database.run("INSERT INTO t VALUES (?, 'x')", .integer(id)) }
        #expect(database.cachedStatementCount == before + 1)
    }

    @Test("Dynamic statements are cached by their text")
    func dynamicIsCached() throws {
        let database = try self.open()
        let before = database.cachedStatementCount
        for _ in 0..<3 {
            _ = try database.all(SQL(dynamic: "SELECT \(["id", "name"].joined(separator: ",")) FROM t")) { $0.int(0) }
        }
        #expect(database.cachedStatementCount == before + 1)
    }

    @Test("The cache stays within its bound, keeps what is used and prepares again what went")
    func cacheIsBounded() throws {
        let database = try self.open(statementsMax: 4)
        let kept: SQL = "SELECT 'kept'"
        for number in 0..<20 {
            #expect(try database.first(kept) { $0.text(0) } == "kept")
            #expect(try database.first(SQL(dynamic: "SELECT \(number)")) { $0.int(0) } == number)
            #expect(database.cachedStatementCount <= 4)
        }
        #expect(try database.first(SQL(dynamic: "SELECT 0")) { $0.int(0) } == 0)
    }

    @Test("A query may run inside a row of the same query")
    func nested() throws {
        let database = try self.open()
        for id in 1...3 { try database.run("INSERT INTO t VALUES (?, ?)", .integer(id), .text("n\(id)")) }
        let sql: SQL = "SELECT id FROM t ORDER BY id"
        var seen: [[Int]] = []
        try database.query(sql) { outer in
            let inner = try database.all(sql) { $0.int(0) }
            seen.append([outer.int(0)] + inner)
        }
        #expect(seen == [[1, 1, 2, 3], [2, 1, 2, 3], [3, 1, 2, 3]])
    }

    @Test("A statement that its cache drops in the middle of a query still finishes it")
    func evictedWhileRunning() throws {
        let database = try self.open(statementsMax: 1)
        for id in 1...3 { try database.run("INSERT INTO t VALUES (?, 'x')", .integer(id)) }
        var rows = 0
        try database.query("SELECT id FROM t") { _ in
            rows += 1
            _ = try database.first("SELECT 1") { $0.int(0) }
        }
        #expect(rows == 3)
    }

    @Test("An error thrown by the row ends the query and leaves the statement fit for the next")
    func rowThrows() throws {
        struct Enough: Error {}
        let database = try self.open()
        for id in 1...3 { try database.run("INSERT INTO t VALUES (?, 'x')", .integer(id)) }
        let sql: SQL = "SELECT id FROM t"
        #expect(throws: Enough.self) { try database.query(sql) { _ in throw Enough() } }
        #expect(try database.all(sql) { $0.int(0) } == [1, 2, 3])
    }

    @Test("A cached statement follows a change of the schema")
    func schemaChange() throws {
        let database = try self.open()
        try database.run("INSERT INTO t VALUES (1, 'x')")
        #expect(try database.first("SELECT * FROM t") { $0.columnCount } == 2)
        try database.execute("ALTER TABLE t ADD COLUMN extra INTEGER DEFAULT 9")
        #expect(try database.first("SELECT * FROM t") { row in row.columnCount } == 3)
        #expect(try database.first("SELECT * FROM t") { row in row.int(2) } == 9)
    }

    @Test("Too few or too many bindings are refused before anything runs")
    func bindingCount() throws {
        let database = try self.open()
        let few = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO t VALUES (?, ?)", 1) }
        #expect(few?.code == .misuse)
        #expect(few?.message == "the statement takes 2 values, 1 were given")
        #expect(throws: SQLiteError.self) { try database.query("SELECT 1", [1]) { _ in } }
    }

    @Test("Only one statement runs where one is expected", arguments: ["SELECT 1; SELECT 2", "", "  ;"])
    func oneStatement(_ text: String) throws {
        let database = try self.open()
        let error = #expect(throws: SQLiteError.self) { try database.run(SQL(dynamic: text)) }
        #expect(error?.code == .misuse)
    }

    @Test("A trailing semicolon is no second statement")
    func trailingSemicolon() throws {
        #expect(try self.open().first("SELECT 1;\n") { $0.int(0) } == 1)
    }

    @Test("Changes are those of the statement, also when it changes none")
    func changes() throws {
        let database = try self.open()
        #expect(try database.run("INSERT INTO t VALUES (1, 'a'), (2, 'b')") == 2)
        #expect(try database.run("UPDATE t SET name = 'c' WHERE id = 99") == 0)
        #expect(try database.run("CREATE TABLE other (x)") == 0)
        #expect(try database.run("DELETE FROM t") == 2)
        try database.run("INSERT INTO t VALUES (41, 'a')")
        #expect(database.lastInsertRowID == 41)
    }

    @Test("The first row is enough: the rest is not computed")
    func firstStops() throws {
        let database = try self.open()
        let endless: SQL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        #expect(try database.first(endless) { $0.int(0) } == 1)
        #expect(try database.first("SELECT id FROM t") { $0.int(0) } == nil)
    }
}
