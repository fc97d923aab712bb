import Glibc
import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Group commit")
struct GroupCommitTests {
    let folder = TemporaryFolder()

    private struct Refused: Error {}

    /// A database whose groups end for want of writes or of room, never of time: the machine may be slow.
    private func open(writesPerCommitMax: Int = 128) throws -> Database {
        var options = DatabaseOptions()
        options.commitDelayMillisecondsMax = 600_000
        options.writesPerCommitMax = writesPerCommitMax
        return try Ledger.open(self.folder, options: options)
    }

    /// Starts the writes in order while the writer is occupied, lets it go, and returns how each ended.
    private func together(
        _ database: Database, _ bodies: [@Sendable (SQLiteConnection) throws -> Void]
    ) async throws -> [(any Error)?] {
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        var tasks: [Task<Void, any Error>] = []
        for body in bodies {
            tasks.append(Task { try await database.write(Ledger.insert, body) })
            await database.waitUntilQueued(tasks.count)
        }
        gate.open()
        _ = await occupant.result
        var outcomes: [(any Error)?] = []
        for task in tasks {
            switch await task.result {
            case .success: outcomes.append(nil)
            case .failure(let error): outcomes.append(error)
            }
        }
        return outcomes
    }

    private static func insert(_ note: String) -> @Sendable (SQLiteConnection) throws -> Void {
        { try $0.run("INSERT INTO entries (note) VALUES (?)", .text(note)) }
    }

    @Test("Writes that wait together share a commit")
    func shared() async throws {
        let database = try self.open()
        let before = database.metrics.succeededCommits.value
        let outcomes = try await self.together(database, (0..<50).map { Self.insert("n\($0)") })
        #expect(outcomes.allSatisfy { $0 == nil })
        #expect(try await database.notes().count == 50)
        // The occupant is the first member of the same group.
        #expect(database.metrics.succeededCommits.value - before == 1)
        await database.close()
    }

    @Test("A group is bounded: the rest goes into the next one")
    func bounded() async throws {
        let database = try self.open(writesPerCommitMax: 10)
        let before = database.metrics.succeededCommits.value
        _ = try await self.together(database, (0..<39).map { Self.insert("n\($0)") })
        #expect(database.metrics.succeededCommits.value - before == 4)
        await database.close()
    }

    @Test("A write that fails undoes its own part; those before and after it in the group are kept")
    func failureIsAlone() async throws {
        let database = try self.open()
        let outcomes = try await self.together(
            database,
            [
                Self.insert("a"),
                {
                    try $0.run("INSERT INTO entries (note) VALUES ('half')")
                    throw Refused()
                },
                Self.insert("b"),
                Self.insert("a"),
                Self.insert("c"),
            ])
        #expect(outcomes[0] == nil && outcomes[2] == nil && outcomes[4] == nil)
        #expect(outcomes[1] is Refused)
        #expect((outcomes[3] as? SQLiteError)?.code == .constraintUnique)
        #expect(try await database.notes() == ["a", "b", "c"])
        await database.close()
    }

    @Test("A dangling deferred reference fails its own write, not the commit of all")
    func deferredViolationIsAlone() async throws {
        let database = try self.open()
        let outcomes = try await self.together(
            database,
            [Self.insert("a"), { try $0.run("INSERT INTO children (parent) VALUES (99)") }, Self.insert("b")])
        #expect(outcomes[0] == nil && outcomes[2] == nil)
        #expect((outcomes[1] as? SQLiteError)?.code == .constraintForeignKey)
        #expect(try await database.notes() == ["a", "b"])
        await database.close()
    }

    @Test("A body that ends the transaction fails everyone in the group so far, and nothing is half kept")
    func endedByBody() async throws {
        let database = try self.open()
        let outcomes = try await self.together(
            database,
            [Self.insert("a"), { try $0.run("ROLLBACK") }, Self.insert("b")])
        #expect((outcomes[0] as? PersistenceError)?.name == "transaction_lost")
        #expect((outcomes[1] as? PersistenceError)?.name == "transaction_lost")
        #expect(outcomes[2] == nil)
        #expect(try await database.notes() == ["b"])
        await database.close()
    }

    @Test("A full disk in the middle: the cause to its owner, 'lost, try again' to the others, nothing kept")
    func fullDisk() async throws {
        let database = try self.open()
        let outcomes = try await self.together(
            database,
            [
                Self.insert("a"),
                { connection in
                    try connection.execute("PRAGMA max_page_count = 12")
                    for number in 0..<10_000 {
                        try connection.run("INSERT INTO entries (note) VALUES (?)", .text("filler \(number)"))
                    }
                },
                { connection in
                    try connection.execute("PRAGMA max_page_count = 100000")
                    try connection.run("INSERT INTO entries (note) VALUES ('b')")
                },
            ])
        #expect((outcomes[0] as? PersistenceError)?.isRetryable == true)
        #expect((outcomes[1] as? SQLiteError)?.code == .full)
        #expect(outcomes[2] == nil)
        #expect(try await database.notes() == ["b"])
        await database.close()
    }

    @Test("A commit that the disk refuses is told to every caller of the group, and the database goes on")
    func commitFails() async {
        // In a process of its own, because the limit on file sizes holds for all of it.
        await #expect(processExitsWith: .success) {
            let folder = TemporaryFolder()
            let database = try Ledger.open(folder, durability: .full)
            try await database.insert("before")
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let usual = limit
            limit.rlim_cur = 4_096
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let test = GroupCommitTests()
            let outcomes = try await test.together(database, (0..<5).map { GroupCommitTests.insert("n\($0)") })
            limit = usual
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            for outcome in outcomes {
                guard let code = (outcome as? SQLiteError)?.code, code == .full || code == .ioError else { exit(2) }
            }
            guard try await database.notes() == ["before"] else { exit(3) }
            try await database.insert("after")
            guard try await database.notes() == ["after", "before"] else { exit(4) }
            await database.close()
        }
    }

    @Test("Thousands of writes from many tasks all arrive, in far fewer commits")
    func throughput() async throws {
        let database = try Ledger.open(self.folder, durability: .full)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<32 {
                group.addTask {
                    for number in 0..<50 { try await database.insert("\(writer).\(number)") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.notes().count == 1_600)
        #expect(database.metrics.succeededCommits.value < 1_600)
        await database.close()
    }
}
