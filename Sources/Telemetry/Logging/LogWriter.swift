import CSystem
import Glibc
import Synchronization

/// A thread that carries log lines to a file descriptor, so that a slow reader of stdout never holds up a request.
///
/// It sleeps without end while nothing is logged. After a drain it waits a little, so that a busy process pays one
/// `write` for many lines.
final class LogWriter: Sendable {
    private struct Waiters: Sendable {
        var next = 0
        var continuations: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Ids whose wait ended before it began.
        var abandoned: Set<Int> = []
    }

    /// Longest a line waits while the writer is awake.
    private static let gatherMilliseconds: Int32 = 20
    /// A wake-up lost to anything unforeseen delays a line by this at most.
    private static let idleMilliseconds: Int32 = 1_000

    private let descriptor: Int32
    private let wakeDescriptor: Int32
    /// 1 while the thread sleeps without end: the next recorder wakes it.
    private let isIdle = Atomic<Bool>(false)
    private let isWakeRequested = Atomic<Bool>(false)
    private let lost = Atomic<Int>(0)
    private let waiters = Mutex(Waiters())

    private let costs: TelemetryCosts

    init(descriptor: Int32, costs: TelemetryCosts) {
        self.descriptor = descriptor
        self.costs = costs
        self.wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    }

    /// Lines that could not be written.
    var lostCount: Int { self.lost.load(ordering: .relaxed) }

    /// Begins draining `pipeline`, which lives as long as the process, and so does the thread.
    func start(_ pipeline: LogPipeline) {
        let job = Unmanaged.passRetained(LogWriterJob(writer: self, pipeline: pipeline))
        var thread = pthread_t()
        var all = sigset_t()
        var before = sigset_t()
        // Signals belong to the threads that wait for them.
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let job = Unmanaged<LogWriterJob>.fromOpaque(argument).takeRetainedValue()
                job.writer.run(job.pipeline)
            }, job.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        if code == 0 { pthread_detach(thread) } else { job.release() }
    }

    /// Told by recorders after each line, with the bytes that wait in their slot.
    @inline(__always)
    func linesWait(bytes: Int) {
        if self.isIdle.load(ordering: .sequentiallyConsistent) {
            if self.isIdle.exchange(false, ordering: .acquiringAndReleasing) { self.wake() }
        } else if bytes >= LogPipeline.wakeBytes, !self.isWakeRequested.load(ordering: .relaxed) {
            if !self.isWakeRequested.exchange(true, ordering: .acquiringAndReleasing) { self.wake() }
        }
    }

    /// Returns after the next whole drain, or after `timeout`.
    func flush(timeout: Duration) async {
        let id = self.waiters.withLock { waiters in
            waiters.next += 1
            return waiters.next
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.waitForDrain(id) }
            group.addTask { try? await Task.sleep(for: timeout) }  // Ends early when cancelled, which is the point.
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForDrain(_ id: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAbandoned = self.waiters.withLock { waiters in
                    if waiters.abandoned.remove(id) != nil { return true }
                    waiters.continuations[id] = continuation
                    return false
                }
                if isAbandoned { continuation.resume() } else { self.wake() }
            }
        } onCancel: {
            let continuation = self.waiters.withLock { waiters in
                let continuation = waiters.continuations.removeValue(forKey: id)
                if continuation == nil { waiters.abandoned.insert(id) }
                return continuation
            }
            continuation?.resume()
        }
    }

    private func run(_ pipeline: LogPipeline) -> Never {
        var spare = ByteSink(capacity: 4_096)
        while true {
            let flushed = self.waiters.withLock { waiters in
                defer { waiters.continuations = [:] }
                return Array(waiters.continuations.values)
            }
            self.isWakeRequested.store(false, ordering: .releasing)
            var found = self.drain(pipeline, &spare)
            for continuation in flushed { continuation.resume() }
            if found { self.costs.wrote(threadNanoseconds: TelemetryCosts.threadNanoseconds()) }
            if !found {
                self.isIdle.store(true, ordering: .sequentiallyConsistent)
                // A line written before the flag was seen would otherwise lie until the next one.
                found = self.drain(pipeline, &spare)
                if !found { self.sleep(milliseconds: Self.idleMilliseconds) }
                self.isIdle.store(false, ordering: .releasing)
            }
            if found { self.sleep(milliseconds: Self.gatherMilliseconds) }
        }
    }

    private func drain(_ pipeline: LogPipeline, _ spare: inout ByteSink) -> Bool {
        pipeline.drain(into: &spare) { bytes, lines in
            if !self.writeAll(bytes) { self.lost.wrappingAdd(lines, ordering: .relaxed) }
        }
    }

    /// False when the descriptor takes no more.
    private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = UnsafeBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) {
                write(self.descriptor, $0.baseAddress, $0.count)
            }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, Self.idleMilliseconds)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(self.wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    private func sleep(milliseconds: Int32) {
        var wanted = pollfd(fd: self.wakeDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, milliseconds) > 0 else { return }
        var count: UInt64 = 0
        _ = read(self.wakeDescriptor, &count, MemoryLayout<UInt64>.size)
    }
}

/// What the thread starts with.
private final class LogWriterJob: Sendable {
    let writer: LogWriter
    let pipeline: LogPipeline

    init(writer: LogWriter, pipeline: LogPipeline) {
        self.writer = writer
        self.pipeline = pipeline
    }
}
