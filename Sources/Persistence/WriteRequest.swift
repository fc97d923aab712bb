import SQLite
import Synchronization

/// A write on its way: waits, runs, is answered exactly once.
///
/// A class with an override for each result type, so that a queue holds writes of every type without boxing their
/// results.
class WriteRequest: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: what subclasses store is touched by the writer's thread only once `claim` has
    // returned true, and by nobody else before; `state` has its own lock.

    /// Monotonic nanoseconds when it was made.
    let enqueued: UInt64

    init(enqueued: UInt64) { self.enqueued = enqueued }

    /// Makes it the writer's own; false when its caller has been cancelled meanwhile.
    func claim() -> Bool { false }

    /// Runs the body and keeps what it returns.
    func execute(on connection: SQLiteConnection) throws {}

    /// Keeps what `execute` threw, to be told to the caller when the group is decided.
    func keep(failure: any Error) {}

    /// Tells the caller: what was kept, or `failure` in its place.
    func answer(instead failure: (any Error)?) {}
}

/// A write whose body returns `T`.
final class TypedWriteRequest<T: Sendable>: WriteRequest, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `WriteRequest`.

    private enum State: Sendable {
        case made
        case waiting(UnsafeContinuation<T, any Error>)
        case claimed
        case cancelled
    }
    private let state = Mutex(State.made)
    private let body: @Sendable (SQLiteConnection) throws -> T
    // Unsafe, because every path through the writer ends in `answer`, and a checked one costs an allocation each.
    private var caller: UnsafeContinuation<T, any Error>?
    private var outcome: Result<T, any Error>?

    init(enqueued: UInt64, _ body: @escaping @Sendable (SQLiteConnection) throws -> T) {
        self.body = body
        super.init(enqueued: enqueued)
    }

    /// Takes the caller's continuation; false, with the caller told, when it was cancelled before.
    func wait(_ continuation: UnsafeContinuation<T, any Error>) -> Bool {
        let accepted = self.state.withLock { state in
            guard case .made = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !accepted { continuation.resume(throwing: CancellationError()) }
        return accepted
    }

    /// The caller's task was cancelled: a write that has not begun never will; one that has is awaited to its end.
    func cancel() {
        let waiting: UnsafeContinuation<T, any Error>? = self.state.withLock { state in
            switch state {
            case .made:
                state = .cancelled
                return nil
            case .waiting(let continuation):
                state = .cancelled
                return continuation
            case .claimed, .cancelled:
                return nil
            }
        }
        waiting?.resume(throwing: CancellationError())
    }

    override func claim() -> Bool {
        self.caller = self.state.withLock { state in
            guard case .waiting(let continuation) = state else { return nil }
            state = .claimed
            return continuation
        }
        return self.caller != nil
    }

    override func execute(on connection: SQLiteConnection) throws {
        self.outcome = .success(try self.body(connection))
    }

    override func keep(failure: any Error) { self.outcome = .failure(failure) }

    override func answer(instead failure: (any Error)?) {
        guard let caller = self.caller else { return }
        self.caller = nil
        if let failure {
            caller.resume(throwing: failure)
        } else if let outcome = self.outcome {
            caller.resume(with: outcome)
        }
    }
}
