public import SQLite
import Telemetry

extension Database {
    /// Runs `body` as one transaction on the writer thread and returns once it is committed, to the database's
    /// durability.
    ///
    /// Writes that wait at the same time share a commit, each in a savepoint: what `body` throws undoes its own
    /// statements only and is rethrown here. Cancelling the calling task drops a write that has not begun; one that has
    /// is awaited to its end. `body` runs once at most and must not run BEGIN, COMMIT or ROLLBACK itself.
    ///
    /// - Throws: `PersistenceError.queueFull` at once when too many writes wait, `.closed`, `.transactionLost`;
    ///   `SQLiteError`; `CancellationError`; or what `body` throws.
    @discardableResult
    public func write<T: Sendable>(
        _ operation: DatabaseOperation, _ body: @escaping @Sendable (SQLiteConnection) throws -> T
    ) async throws -> T {
        let telemetry = self.operations[operation]
        let measurement = telemetry.begin()
        do {
            try await self.meetTrouble(telemetry, measurement)
            let value = try await self.commit(TypedWriteRequest(enqueued: measurement.start, body))
            telemetry.end(measurement)
            return value
        } catch {
            telemetry.end(measurement, error: error)
            throw error
        }
    }

    private func commit<T: Sendable>(_ request: TypedWriteRequest<T>) async throws -> T {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                guard request.wait(continuation) else { return }
                guard let refusal = self.writer.submit(request) else { return }
                // Claimed first: a cancellation at this moment must not answer a second time.
                if request.claim() { request.answer(instead: refusal) }
            }
        } onCancel: {
            request.cancel()
        }
    }
}
