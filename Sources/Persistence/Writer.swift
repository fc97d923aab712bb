import CSystem
import NetworkIO
import SQLite
import Synchronization
import Telemetry

/// The one thread that writes to a database, and its queue.
///
/// While a commit waits for the disk, writes gather in the queue; the next group takes them all. Under load the cost of
/// a commit is thus shared, and an idle database commits a single write at once.
final class Writer: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: after `init`, `connection` is touched on the executor's only thread;
    // everything else is immutable or locked.

    private let namespace: String
    private let options: DatabaseOptions
    private let metrics: DatabaseMetrics
    private let executor: BlockingExecutor
    private let queue: Mutex<WriteQueue>
    private var connection: SQLiteConnection?

    init(_ connection: SQLiteConnection, namespace: String, options: DatabaseOptions, metrics: DatabaseMetrics) {
        self.namespace = namespace
        self.options = options
        self.metrics = metrics
        self.connection = connection
        self.queue = Mutex(WriteQueue(limit: options.writeQueueLimit))
        // One drain at a time, one that is about to end, and the shutdown.
        self.executor = BlockingExecutor(name: "db-\(namespace)", threads: 1, queueLimit: 4)
        connection.takeOverCheckpoints()
        metrics.writer.opened()
    }

    var queueDepth: Int { self.queue.withLock { $0.count } }

    /// Queues `request`, or says why not.
    func submit(_ request: WriteRequest) -> PersistenceError? {
        switch self.queue.withLock({ $0.enqueue(request) }) {
        case .accepted(let wakesWriter):
            self.metrics.writer.pending.add(1)
            // Refused only after `shutDown`, which has drained the queue to the end.
            if wakesWriter { _ = self.executor.submit { self.drain() } }
            return nil
        case .full:
            self.metrics.writer.rejections.add(1)
            return .queueFull(namespace: self.namespace, limit: self.options.writeQueueLimit)
        case .closed:
            return .closed(namespace: self.namespace)
        }
    }

    /// Refuses further writes; the thread ends once the waiting ones have run.
    func close() {
        guard self.queue.withLock({ $0.close() }) else { return }
        _ = self.executor.submit { self.shutDown() }
        self.executor.close()
    }

    /// As `close`, and returns when the file is closed.
    func closeAndWait() async {
        guard self.queue.withLock({ $0.close() }) else { return }
        // Refused only when closed already, and then there is nothing to wait for.
        try? await self.executor.run { self.shutDown() }
        self.executor.close()
    }

    private func next() -> WriteRequest? { self.queue.withLock { $0.next() } }

    private func drain() {
        guard let connection = self.connection else { return }
        repeat {
            while let request = self.next() {
                self.commitGroup(startingWith: request, on: connection)
                // Here rather than when the queue is empty: under load it never is, and the log would grow without end.
                self.checkpointIfDue(connection)
            }
        } while !self.queue.withLock { $0.becomeIdle() }
    }

    private func commitGroup(startingWith first: WriteRequest, on connection: SQLiteConnection) {
        self.metrics.writer.taken()
        defer { self.metrics.writer.givenBack() }
        let begin = vitrine_monotonic_nanoseconds()
        let end = begin + UInt64(self.options.commitDelayMillisecondsMax) * 1_000_000
        var group = CommitGroup(
            namespace: self.namespace, connection: connection, expecting: self.options.writesPerCommitMax)
        var next: WriteRequest? = first
        while let request = next {
            self.run(request, in: &group)
            let hasRoom = group.count < self.options.writesPerCommitMax && vitrine_monotonic_nanoseconds() < end
            next = hasRoom ? self.next() : nil
        }
        let size = group.count
        guard size > 0 else { return }
        let failure = group.commit()
        // Counted before anyone is told, so that who was told finds it counted.
        self.metrics.recordCommit(size: size, succeeded: failure == nil)
        self.metrics.writer.useTime.record(nanoseconds: vitrine_monotonic_nanoseconds() - begin)
        group.answer(instead: failure)
    }

    private func run(_ request: WriteRequest, in group: inout CommitGroup) {
        self.metrics.writer.pending.add(-1)
        guard request.claim() else { return }
        self.metrics.writer.waitTime.record(nanoseconds: vitrine_monotonic_nanoseconds() - request.enqueued)
        switch group.run(request) {
        case .joined: break
        case .dissolved: self.metrics.rollbacks.add(1)
        case .refused(let error): self.refuse(request, error)
        }
    }

    /// No transaction could be opened. When another process holds the lock, those that wait behind would each wait the
    /// whole timeout again, so they are told now.
    private func refuse(_ request: WriteRequest, _ error: any Error) {
        request.answer(instead: error)
        guard let error = error as? SQLiteError, error.code == .busy else { return }
        while let waiting = self.next() {
            self.metrics.writer.pending.add(-1)
            if waiting.claim() { waiting.answer(instead: error) }
        }
    }

    private func shutDown() {
        self.drain()
        guard let connection = self.connection else { return }
        connection.setBusyTimeout(milliseconds: Self.readersWaitMilliseconds)
        // Both only make the next start cheaper; without them it replays the log.
        try? connection.optimize()
        _ = try? connection.checkpoint(.truncate)
        self.connection = nil
        self.metrics.writer.closed()
    }

    /// Copies the log into the file between two groups, after the callers have been answered.
    private func checkpointIfDue(_ connection: SQLiteConnection) {
        let frames = connection.logFrames
        self.metrics.logFrames.set(Double(frames))
        guard frames >= self.options.checkpointFrames else { return }
        let insists = frames >= self.options.checkpointFramesMax
        if insists { connection.setBusyTimeout(milliseconds: Self.readersWaitMilliseconds) }
        defer { if insists { connection.setBusyTimeout(milliseconds: self.options.busyTimeoutMilliseconds) } }
        do {
            try connection.checkpoint(insists ? .restart : .passive)
            self.metrics.checkpoints.add(1)
        } catch {
            // Readers or another process are in the way: the next group tries again, and the metric shows the log grow.
            self.metrics.failedCheckpoints.add(1)
        }
    }

    /// How long a checkpoint that insists keeps the writer waiting for readers.
    private static let readersWaitMilliseconds: Int32 = 100
}
