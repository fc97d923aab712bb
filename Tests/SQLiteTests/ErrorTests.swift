import Glibc
import SQLite
import Testing

@Suite("Errors are told apart and say how to remedy them")
struct ErrorTests {
    let folder = TemporaryFolder()
    var path: String { self.folder.file("errors.db") }

    private func open() throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: self.path, options: SQLiteOptions(busyTimeoutMilliseconds: 20))
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS parent (id INTEGER PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS child (
                id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, stock INTEGER CHECK (stock >= 0),
                parent INTEGER REFERENCES parent (id));
            """)
        return database
    }

    private func error(of body: () throws -> Void) throws -> SQLiteError {
        try #require(throws: SQLiteError.self, performing: body)
    }

    @Test("Each constraint has a code of its own")
    func constraints() throws {
        let database = try self.open()
        try database.run("INSERT INTO child (id, email) VALUES (1, 'a@example.com')")
        let unique = try self.error { try database.run("INSERT INTO child (email) VALUES ('a@example.com')") }
        #expect(unique.code == .constraintUnique)
        #expect(unique.message == "UNIQUE constraint failed: child.email")
        #expect(unique.code.isConstraint && !unique.isRetryable)
        let primary = try self.error { try database.run("INSERT INTO child (id, email) VALUES (1, 'b')") }
        #expect(primary.code == .constraintUnique)
        let check = try self.error { try database.run("UPDATE child SET stock = -1") }
        #expect(check.code == .constraintCheck)
        let foreign = try self.error { try database.run("UPDATE child SET parent = 7") }
        #expect(foreign.code == .constraintForeignKey)
        let null = try self.error { try database.run("INSERT INTO child (email) VALUES (NULL)") }
        #expect(null.code == .constraintNotNull)
    }

    @Test("Bound values never appear in an error")
    func noPersonalData() throws {
        let database = try self.open()
        try database.run("INSERT INTO child (email) VALUES (?)", "secret@example.com")
        let error = try self.error { try database.run("INSERT INTO child (email) VALUES (?)", "secret@example.com") }
        #expect(!error.description.contains("secret"))
        #expect(error.description.contains("INSERT INTO child (email) VALUES (?)"))
    }

    @Test("A lock held elsewhere is busy, retryable, and names the remedy")
    func busy() throws {
        let holder = try self.open()
        let waiter = try self.open()
        try holder.begin(.immediate)
        let error = try self.error { try waiter.begin(.immediate) }
        #expect(error.code == .busy)
        #expect(error.isRetryable)
        #expect(error.description.contains("another process or connection holds the database"))
        try holder.rollback()
        try waiter.begin(.immediate)
    }

    @Test("A file of garbage is no database, which is not the same as a damaged one")
    func garbage() throws {
        write(Array(repeating: 0x5A, count: 8_192), to: self.path)
        let error = try self.error { _ = try SQLiteConnection(path: self.path) }
        #expect(error.code == .notADatabase)
        #expect(!error.isRetryable)
        #expect(error.description.contains("not a SQLite database"))
    }

    @Test("A database with a scribbled page is corrupt")
    func corrupt() throws {
        do {
            let database = try self.open()
            for id in 1...500 { try database.run("INSERT INTO child (email) VALUES (?)", .text("user \(id)")) }
            try database.checkpoint(.truncate)
        }
        var bytes = read(self.path)
        for offset in 4_096..<bytes.count { bytes[offset] = 0xA5 }
        write(bytes, to: self.path)
        let error = try self.error {
            let database = try SQLiteConnection(path: self.path)
            _ = try database.all("SELECT email FROM child ORDER BY id") { $0.text(0) }
        }
        #expect(error.code == .corrupt)
        #expect(error.description.contains("restore a backup"))
    }

    @Test("A full disk is told apart, undoes the transaction and leaves the rest readable")
    func full() throws {
        let database = try self.open()
        try database.run("INSERT INTO child (email) VALUES ('kept')")
        try database.execute("PRAGMA max_page_count = 20")
        let error = try self.error {
            try database.transaction(.immediate) {
                for id in 1...10_000 { try database.run("INSERT INTO child (email) VALUES (?)", .text("user \(id)")) }
            }
        }
        #expect(error.code == .full)
        #expect(!database.isInTransaction)
        #expect(try database.first("SELECT count(*) FROM child") { $0.int(0) } == 1)
    }

    @Test("A read-only connection refuses to write")
    func readOnly() throws {
        let writer = try self.open()
        let reader = try SQLiteConnection(path: self.path, options: SQLiteOptions(mode: .readOnly))
        let error = try self.error { try reader.run("DELETE FROM child") }
        #expect(error.code == .readOnly)
        _ = writer
    }

    @Test("A folder that does not exist cannot be opened, and the message names the path")
    func cannotOpen() throws {
        let error = try self.error { _ = try SQLiteConnection(path: self.folder.file("missing/x.db")) }
        #expect(error.code == .cannotOpen)
        #expect(error.description.contains("missing/x.db"))
        #expect(error.description.contains("must exist and be writable"))
    }

    @Test("A read-only connection does not create the file")
    func readOnlyMissing() throws {
        let error = try self.error {
            _ = try SQLiteConnection(path: self.path, options: SQLiteOptions(mode: .readOnly))
        }
        #expect(error.code == .cannotOpen)
        #expect(access(self.path, F_OK) != 0)
    }

    @Test("Wrong SQL is the program's fault and shows the statement on one line")
    func wrongSQL() throws {
        let error = try self.error { try self.open().run("SELECT *\n  FROM nowhere") }
        #expect(error.code == .sql)
        #expect(error.description == "SQLite: no such table: nowhere (sql, code 1); statement: SELECT * FROM nowhere")
    }
}
