import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("What a crash leaves behind")
struct CrashTests {
    let folder = TemporaryFolder()

    /// Every write of the running ledger moves one unit: two rows that belong together.
    private static func move(_ number: Int) -> @Sendable (SQLiteConnection) throws -> Void {
        { connection in
            try connection.run("INSERT INTO entries (note) VALUES (?)", .text("out \(number)"))
            try connection.run("INSERT INTO entries (note) VALUES (?)", .text("in \(number)"))
        }
    }

    /// What a process would find that opens these bytes: the file and the log as the disk had them.
    private func reopen(_ file: [UInt8], _ log: [UInt8]) throws -> [String] {
        let copy = TemporaryFolder()
        write(file, to: copy.file("ledger.db"))
        write(log, to: copy.file("ledger.db-wal"))
        let database = try SQLiteConnection(path: copy.file("ledger.db"))
        #expect(try database.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
        return try database.all("SELECT note FROM entries") { $0.text(0) }
    }

    /// The numbers whose two rows are both there; records an issue for one that stands alone.
    private func wholeMoves(_ notes: [String]) -> Set<Int> {
        var halves: [Int: Int] = [:]
        for note in notes {
            if let number = note.split(separator: " ").last.flatMap({ Int($0) }) { halves[number, default: 0] += 1 }
        }
        #expect(halves.values.allSatisfy { $0 == 2 }, "half a transaction survived")
        return Set(halves.keys)
    }

    @Test("Copied while it is written, the database holds every acknowledged write, whole, and no half of another")
    func copiedMidway() async throws {
        var options = DatabaseOptions()
        // No checkpoint: then the file stands still and the log only grows, as at one moment of a crash.
        options.checkpointFrames = .max
        let database = try Ledger.open(self.folder, durability: .full, options: options)
        let writing = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<60 {
                            try await database.write(Ledger.insert, Self.move(writer * 100 + number))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        for _ in 0..<5 {
            let acknowledged = self.wholeMoves(try await database.notes())
            let notes = try self.reopen(read(database.path), read(database.path + "-wal"))
            #expect(self.wholeMoves(notes).isSuperset(of: acknowledged))
        }
        try await writing.value
        let notes = try self.reopen(read(database.path), read(database.path + "-wal"))
        #expect(self.wholeMoves(notes).count == 480)
        await database.close()
    }

    @Test("A log cut off anywhere gives a prefix of the transactions, each whole")
    func tornLog() async throws {
        var options = DatabaseOptions()
        options.checkpointFrames = .max
        let database = try Ledger.open(self.folder, durability: .full, options: options)
        // The schema into the file, so that a log of no length is a whole database too.
        let checkpointer = try SQLiteConnection(path: database.path)
        try checkpointer.checkpoint(.passive)
        for number in 0..<20 { try await database.write(Ledger.insert, Self.move(number)) }
        let (file, log) = (read(database.path), read(database.path + "-wal"))
        var previous = -1
        for length in stride(from: 0, through: log.count, by: 1_009) + [log.count] {
            let moves = self.wholeMoves(try self.reopen(file, Array(log[..<length])))
            #expect(moves == Set(0..<moves.count))
            #expect(moves.count >= previous)
            previous = moves.count
        }
        #expect(previous == 20)
        await database.close()
    }

    @Test("Damaged bytes in the log end it there; what came before is kept")
    func damagedLog() async throws {
        var options = DatabaseOptions()
        options.checkpointFrames = .max
        let database = try Ledger.open(self.folder, durability: .full, options: options)
        try SQLiteConnection(path: database.path).checkpoint(.passive)
        for number in 0..<20 { try await database.write(Ledger.insert, Self.move(number)) }
        let file = read(database.path)
        var log = read(database.path + "-wal")
        log[log.count / 2] ^= 0xFF
        let moves = self.wholeMoves(try self.reopen(file, log))
        #expect(moves.count > 0 && moves.count < 20)
        #expect(moves == Set(0..<moves.count))
        await database.close()
    }
}
