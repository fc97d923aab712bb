import Glibc
import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Across processes")
struct ProcessTests {
    let folder = TemporaryFolder()

    @Test("A process killed while it writes leaves every write it acknowledged, whole, and no half of another")
    func killed() async throws {
        let (path, journal) = (self.folder.file("ledger.db"), self.folder.file("acknowledged"))
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, journal = journal as String] in
            try await ProcessTests.writeUntilKilled(path, acknowledging: journal)
        }
        let acknowledged = read(journal).count / MemoryLayout<Int>.size
        #expect(acknowledged >= Self.writesBeforeKill)
        let database = try Ledger.open(path)
        let notes = Set(try await database.notes())
        for number in Self.numbers(in: read(journal)) {
            #expect(notes.contains("out \(number)") && notes.contains("in \(number)"))
        }
        let outs = notes.filter { $0.hasPrefix("out ") }.map { $0.dropFirst(4) }
        let ins = notes.filter { $0.hasPrefix("in ") }.map { $0.dropFirst(3) }
        #expect(Set(outs) == Set(ins))
        await database.close()
    }

    private static let writesBeforeKill = 200

    private static func numbers(in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBytes { buffer in
            stride(from: 0, to: buffer.count, by: MemoryLayout<Int>.size).map {
                buffer.loadUnaligned(fromByteOffset: $0, as: Int.self)
            }
        }
    }

    /// Writes from eight tasks, notes each acknowledged number in a file, and dies in the middle of it all.
    private static func writeUntilKilled(_ path: String, acknowledging journal: String) async throws {
        let database = try Ledger.open(path, durability: .full)
        let descriptor = open(journal, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for step in 1... {
                        let number = writer * 1_000_000 + step
                        try await Self.move(number, in: database)
                        _ = withUnsafeBytes(of: number) { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                        if writer == 0 && step == Self.writesBeforeKill { kill(getpid(), SIGKILL) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func move(_ number: Int, in database: Database) async throws {
        try await database.write(Ledger.insert) { connection in
            try connection.run("INSERT INTO entries (note) VALUES (?)", .text("out \(number)"))
            try connection.run("INSERT INTO entries (note) VALUES (?)", .text("in \(number)"))
        }
    }

    @Test("Of many processes that start at once, one migrates and all of them work")
    func startsAtOnce() async throws {
        let path = self.folder.file("ledger.db")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String, number = number as Int] in
                        let database = try Ledger.open(path)
                        try await database.insert("process \(number)")
                        await database.close()
                    }
                }
            }
        }
        let database = try Ledger.open(path)
        #expect(try await database.notes().count == 6)
        let rows = try await database.read(Ledger.select) {
            try $0.first("SELECT count(*) FROM vitrine_migrations") { $0.int(0) }
        }
        #expect(rows == 1)
        await database.close()
    }
}
