public import Telemetry

extension CircuitBreaker {
    /// Makes a call unless the circuit is open.
    ///
    /// - Parameters:
    ///   - span: the call's span, for the flight recorder.
    ///   - classify: what counts as a failure, from the answer or the error; a thrown `CancellationError`, or any error
    ///     once the task is cancelled, counts as neither without it being asked.
    /// - Throws: `CircuitOpenError` without calling `operation`, otherwise what `operation` throws.
    public func withPermit<T>(
        span: ActiveSpan? = nil, classify: (Result<T, any Error>) -> CallOutcome = CircuitBreaker.errorsFail,
        _ operation: () async throws -> T
    ) async throws -> T {
        let start = self.clock.now()
        let permit = try self.permit(now: start)
        do {
            let answer = try await operation()
            self.record(classify(.success(answer)), for: permit, start: start, end: self.clock.now(), span: span)
            return answer
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            let outcome = isCancelled ? .ignored : classify(.failure(error))
            self.record(outcome, for: permit, start: start, end: self.clock.now(), span: span)
            throw error
        }
    }

    /// An answer is a success, an error a failure.
    public static func errorsFail<T>(_ result: Result<T, any Error>) -> CallOutcome {
        if case .success = result { .success } else { .failure }
    }
}
