import NetworkIO
import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Reads")
struct ReadTests {
    let folder = TemporaryFolder()

    private static func count(_ connection: SQLiteConnection) throws -> Int {
        try connection.first("SELECT count(*) FROM entries") { $0.int(0) } ?? -1
    }

    @Test("A read sees one snapshot however many statements it has")
    func snapshot() async throws {
        let database = try Ledger.open(self.folder)
        try await database.insert("a")
        let (entered, gate) = (Gate(), Gate())
        let reading = Task {
            try await database.read(Ledger.select) { connection in
                let before = try Self.count(connection)
                entered.open()
                gate.wait()
                return (before, try Self.count(connection))
            }
        }
        await Database.onOwnThread { entered.wait() }
        try await database.insert("b")
        gate.open()
        let (before, after) = try await reading.value
        #expect(before == 1 && after == 1)
        #expect(try database.readOnLoop(Ledger.select, Self.count) == 2)
        await database.close()
    }

    @Test("Reads and reads on a loop cannot write")
    func readOnly() async throws {
        let database = try Ledger.open(self.folder)
        let body: @Sendable (SQLiteConnection) throws -> Void = { try $0.run("DELETE FROM entries") }
        let error = await #expect(throws: SQLiteError.self) { try await database.read(Ledger.select, body) }
        #expect(error?.code == .readOnly)
        #expect(throws: SQLiteError.self) { try database.readOnLoop(Ledger.select, body) }
        await database.close()
    }

    @Test("On its loop, a read always gets the loop's own connection")
    func ownConnection() async throws {
        let loop = try EventLoop(index: 1)
        let database = try Ledger.open(self.folder, loops: 2)
        let identities = try await Task(executorPreference: loop) {
            var seen: Set<ObjectIdentifier> = []
            for _ in 0..<5 { seen.insert(try database.readOnLoop(Ledger.select) { ObjectIdentifier($0) }) }
            return seen
        }.value
        #expect(identities.count == 1)
        #expect(database.metrics.loops.idle.value == 1)
        await database.close()
        #expect(database.metrics.loops.idle.value == 0)
        loop.stop()
    }

    @Test("A read inside a read on a loop gets another connection")
    func nested() async throws {
        let loop = try EventLoop(index: 0)
        let database = try Ledger.open(self.folder, loops: 1)
        try await Task(executorPreference: loop) {
            try database.readOnLoop(Ledger.select) { outer in
                try database.readOnLoop(Ledger.select) { middle in
                    try database.readOnLoop(Ledger.select) { inner in
                        #expect(Set([outer, middle, inner].map { ObjectIdentifier($0) }).count == 3)
                        let count = try Self.count(inner)
                        #expect(count == 0)
                    }
                }
            }
        }.value
        await database.close()
        loop.stop()
    }

    @Test("Two loops with the same index never share a connection")
    func sameIndex() async throws {
        let loops = [try EventLoop(index: 0), try EventLoop(index: 0)]
        let database = try Ledger.open(self.folder, loops: 1)
        try await database.insert("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for loop in loops {
                group.addTask(executorPreference: loop) {
                    for _ in 0..<2_000 {
                        let count = try database.readOnLoop(Ledger.select, Self.count)
                        #expect(count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        await database.close()
        for loop in loops { loop.stop() }
    }

    @Test("Closing while a loop reads leaves the connection to that read")
    func closeWhileReading() async throws {
        let loop = try EventLoop(index: 0)
        let database = try Ledger.open(self.folder, loops: 1)
        let (entered, gate) = (Gate(), Gate())
        let reading = Task(executorPreference: loop) {
            try database.readOnLoop(Ledger.select) { connection in
                entered.open()
                gate.wait()
                return try Self.count(connection)
            }
        }
        await Database.onOwnThread { entered.wait() }
        await database.close()
        gate.open()
        #expect(try await reading.value == 0)
        #expect(database.metrics.loops.idle.value == 0)
        loop.stop()
    }

    @Test("A read that would hold the loop up is stopped; on a reader thread it may take its time")
    func stepLimit() async throws {
        var options = DatabaseOptions()
        options.loopStepLimit = 10_000
        let database = try Ledger.open(self.folder, options: options)
        let long: @Sendable (SQLiteConnection) throws -> Int? = { connection in
            try connection.first(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000) SELECT count(*) FROM n"
            ) { $0.int(0) }
        }
        let error = #expect(throws: SQLiteError.self) { try database.readOnLoop(Ledger.select, long) }
        #expect(error?.code == .interrupt)
        #expect(try database.readOnLoop(Ledger.select, Self.count) == 0)
        #expect(try await database.read(Ledger.select, long) == 50_000)
        await database.close()
    }

    @Test("A full queue of reads refuses at once")
    func queueFull() async throws {
        var options = DatabaseOptions()
        options.readQueueLimit = 1
        let database = try Ledger.open(self.folder, readers: 1, options: options)
        let (entered, gate) = (Gate(), Gate())
        let running = Task {
            try await database.read(Ledger.select) { _ in
                entered.open()
                gate.wait()
            }
        }
        await Database.onOwnThread { entered.wait() }
        let waiting = Task { try await database.notes() }
        while database.readers.queueDepth < 1 { await Task.yield() }
        await #expect(throws: PersistenceError.queueFull(namespace: "ledger", limit: 1)) {
            try await database.notes()
        }
        gate.open()
        try await running.value
        #expect(try await waiting.value == [])
        await database.close()
    }

    @Test("Readers keep reading while a write is in progress")
    func besideWriter() async throws {
        let database = try Ledger.open(self.folder)
        try await database.insert("a")
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        #expect(try await database.notes() == ["a"])
        #expect(try database.readOnLoop(Ledger.select, Self.count) == 1)
        gate.open()
        try await occupant.value
        await database.close()
    }
}
