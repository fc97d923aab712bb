import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Migrations on real files")
struct MigrationTests {
    let folder = TemporaryFolder()

    private let first = Migration(
        1, "create parents and children",
        """
        CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE);
        INSERT INTO parents VALUES (1, 'p');
        INSERT INTO children VALUES (10, 1);
        """)

    private func open(_ migrations: [Migration]) throws -> Database {
        try Database(
            path: self.folder.file("m.db"), namespace: "m", durability: .normal, migrations: migrations,
            telemetry: .disabled())
    }

    private func inspect<T>(_ body: (SQLiteConnection) throws -> T) throws -> T {
        try body(SQLiteConnection(path: self.folder.file("m.db")))
    }

    @Test("Each runs once and is recorded with name, checksum and time")
    func recorded() async throws {
        let database = try self.open([self.first])
        #expect(database.migratedVersions == [1])
        await database.close()
        let again = try self.open([self.first])
        #expect(again.migratedVersions == [])
        await again.close()
        let rows = try self.inspect {
            try $0.all("SELECT version, name, checksum, applied_at FROM vitrine_migrations") {
                ($0.int(0), $0.text(1), $0.text(2), $0.text(3))
            }
        }
        #expect(rows.count == 1)
        #expect(rows[0].0 == 1 && rows[0].1 == self.first.name && rows[0].2 == self.first.checksum)
        #expect(rows[0].3.utf8.count == 20 && rows[0].3.hasSuffix("Z"))
    }

    @Test("A changed migration stops the start with one line and leaves the data alone")
    func changed() async throws {
        await (try self.open([self.first])).close()
        let edited = Migration(1, self.first.name, self.first.sql + "-- edited")
        let error = #expect(throws: PersistenceError.self) { try self.open([edited]) }
        #expect(error == .migrationChanged(namespace: "m", version: 1, name: self.first.name))
        #expect(try self.inspect { try $0.first("SELECT count(*) FROM children") { $0.int(0) } } == 1)
    }

    @Test("An older program refuses a newer database")
    func newer() async throws {
        await (try self.open([self.first, Migration(2, "more", "CREATE TABLE more (x)")])).close()
        #expect(throws: PersistenceError.databaseNewer(namespace: "m", database: 2, program: 1)) {
            try self.open([self.first])
        }
    }

    @Test("A failing one undoes all that ran with it, and a mended one then runs")
    func failing() async throws {
        let broken = Migration(2, "broken", "CREATE TABLE half (x); CREATE TABLE half (x)")
        let error = #expect(throws: PersistenceError.self) { try self.open([self.first, broken]) }
        #expect(error?.description.hasPrefix("database m: migration 2 \"broken\" failed and was undone: ") == true)
        #expect(try self.inspect { try $0.all("SELECT name FROM sqlite_schema") { $0.text(0) } } == [])
        let database = try self.open([self.first, Migration(2, "mended", "CREATE TABLE half (x)")])
        #expect(database.migratedVersions == [1, 2])
        await database.close()
    }

    @Test("One that ends the transaction itself is refused")
    func endsTransaction() throws {
        let error = #expect(throws: PersistenceError.self) { try self.open([Migration(1, "sly", "COMMIT")]) }
        #expect(error?.name == "migration_failed")
    }

    @Test("Rebuilding a table does not delete what refers to it")
    func rebuild() async throws {
        await (try self.open([self.first])).close()
        let rebuild = Migration(
            2, "rebuild parents",
            """
            CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
            INSERT INTO parents_new SELECT id, name FROM parents;
            DROP TABLE parents;
            ALTER TABLE parents_new RENAME TO parents;
            """)
        await (try self.open([self.first, rebuild])).close()
        #expect(try self.inspect { try $0.first("SELECT count(*) FROM children") { $0.int(0) } } == 1)
    }

    @Test("One that leaves a reference dangling is undone")
    func dangling() async throws {
        let orphan = Migration(2, "orphan", "DELETE FROM parents")
        let error = #expect(throws: PersistenceError.self) { try self.open([self.first, orphan]) }
        #expect(error?.name == "migration_broke_references")
        #expect(try self.inspect { try $0.all("SELECT name FROM sqlite_schema") { $0.text(0) } } == [])
    }

    @Test("Foreign keys are on again after migrating")
    func foreignKeysAfterwards() async throws {
        let database = try self.open([self.first])
        let error = await #expect(throws: SQLiteError.self) {
            try await database.write(Ledger.insert) { try $0.run("INSERT INTO children VALUES (11, 99)") }
        }
        #expect(error?.code == .constraintForeignKey)
        await database.close()
    }

    @Test("Of many that start at once, exactly one migrates and all of them work")
    func concurrentStarts() async throws {
        // Without IF NOT EXISTS, and with an INSERT: run twice, it would fail or show.
        let starts = 8
        let ran = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<starts {
                group.addTask {
                    let opened = await Database.onOwnThread { Result { try self.open([self.first]) } }
                    let database = try opened.get()
                    let count = try await database.read(Ledger.select) {
                        try $0.first("SELECT count(*) FROM children") { $0.int(0) }
                    }
                    #expect(count == 1)
                    await database.close()
                    return database.migratedVersions
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ran.filter { $0 == [1] }.count == 1)
        #expect(ran.filter { $0 == [] }.count == starts - 1)
    }

    @Test("Full-text search works: an index kept by triggers, ranked, with prefixes, read on a loop")
    func fullText() async throws {
        let search = Migration(
            1, "create products and their index",
            """
            CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL);
            CREATE VIRTUAL TABLE product_index USING fts5 (
                name, description, content = 'products', content_rowid = 'id', prefix = '2 3');
            CREATE TRIGGER product_inserted AFTER INSERT ON products BEGIN
                INSERT INTO product_index (rowid, name, description) VALUES (new.id, new.name, new.description);
            END;
            INSERT INTO products VALUES (1, 'Lamp', 'A lamp for the desk'), (2, 'Desk', 'Oak'), (3, 'Chair', 'Beech');
            """)
        let database = try self.open([search])
        try await database.write(Ledger.insert) { try $0.run("INSERT INTO products VALUES (4, 'Desktop', 'Walnut')") }
        let found = try database.readOnLoop(Ledger.select) { connection in
            try connection.all(
                "SELECT rowid FROM product_index WHERE product_index MATCH ? ORDER BY bm25(product_index, 10, 1)",
                ["desk*"]
            ) { $0.int(0) }
        }
        #expect(Set(found.prefix(2)) == [2, 4])
        #expect(found.last == 1)
        await database.close()
    }

    @Test("A file that is no database stops the start and is left as it is")
    func garbage() throws {
        let bytes = [UInt8](repeating: 0x47, count: 4_096)
        write(bytes, to: self.folder.file("m.db"))
        let error = #expect(throws: SQLiteError.self) { try self.open([self.first]) }
        #expect(error?.code == .notADatabase)
        #expect(read(self.folder.file("m.db")) == bytes)
    }
}
