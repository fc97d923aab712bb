import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Writes")
struct WriteTests {
    let folder = TemporaryFolder()

    private struct OutOfStock: Error {}

    @Test("A write returns its value once everyone can see it")
    func visible() async throws {
        let database = try Ledger.open(self.folder)
        let other = try SQLiteConnection(path: database.path, options: SQLiteOptions(mode: .readOnly))
        let id = try await database.write(Ledger.insert) { connection in
            try connection.run("INSERT INTO entries (note) VALUES ('a')")
            return connection.lastInsertRowID
        }
        #expect(try other.first("SELECT note FROM entries WHERE id = ?", [.integer(id)]) { $0.text(0) } == "a")
        await database.close()
    }

    @Test("What the body throws undoes all it did and reaches the caller")
    func rollsBack() async throws {
        let database = try Ledger.open(self.folder)
        await #expect(throws: OutOfStock.self) {
            try await database.write(Ledger.insert) { connection in
                try connection.run("INSERT INTO entries (note) VALUES ('a')")
                throw OutOfStock()
            }
        }
        #expect(try await database.notes() == [])
        await database.close()
    }

    @Test("64 buyers of the last 10 units: 10 succeed, 54 are refused by the check, none goes below zero")
    func lastUnits() async throws {
        let database = try Ledger.open(self.folder)
        try await database.write(Ledger.update) { try $0.run("INSERT INTO stock VALUES (1, 10)") }
        let outcomes = await withTaskGroup(of: SQLiteErrorCode?.self) { group in
            for buyer in 0..<64 {
                group.addTask {
                    do {
                        try await database.write(Ledger.update) { connection in
                            // Something that must vanish with the refusal.
                            try connection.run("INSERT INTO entries (note) VALUES (?)", .text("sold to \(buyer)"))
                            try connection.run("UPDATE stock SET units = units - 1 WHERE id = 1")
                        }
                        return nil
                    } catch {
                        return (error as? SQLiteError)?.code ?? .misuse
                    }
                }
            }
            return await group.reduce(into: [SQLiteErrorCode?]()) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 == nil }.count == 10)
        #expect(outcomes.filter { $0 == .constraintCheck }.count == 54)
        let units = try await database.read(Ledger.select) { try $0.first("SELECT units FROM stock") { $0.int(0) } }
        #expect(units == 0)
        #expect(try await database.notes().count == 10)
        await database.close()
    }

    @Test("A full queue refuses at once and says so")
    func queueFull() async throws {
        var options = DatabaseOptions()
        options.writeQueueLimit = 2
        let database = try Ledger.open(self.folder, options: options)
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        let waiting = [Task { try await database.insert("a") }, Task { try await database.insert("b") }]
        await database.waitUntilQueued(2)
        await #expect(throws: PersistenceError.queueFull(namespace: "ledger", limit: 2)) {
            try await database.insert("c")
        }
        gate.open()
        try await occupant.value
        for task in waiting { try await task.value }
        #expect(try await database.notes() == ["a", "b"])
        await database.close()
    }

    @Test("Cancelling a write that waits drops it; the others are not touched")
    func cancelWaiting() async throws {
        let database = try Ledger.open(self.folder)
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        let doomed = Task { try await database.insert("doomed") }
        await database.waitUntilQueued(1)
        let kept = Task { try await database.insert("kept") }
        await database.waitUntilQueued(2)
        doomed.cancel()
        await #expect(throws: CancellationError.self) { try await doomed.value }
        gate.open()
        try await occupant.value
        try await kept.value
        #expect(try await database.notes() == ["kept"])
        await database.close()
    }

    @Test("Cancelling a write that runs lets it finish, and its caller learns the truth")
    func cancelRunning() async throws {
        let database = try Ledger.open(self.folder)
        let gate = Gate()
        let entered = Gate()
        let task = Task {
            try await database.write(Ledger.insert) { connection in
                entered.open()
                gate.wait()
                try connection.run("INSERT INTO entries (note) VALUES ('kept')")
            }
        }
        await Database.onOwnThread { entered.wait() }
        task.cancel()
        gate.open()
        try await task.value
        #expect(try await database.notes() == ["kept"])
        await database.close()
    }

    @Test("A task cancelled before it writes writes nothing")
    func cancelledBefore() async throws {
        let database = try Ledger.open(self.folder)
        let gate = Gate()
        let task = Task {
            await Database.onOwnThread { gate.wait() }
            try await database.insert("never")
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await database.notes() == [])
        await database.close()
    }

    @Test("Another process holding the lock makes every waiting write busy, and the next one works")
    func busy() async throws {
        var options = DatabaseOptions()
        options.busyTimeoutMilliseconds = 30
        let database = try Ledger.open(self.folder, options: options)
        let other = try SQLiteConnection(path: database.path)
        try other.begin(.immediate)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    let error = await #expect(throws: SQLiteError.self) { try await database.insert("n\(number)") }
                    #expect(error?.code == .busy)
                    #expect(error?.isRetryable == true)
                }
            }
        }
        try other.rollback()
        try await database.insert("late")
        #expect(try await database.notes() == ["late"])
        await database.close()
    }

    @Test("Closing runs what waits, refuses what comes later, and leaves no log behind")
    func close() async throws {
        let database = try Ledger.open(self.folder)
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        let waiting = Task { try await database.insert("a") }
        await database.waitUntilQueued(1)
        let closing = Task { await database.close() }
        gate.open()
        try await occupant.value
        try await waiting.value
        await closing.value
        await #expect(throws: PersistenceError.closed(namespace: "ledger")) { try await database.insert("b") }
        await #expect(throws: PersistenceError.closed(namespace: "ledger")) { try await database.notes() }
        #expect(throws: PersistenceError.closed(namespace: "ledger")) {
            try database.readOnLoop(Ledger.select) { _ in () }
        }
        await database.close()
        let again = try Ledger.open(self.folder)
        #expect(try await again.notes() == ["a"])
        await again.close()
    }

    @Test("Letting go of a database without closing it loses nothing that was acknowledged")
    func forgotten() async throws {
        do {
            let database = try Ledger.open(self.folder)
            try await database.insert("a")
        }
        let again = try Ledger.open(self.folder)
        #expect(try await again.notes() == ["a"])
        await again.close()
    }
}
