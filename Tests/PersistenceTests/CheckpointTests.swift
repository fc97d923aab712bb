import SQLite
import Telemetry
import Testing

@testable import Persistence

@Suite("Checkpoints")
struct CheckpointTests {
    let folder = TemporaryFolder()

    @Test("The log is folded into the file between commits and does not grow without end")
    func bounded() async throws {
        var options = DatabaseOptions()
        options.checkpointFrames = 50
        let database = try Ledger.open(self.folder, options: options)
        for number in 0..<600 { try await database.insert("note number \(number)") }
        #expect(database.metrics.checkpoints.value > 5)
        #expect(read(database.path + "-wal").count < 4_200 * 200)
        await database.close()
    }

    @Test("A reader that stays makes the log grow past its bound, and when it goes the log starts over")
    func besideReader() async throws {
        var options = DatabaseOptions()
        options.checkpointFrames = 20
        options.checkpointFramesMax = 60
        let database = try Ledger.open(self.folder, options: options)
        try await database.insert("first")
        let reader = try SQLiteConnection(path: database.path, options: SQLiteOptions(mode: .readOnly))
        try reader.begin(.deferred)
        #expect(try reader.first("SELECT count(*) FROM entries") { $0.int(0) } == 1)
        for number in 0..<40 { try await database.insert("note number \(number)") }
        #expect(try reader.first("SELECT count(*) FROM entries") { $0.int(0) } == 1)
        try reader.commit()
        for number in 40..<80 { try await database.insert("note number \(number)") }
        #expect(read(database.path + "-wal").count < 4_200 * 150)
        #expect(try await database.notes().count == 81)
        await database.close()
    }
}
