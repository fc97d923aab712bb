import NetworkIO
import SQLite
import Telemetry

@testable import Persistence

/// A small schema and the operations on it that the tests share.
enum Ledger {
    static let insert = DatabaseOperation("INSERT", "entries")
    static let update = DatabaseOperation("UPDATE", "stock")
    static let select = DatabaseOperation("SELECT", "entries")

    static let migrations = [
        Migration(
            1, "create entries",
            """
            CREATE TABLE entries (id INTEGER PRIMARY KEY, note TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE stock (id INTEGER PRIMARY KEY, units INTEGER NOT NULL CHECK (units >= 0)) STRICT;
            CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;
            CREATE TABLE children (
                id INTEGER PRIMARY KEY,
                parent INTEGER NOT NULL REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
            ) STRICT;
            """)
    ]

    static func open(
        _ folder: TemporaryFolder, durability: Durability = .normal, telemetry: Telemetry = .disabled(), loops: Int = 0,
        readers: Int = 2, options: DatabaseOptions = DatabaseOptions()
    ) throws -> Database {
        try Self.open(
            folder.file("ledger.db"), durability: durability, telemetry: telemetry, loops: loops, readers: readers,
            options: options)
    }

    static func open(
        _ path: String, durability: Durability = .normal, telemetry: Telemetry = .disabled(), loops: Int = 0,
        readers: Int = 2, options: DatabaseOptions = DatabaseOptions()
    ) throws -> Database {
        try Database(
            path: path, namespace: "ledger", durability: durability, migrations: Self.migrations, telemetry: telemetry,
            loops: loops, readers: readers, options: options)
    }
}

extension Database {
    func insert(_ note: String) async throws {
        try await self.write(Ledger.insert) { try $0.run("INSERT INTO entries (note) VALUES (?)", .text(note)) }
    }

    func notes() async throws -> [String] {
        try await self.read(Ledger.select) { try $0.all("SELECT note FROM entries ORDER BY note") { $0.text(0) } }
    }

    /// Occupies the writer until the gate is opened; returns once it is occupied.
    func occupyWriter(_ gate: Gate) async throws -> Task<Void, any Error> {
        let entered = Gate()
        let task = Task {
            try await self.write(Ledger.insert) { _ in
                entered.open()
                gate.wait()
            }
        }
        await Self.onOwnThread { entered.wait() }
        return task
    }

    /// Returns once `count` writes wait.
    func waitUntilQueued(_ count: Int) async {
        while self.writeQueueDepth < count { await Task.yield() }
    }

    /// Runs what blocks on a thread of its own, so that the tasks it waits for may go on.
    static func onOwnThread<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withUnsafeContinuation { continuation in
            do {
                try startThread(named: "test") { continuation.resume(returning: body()) }
            } catch {
                preconditionFailure("no thread: \(error)")
            }
        }
    }
}
