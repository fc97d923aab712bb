public import SQLite
import Telemetry

/// A read on an event loop while it runs: its connection, where that goes back to, and what to record.
public struct LoopRead {
    @usableFromInline let connection: SQLiteConnection
    let home: Home
    let telemetry: OperationTelemetry
    let measurement: OperationTelemetry.Measurement

    enum Home {
        case loop(LoopReader)
        case shelf(ReaderShelf.Reader)
    }
}

extension Database {
    @usableFromInline
    func beginLoopRead(_ operation: DatabaseOperation) throws -> LoopRead {
        let telemetry = self.operations[operation]
        return try self.beginLoopRead(telemetry, telemetry.begin())
    }

    func beginLoopRead(
        _ telemetry: OperationTelemetry, _ measurement: OperationTelemetry.Measurement
    ) throws -> LoopRead {
        do {
            let (connection, home) = try self.takeForLoop()
            connection.refillSteps()
            return LoopRead(connection: connection, home: home, telemetry: telemetry, measurement: measurement)
        } catch {
            telemetry.end(measurement, error: error)
            throw error
        }
    }

    @usableFromInline
    func endLoopRead(_ read: LoopRead) {
        self.giveBack(read.home)
        read.telemetry.end(read.measurement)
    }

    @usableFromInline
    func endLoopRead(_ read: LoopRead, error: any Error) {
        self.giveBack(read.home)
        read.telemetry.end(read.measurement, error: error)
    }

    private func takeForLoop() throws -> (SQLiteConnection, LoopRead.Home) {
        if let slot = self.loopReaders.current, let connection = try slot.take(self.openForLoop) {
            return (connection, .loop(slot))
        }
        let reader = try self.loopShelf.take()
        return (reader.connection, .shelf(reader))
    }

    private func openForLoop() throws -> SQLiteConnection {
        try SQLiteConnection(path: self.path, options: self.options.loopReader)
    }

    private func giveBack(_ home: LoopRead.Home) {
        switch home {
        case .loop(let slot): slot.giveBack()
        case .shelf(let reader): self.loopShelf.putBack(reader)
        }
    }
}
