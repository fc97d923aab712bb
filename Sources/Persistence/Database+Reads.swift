import CSystem
import NetworkIO
public import SQLite
import Telemetry

extension Database {
    /// Reads without a hop, on the calling event loop's own connection; see `readOnLoop`.
    ///
    /// It only ever waits for trouble that is made on purpose, and then the loop does other things.
    @inlinable
    public func read<T>(
        onLoop operation: DatabaseOperation, _ body: (SQLiteConnection) throws -> T
    ) async throws -> T {
        if let disturbance = self.disturbance, disturbance.isActive {
            return try await self.readInTrouble(operation, body)
        }
        return try self.readOnLoop(operation, body)
    }

    /// Reads here and now, without a hop, on the calling event loop's own connection.
    ///
    /// For short indexed reads: the loop does nothing else meanwhile. Each statement outside a transaction sees the
    /// latest commit; where several must agree, put them in `connection.transaction(.deferred)`. On a thread that is no
    /// loop, or when called from inside such a read, a spare connection is used. It meets no trouble that is made on
    /// purpose: what serves requests uses `read(onLoop:)`.
    ///
    /// - Throws: `SQLiteError` with code `interrupt` past the step limit (`DatabaseOptions.loopStepLimit`), or what
    ///   `body` throws.
    @inlinable
    public func readOnLoop<T>(_ operation: DatabaseOperation, _ body: (SQLiteConnection) throws -> T) throws -> T {
        let read = try self.beginLoopRead(operation)
        do {
            let value = try body(read.connection)
            self.endLoopRead(read)
            return value
        } catch {
            self.endLoopRead(read, error: error)
            throw error
        }
    }

    /// Reads on a reader thread; all statements of `body` see the same snapshot.
    ///
    /// - Throws: `PersistenceError.queueFull` at once when too many reads wait, `.closed`, `SQLiteError`, or what
    ///   `body` throws.
    public func read<T: Sendable>(
        _ operation: DatabaseOperation, _ body: @escaping @Sendable (SQLiteConnection) throws -> T
    ) async throws -> T {
        let telemetry = self.operations[operation]
        let measurement = telemetry.begin()
        do {
            try await self.meetTrouble(telemetry, measurement)
            let value = try await self.runOnReader(body)
            telemetry.end(measurement)
            return value
        } catch {
            telemetry.end(measurement, error: error)
            throw error
        }
    }

    private func runOnReader<T: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> T
    ) async throws -> T {
        let enqueued = vitrine_monotonic_nanoseconds()
        let pool = self.metrics.readers
        let shelf = self.readerShelf
        pool.pending.add(1)
        let outcome: Result<T, any Error>
        do {
            outcome = try await self.readers.run {
                let taken = vitrine_monotonic_nanoseconds()
                pool.pending.add(-1)
                pool.waitTime.record(nanoseconds: taken &- enqueued)
                defer { pool.useTime.record(nanoseconds: vitrine_monotonic_nanoseconds() &- taken) }
                return Result { try shelf.withSnapshot(body) }
            }
        } catch {
            // The executor did not take it; what `body` throws comes back in `outcome`.
            pool.pending.add(-1)
            throw self.refusal(error)
        }
        return try outcome.get()
    }

    /// This layer's words for the executor's refusal.
    private func refusal(_ error: any Error) -> any Error {
        guard case .queueFull(_, let limit) = error as? BlockingExecutorError else {
            return PersistenceError.closed(namespace: self.namespace)
        }
        self.metrics.readers.rejections.add(1)
        return PersistenceError.queueFull(namespace: self.namespace, limit: limit)
    }
}
