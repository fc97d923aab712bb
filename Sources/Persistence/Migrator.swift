import SQLite

/// Brings a database to the program's schema.
struct Migrator {
    let namespace: String
    let migrations: [Migration]

    /// Runs what is pending, all or nothing, while holding the write lock: a second process that starts meanwhile waits
    /// for it and then finds nothing left to do.
    ///
    /// - Returns: the versions that were run now.
    func migrate(_ database: SQLiteConnection, lockTimeoutMilliseconds: Int32) throws -> [Int] {
        // The usual start has nothing to do and takes no lock.
        guard try !self.plan(database).pending.isEmpty else { return [] }
        database.setBusyTimeout(milliseconds: lockTimeoutMilliseconds)
        // Rebuilding a table means dropping it, which would set off ON DELETE CASCADE. Off here, checked before the
        // commit.
        try database.execute("PRAGMA foreign_keys = OFF")
        let versions = try database.transaction(.immediate) {
            try database.execute(Self.table)
            // Looked at again: another process may have migrated before the lock was ours.
            let pending = try self.plan(database).pending
            for migration in pending { try self.run(migration, on: database) }
            try self.checkForeignKeys(database)
            return pending.map(\.version)
        }
        try database.execute("PRAGMA foreign_keys = ON")
        return versions
    }

    /// The newest version that `database` has gone through; 0 for a fresh file.
    static func version(of database: SQLiteConnection) throws -> Int {
        try Self.applied(database).map(\.version).max() ?? 0
    }

    private func plan(_ database: SQLiteConnection) throws -> MigrationPlan {
        try MigrationPlan(
            declared: self.migrations, applied: Self.applied(database), namespace: self.namespace)
    }

    private func run(_ migration: Migration, on database: SQLiteConnection) throws {
        do {
            try database.execute(migration.sql)
        } catch {
            throw PersistenceError.migrationFailed(
                namespace: self.namespace, version: migration.version, name: migration.name, cause: "\(error)")
        }
        guard database.isInTransaction else {
            throw PersistenceError.migrationFailed(
                namespace: self.namespace, version: migration.version, name: migration.name,
                cause: "it ends the transaction; remove COMMIT or ROLLBACK from it")
        }
        try database.run(
            """
            INSERT INTO vitrine_migrations (version, name, checksum, applied_at)
            VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
            """, .integer(migration.version), .text(migration.name), .text(migration.checksum))
    }

    private func checkForeignKeys(_ database: SQLiteConnection) throws {
        let broken = try database.first("PRAGMA foreign_key_check") { row in "\(row.text(0)) → \(row.text(2))" }
        guard let broken else { return }
        throw PersistenceError.migrationBrokeReferences(namespace: self.namespace, reference: broken)
    }

    private static func applied(_ database: SQLiteConnection) throws -> [MigrationPlan.Applied] {
        let exists = try database.first(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'vitrine_migrations'"
        ) { _ in true }
        guard exists != nil else { return [] }
        return try database.all("SELECT version, name, checksum FROM vitrine_migrations ORDER BY version") { row in
            MigrationPlan.Applied(version: row.int(0), name: row.text(1), checksum: row.text(2))
        }
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS vitrine_migrations (
            version INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at TEXT NOT NULL
        ) STRICT
        """
}
