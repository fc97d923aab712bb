/// Decides which migrations are still to run, or why none may. No I/O.
struct MigrationPlan {
    /// A migration as the database remembers it.
    struct Applied: Equatable {
        let version: Int
        let name: String
        let checksum: String
    }

    /// Still to run, in order.
    let pending: [Migration]

    /// Compares what the program declares with what the database has gone through.
    init(declared: [Migration], applied: [Applied], namespace: String) throws(PersistenceError) {
        try Self.requireRising(declared, namespace)
        let known = Dictionary(uniqueKeysWithValues: declared.map { ($0.version, $0) })
        let newestKnown = declared.last?.version ?? 0
        for record in applied.sorted(by: { $0.version < $1.version }) {
            guard let migration = known[record.version] else {
                if record.version > newestKnown {
                    throw .databaseNewer(namespace: namespace, database: record.version, program: newestKnown)
                }
                throw .migrationMissing(namespace: namespace, version: record.version, name: record.name)
            }
            guard migration.checksum == record.checksum, migration.name == record.name else {
                throw .migrationChanged(namespace: namespace, version: record.version, name: record.name)
            }
        }
        let done = Set(applied.map(\.version))
        let newestApplied = done.max() ?? 0
        let pending = declared.filter { !done.contains($0.version) }
        if let late = pending.first, late.version < newestApplied {
            throw .migrationOutOfOrder(namespace: namespace, version: late.version, after: newestApplied)
        }
        self.pending = pending
    }

    private static func requireRising(_ declared: [Migration], _ namespace: String) throws(PersistenceError) {
        var previous = 0
        for migration in declared {
            guard migration.version > previous else {
                throw .migrationOutOfOrder(namespace: namespace, version: migration.version, after: previous)
            }
            previous = migration.version
        }
    }
}
