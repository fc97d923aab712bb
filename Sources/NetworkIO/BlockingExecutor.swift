import Glibc
import Synchronization

/// Runs blocking C calls (bcrypt, SQLite, name look-up) on threads of its own, so that no event loop waits for them.
///
/// The queue is bounded: work that finds it full is refused at once and counted, never kept waiting without end.
public final class BlockingExecutor: Sendable {
    public let name: String
    public let threadCount: Int
    /// Pieces of work that may wait, not counting those that run.
    public let queueLimit: Int

    private struct State: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var head = 0
        var isClosed = false
        var count: Int { self.waiting.count - self.head }

        mutating func take() -> (@Sendable () -> Void)? {
            guard self.head < self.waiting.count else { return nil }
            let work = self.waiting[self.head]
            self.head += 1
            if self.head == self.waiting.count || self.head > 1_024 {
                self.waiting.removeFirst(self.head)
                self.head = 0
            }
            return work
        }
    }
    private let state = Mutex(State())
    private let signal: WorkSignal
    private let rejectedCell = Atomic<Int>(0)
    private let runningCell = Atomic<Int>(0)

    /// - Parameters:
    ///   - name: names the threads; at most 12 bytes show.
    ///   - threads: at least 1.
    ///   - queueLimit: pieces of work that may wait; at least 1.
    public init(name: String, threads: Int, queueLimit: Int) {
        precondition(
            threads >= 1 && queueLimit >= 1, "blocking executor \(name): \(threads) threads, \(queueLimit) places")
        self.name = name
        self.threadCount = threads
        self.queueLimit = queueLimit
        self.signal = WorkSignal()
        for index in 0..<threads {
            do throws(IOError) {
                try startThread(named: "\(name)-\(index)") { [self] in self.work() }
            } catch {
                preconditionFailure("blocking executor \(name): \(error)")
            }
        }
    }

    /// Pieces of work that now wait.
    public var queueDepth: Int { self.state.withLock { $0.count } }
    /// Pieces of work that now run.
    public var running: Int { self.runningCell.load(ordering: .relaxed) }
    /// Pieces of work refused since the start because the queue was full.
    public var rejected: Int { self.rejectedCell.load(ordering: .relaxed) }

    /// Runs `body` on one of the threads and suspends until it has ended.
    /// - Throws: `BlockingExecutorError.queueFull` or `.closed` at once, otherwise what `body` throws.
    public func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<T, any Error>) in
            let refusal = self.submit { continuation.resume(with: Result(catching: body)) }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Hands over work without waiting for it; gives the reason when it is refused.
    public func submit(_ work: @escaping @Sendable () -> Void) -> BlockingExecutorError? {
        let refusal: BlockingExecutorError? = self.state.withLock { state in
            if state.isClosed { return .closed }
            if state.count >= self.queueLimit { return .queueFull(name: self.name, limit: self.queueLimit) }
            state.waiting.append(work)
            return nil
        }
        if refusal == nil {
            self.signal.post()
        } else {
            self.rejectedCell.wrappingAdd(1, ordering: .relaxed)
        }
        return refusal
    }

    /// Lets the threads end once what waits has run. Work handed over later is refused.
    public func close() {
        self.state.withLock { $0.isClosed = true }
        for _ in 0..<self.threadCount { self.signal.post() }
    }

    private func work() {
        while true {
            self.signal.wait()
            let (work, isClosed) = self.state.withLock { ($0.take(), $0.isClosed) }
            if let work {
                self.runningCell.wrappingAdd(1, ordering: .relaxed)
                work()
                self.runningCell.wrappingSubtract(1, ordering: .relaxed)
            } else if isClosed {
                return
            }
        }
    }
}

/// Why work was not taken.
public enum BlockingExecutorError: Error, Sendable, Hashable, CustomStringConvertible {
    case queueFull(name: String, limit: Int)
    case closed

    public var description: String {
        switch self {
        case .queueFull(let name, let limit): "executor \(name): its queue of \(limit) is full"
        case .closed: "executor is closed"
        }
    }
}

/// A counting semaphore, `sem_overview(7)`.
final class WorkSignal: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: the semaphore's address is fixed for the object's life, and `sem_post` and
    // `sem_wait` may be called on it from any thread.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        self.semaphore = .allocate(capacity: 1)
        sem_init(self.semaphore, 0, 0)
    }

    deinit {
        sem_destroy(self.semaphore)
        self.semaphore.deallocate()
    }

    func post() { sem_post(self.semaphore) }

    func wait() {
        while sem_wait(self.semaphore) != 0 && errno == EINTR {}
    }
}
