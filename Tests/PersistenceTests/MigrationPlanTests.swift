import Testing

@testable import Persistence

@Suite("Which migrations are still to run")
struct MigrationPlanTests {
    private let one = Migration(1, "one", "CREATE TABLE one (x)")
    private let two = Migration(2, "two", "CREATE TABLE two (x)")
    private let three = Migration(3, "three", "CREATE TABLE three (x)")

    private func applied(_ migrations: Migration...) -> [MigrationPlan.Applied] {
        migrations.map { .init(version: $0.version, name: $0.name, checksum: $0.checksum) }
    }

    private func plan(_ declared: [Migration], _ applied: [MigrationPlan.Applied]) throws -> [Int] {
        try MigrationPlan(declared: declared, applied: applied, namespace: "db").pending.map(\.version)
    }

    @Test("A fresh database goes through all, an old one through the rest, a current one through none")
    func pending() throws {
        #expect(try self.plan([self.one, self.two], []) == [1, 2])
        #expect(try self.plan([self.one, self.two, self.three], self.applied(self.one)) == [2, 3])
        #expect(try self.plan([self.one, self.two], self.applied(self.one, self.two)) == [])
    }

    @Test("A changed text or name is refused")
    func changed() {
        let expected = PersistenceError.migrationChanged(namespace: "db", version: 1, name: "one")
        for other in [Migration(1, "one", "CREATE TABLE one (y)"), Migration(1, "uno", "CREATE TABLE one (x)")] {
            #expect(throws: expected) { try self.plan([other, self.two], self.applied(self.one)) }
        }
    }

    @Test("A database that has seen a later migration is refused")
    func newer() {
        let expected = PersistenceError.databaseNewer(namespace: "db", database: 3, program: 2)
        #expect(throws: expected) { try self.plan([self.one, self.two], self.applied(self.one, self.two, self.three)) }
    }

    @Test("A migration that vanished from the middle is refused")
    func missing() {
        let expected = PersistenceError.migrationMissing(namespace: "db", version: 2, name: "two")
        #expect(throws: expected) { try self.plan([self.one, self.three], self.applied(self.one, self.two)) }
    }

    @Test("A new migration below one that has run is refused")
    func late() {
        let expected = PersistenceError.migrationOutOfOrder(namespace: "db", version: 2, after: 3)
        #expect(throws: expected) {
            try self.plan([self.one, self.two, self.three], self.applied(self.one, self.three))
        }
    }

    @Test("Versions that do not rise from 1 are refused", arguments: [[0], [1, 1], [2, 1], [-1]])
    func rising(_ versions: [Int]) {
        #expect(throws: PersistenceError.self) { try self.plan(versions.map { Migration($0, "m", "") }, []) }
    }

    @Test("The checksum is 64-bit FNV-1a, as published")
    func checksum() {
        #expect(Migration(1, "", "").checksum == "cbf29ce484222325")
        #expect(Migration(1, "", "a").checksum == "af63dc4c8601ec8c")
        #expect(Migration(1, "", "foobar").checksum == "85944171f73967e8")
    }

    @Test("Every refusal is one line that names the database and what to do")
    func messages() {
        let errors: [PersistenceError] = [
            .migrationChanged(namespace: "db", version: 1, name: "one"),
            .migrationMissing(namespace: "db", version: 2, name: "two"),
            .databaseNewer(namespace: "db", database: 3, program: 2),
            .migrationOutOfOrder(namespace: "db", version: 2, after: 3),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("database db: "))
            #expect(!error.description.contains("\n"))
        }
    }
}
