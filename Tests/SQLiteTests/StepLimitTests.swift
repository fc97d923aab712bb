import SQLite
import Testing

@Suite("Step limit")
struct StepLimitTests {
    private func open(limit: Int?) throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: ":memory:", options: SQLiteOptions(stepLimit: limit))
        try database.execute(
            """
            CREATE TABLE t (x);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100) INSERT INTO t SELECT i FROM n;
            """
        )
        return database
    }

    private static let endless: SQL =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @Test("A statement without end is stopped, and the connection works on")
    func endless() throws {
        let database = try self.open(limit: 50_000)
        database.refillSteps()
        let error = #expect(throws: SQLiteError.self) { try database.query(Self.endless) { _ in } }
        #expect(error?.code == .interrupt)
        #expect(error?.description.contains("run it away from the event loop") == true)
        database.refillSteps()
        #expect(try database.first("SELECT count(*) FROM t") { $0.int(0) } == 100)
    }

    @Test("Short statements never add up to the limit while the budget is refilled")
    func shortOnes() throws {
        let database = try self.open(limit: 2_000)
        for _ in 0..<2_000 {
            database.refillSteps()
            #expect(try database.first("SELECT sum(x) FROM t") { $0.int(0) } == 5_050)
        }
    }

    @Test("Several statements share the budget of one refill")
    func shared() throws {
        let database = try self.open(limit: 5_000)
        database.refillSteps()
        #expect(throws: SQLiteError.self) {
            for _ in 0..<200 { _ = try database.first("SELECT sum(x) FROM t") { $0.int(0) } }
        }
    }

    @Test("Without a limit nothing is stopped")
    func unlimited() throws {
        let database = try self.open(limit: nil)
        let sum = try database.first("SELECT sum(a.x * b.x * c.x) FROM t a, t b, t c") { $0.int(0) }
        #expect(sum == 5_050 * 5_050 * 5_050)
    }
}
