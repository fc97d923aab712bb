public import SQLite
public import Telemetry

/// Trouble that operations meet before they begin, made on purpose.
public protocol DatabaseDisturbance: Sendable {
    /// Whether there may be any. Asked before each operation, so it must cost next to nothing.
    var isActive: Bool { get }
    /// Waits, or throws in place of the operation.
    ///
    /// - Parameters:
    ///   - operation: as its span is called, `SELECT products`.
    ///   - namespace: the database.
    ///   - span: the operation's.
    func precede(_ operation: String, on namespace: String, span: ActiveSpan) async throws
}

extension Database {
    /// Lets an operation that has begun meet the trouble that there is.
    func meetTrouble(_ telemetry: OperationTelemetry, _ measurement: OperationTelemetry.Measurement) async throws {
        guard let disturbance = self.disturbance, disturbance.isActive else { return }
        try await disturbance.precede(telemetry.spanName, on: self.namespace, span: measurement.span)
    }

    /// As `readOnLoop`, after the trouble that there is.
    @usableFromInline
    func readInTrouble<T>(_ operation: DatabaseOperation, _ body: (SQLiteConnection) throws -> T) async throws -> T {
        let telemetry = self.operations[operation]
        let measurement = telemetry.begin()
        do {
            try await self.meetTrouble(telemetry, measurement)
        } catch {
            telemetry.end(measurement, error: error)
            throw error
        }
        let read = try self.beginLoopRead(telemetry, measurement)
        do {
            let value = try body(read.connection)
            self.endLoopRead(read)
            return value
        } catch {
            self.endLoopRead(read, error: error)
            throw error
        }
    }
}
