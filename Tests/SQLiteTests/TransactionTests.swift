import SQLite
import Testing

@Suite("Transactions, savepoints and snapshots")
struct TransactionTests {
    let folder = TemporaryFolder()

    private func open(_ mode: SQLiteOptions.Mode = .readWriteCreate) throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: self.folder.file("t.db"), options: SQLiteOptions(mode: mode))
        if mode == .readWriteCreate {
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS t (x INTEGER);
                CREATE TABLE IF NOT EXISTS child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
                CREATE TABLE IF NOT EXISTS parent (id INTEGER PRIMARY KEY);
                """)
        }
        return database
    }

    private func values(_ database: SQLiteConnection) throws -> [Int] {
        try database.all("SELECT x FROM t ORDER BY x") { $0.int(0) }
    }

    @Test("What a transaction throws undoes all of it")
    func rollback() throws {
        struct Stop: Error {}
        let database = try self.open()
        #expect(throws: Stop.self) {
            try database.transaction(.immediate) {
                try database.run("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(!database.isInTransaction)
        #expect(try self.values(database) == [])
    }

    @Test("A savepoint undoes its own part and nothing before it")
    func savepoint() throws {
        let database = try self.open()
        try database.transaction(.immediate) {
            try database.run("INSERT INTO t VALUES (1)")
            try database.beginSavepoint()
            try database.run("INSERT INTO t VALUES (2)")
            try database.rollbackSavepoint()
            try database.beginSavepoint()
            try database.run("INSERT INTO t VALUES (3)")
            try database.releaseSavepoint()
        }
        #expect(try self.values(database) == [1, 3])
    }

    @Test("A dangling deferred reference is seen before the commit")
    func deferredViolation() throws {
        let database = try self.open()
        try database.begin(.immediate)
        #expect(!database.hasDeferredViolations)
        try database.run("INSERT INTO child VALUES (5)")
        #expect(database.hasDeferredViolations)
        try database.run("INSERT INTO parent VALUES (5)")
        #expect(!database.hasDeferredViolations)
        try database.commit()
    }

    @Test("A reader sees one snapshot in a transaction, and the latest commit outside")
    func snapshot() throws {
        let writer = try self.open()
        let reader = try self.open(.readOnly)
        try writer.run("INSERT INTO t VALUES (1)")
        try reader.transaction(.deferred) {
            #expect(try self.values(reader) == [1])
            try writer.run("INSERT INTO t VALUES (2)")
            #expect(try self.values(reader) == [1])
        }
        #expect(try self.values(reader) == [1, 2])
    }

    @Test("A new file is readable by its owner only, and so is its log")
    func fileMode() throws {
        let database = try self.open()
        try database.run("INSERT INTO t VALUES (1)")
        #expect(mode(of: self.folder.file("t.db")) == 0o600)
        #expect(mode(of: self.folder.file("t.db-wal")) == 0o600)
    }

    @Test("Foreign keys are on and the log is written ahead, whoever opens the file")
    func pragmas() throws {
        let writer = try self.open()
        let reader = try self.open(.readOnly)
        for database in [writer, reader] {
            #expect(try database.first("PRAGMA foreign_keys") { $0.int(0) } == 1)
            #expect(try database.first("PRAGMA journal_mode") { $0.text(0) } == "wal")
        }
        #expect(try writer.first("PRAGMA synchronous") { $0.int(0) } == 2)
    }

    @Test("Checkpoints are the owner's: the log grows until one is made, and is cut by truncating")
    func checkpoints() throws {
        let database = try self.open()
        database.takeOverCheckpoints()
        for value in 0..<1_500 { try database.run("INSERT INTO t VALUES (?)", .integer(value)) }
        #expect(database.logFrames > 1_000)
        #expect(try database.checkpoint(.truncate) == 0)
        #expect(database.logFrames == 0)
        #expect(read(self.folder.file("t.db-wal")).isEmpty)
    }

    @Test("A reader in the way makes an insistent checkpoint busy and a passive one partial")
    func checkpointBesideReader() throws {
        let writer = try SQLiteConnection(
            path: self.folder.file("t.db"), options: SQLiteOptions(busyTimeoutMilliseconds: 10))
        try writer.execute("CREATE TABLE t (x INTEGER)")
        let reader = try self.open(.readOnly)
        try reader.begin(.deferred)
        _ = try self.values(reader)
        try writer.run("INSERT INTO t VALUES (1)")
        #expect(try writer.checkpoint(.passive) > 0)
        let error = #expect(throws: SQLiteError.self) { try writer.checkpoint(.truncate) }
        #expect(error?.code == .busy)
        try reader.commit()
        #expect(try writer.checkpoint(.truncate) == 0)
    }
}
