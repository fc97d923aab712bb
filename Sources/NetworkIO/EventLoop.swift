import CSystem
import Glibc
import Synchronization

/// One thread, one `epoll(7)` instance, and the task executor of every connection that lives on it.
///
/// A task that prefers this executor runs between two waits of the loop, on the loop's own thread, so that a handler
/// answers without a hop. A task started with an unstructured `Task {}` does not inherit the preference; use
/// `Task(executorPreference:)`.
///
/// One turn ("tick") is: wait for readiness, deliver events, run due timers, run ready tasks, then call the flush
/// hooks, so that all that was written in the turn leaves in one system call per connection.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: the members under "Loop thread only" are touched on the loop's thread alone;
    // the others are immutable, atomic, or under a `Mutex`.

    /// Position in the process, from 0; what `vitrine_loop_index()` gives on this loop's thread.
    public let index: Int
    public let statistics = EventLoopStatistics()

    private let epollDescriptor: Int32
    private let wakeDescriptor: Int32

    private enum RemoteItem {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }
    private let remote = Mutex<[RemoteItem]>([])
    private let wakePending = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)

    // MARK: Loop thread only

    /// Nanoseconds of the monotonic clock at the start of the present tick.
    public private(set) var now: UInt64 = vitrine_monotonic_nanoseconds()
    private var ready: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var arrived: [RemoteItem] = []
    private var flushes: [EventChannel] = []
    private var departed: [Unmanaged<EventChannel>] = []
    private var deadlines = DeadlineHeap()
    private var timers = TimerHeap<@Sendable () -> Void>()
    private var freeBuffers: [UnsafeMutableRawPointer] = []

    /// Bytes of one pooled receive buffer.
    static let bufferBytes = 16_384
    private static let freeBuffersMax = 128
    private static let eventsMax = 256

    /// Makes a loop and starts its thread.
    ///
    /// - Parameter isBackground: Whether the thread gives way to the others where there are not processors for all.
    /// - Throws: `IOError` when the kernel gives no more descriptors.
    public init(index: Int, name: String = "loop", isBackground: Bool = false) throws(IOError) {
        self.index = index
        self.epollDescriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard self.epollDescriptor >= 0 else { throw IOError.last(in: "epoll_create1") }
        self.wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard self.wakeDescriptor >= 0 else {
            let error = IOError.last(in: "eventfd")
            _ = Glibc.close(self.epollDescriptor)
            throw error
        }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = 0  // no channel: the wake-up call
        _ = epoll_ctl(self.epollDescriptor, EPOLL_CTL_ADD, self.wakeDescriptor, &event)
        try startThread(named: "\(name)-\(index)") {
            if isBackground { vitrine_background_thread() }
            self.run()
        }
    }

    /// Whether the calling thread is this loop's.
    @inline(__always)
    public var isCurrent: Bool { vitrine_current_loop() == Unmanaged.passUnretained(self).toOpaque() }

    /// The loop that owns the calling thread, if one does.
    public static var current: EventLoop? {
        guard let pointer = vitrine_current_loop() else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if self.isCurrent {
            self.ready.append(job)
        } else {
            self.remote.withLock { $0.append(.job(job)) }
            self.wake()
        }
    }

    /// Runs `body` on the loop's thread, in a coming tick.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        self.remote.withLock { $0.append(.closure(body)) }
        self.wake()
    }

    /// Ends the loop's thread after the present tick. Channels still registered are left to their owners.
    public func stop() {
        self.stopping.store(true, ordering: .releasing)
        self.wake()
    }

    private func wake() {
        // One pending wake-up is enough: the loop clears the flag before it looks at what has arrived.
        guard !self.wakePending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = retryingInterrupts { write(self.wakeDescriptor, &one, 8) }
    }

    // MARK: Channels and timers (loop thread)

    /// Watches a channel, edge-triggered, for reading, writing and hang-up until `deregister`.
    func register(_ channel: EventChannel, events: UInt32) throws(IOError) {
        var event = epoll_event()
        event.events = events
        event.data.ptr = Unmanaged.passUnretained(channel).toOpaque()
        guard epoll_ctl(self.epollDescriptor, EPOLL_CTL_ADD, channel.descriptor, &event) == 0 else {
            throw IOError.last(in: "epoll_ctl")
        }
        _ = Unmanaged.passRetained(channel)
        channel.isRegistered = true
    }

    func deregister(_ channel: EventChannel) {
        guard channel.isRegistered else { return }
        channel.isRegistered = false
        channel.deadlineCheck = 0
        self.deadlines.remove(channel)
        _ = epoll_ctl(self.epollDescriptor, EPOLL_CTL_DEL, channel.descriptor, nil)
        // An event for it may still wait in this tick's batch, so the reference is given up only after the tick.
        self.departed.append(Unmanaged.passUnretained(channel))
    }

    func scheduleDeadlineCheck(of channel: EventChannel, at instant: UInt64) {
        // A closed channel has nothing to wait for, and the heap must not outlive it.
        guard channel.isRegistered else { return }
        channel.deadlineCheck = instant
        self.deadlines.schedule(channel, at: instant)
    }

    /// Calls `body` on the loop once `instant` (nanoseconds, monotonic) has passed. Callable on the loop only.
    public func schedule(at instant: UInt64, _ body: @escaping @Sendable () -> Void) {
        self.timers.insert(body, at: instant)
    }

    /// Suspends until the next tick, so that one connection with much to do leaves the others their turn.
    public func nextTick() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            self.execute { continuation.resume() }
        }
    }

    /// Has `channel.flush` called at the end of the present tick.
    @inline(__always)
    func flushAtEndOfTick(_ channel: EventChannel) { self.flushes.append(channel) }

    func takeBuffer() -> UnsafeMutableRawPointer {
        self.freeBuffers.popLast() ?? .allocate(byteCount: Self.bufferBytes, alignment: 16)
    }

    func giveBack(_ buffer: UnsafeMutableRawPointer) {
        if self.freeBuffers.count < Self.freeBuffersMax {
            self.freeBuffers.append(buffer)
        } else {
            buffer.deallocate()
        }
    }

    // MARK: The loop

    private func run() {
        vitrine_set_current_loop(Int32(self.index), Unmanaged.passUnretained(self).toOpaque())
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventsMax)
        defer { events.deallocate() }
        while !self.stopping.load(ordering: .acquiring) {
            let count = epoll_wait(self.epollDescriptor, events, Int32(Self.eventsMax), self.waitMilliseconds())
            self.now = vitrine_monotonic_nanoseconds()
            self.deliver(events, count: Int(max(count, 0)))
            self.runTimers()
            self.runReady()
            self.flush()
            self.release()
            self.statistics.recordTick(from: self.now, to: vitrine_monotonic_nanoseconds())
        }
        vitrine_set_current_loop(-1, nil)
        self.end()
    }

    private func end() {
        // From here on the flag stays set, so that nobody writes to a descriptor that may soon be another file's. It
        // goes from false to true once for each wake-up call: if it is set, one is unread or about to be written.
        if self.wakePending.exchange(true, ordering: .acquiringAndReleasing) {
            var last = pollfd(fd: self.wakeDescriptor, events: Int16(POLLIN), revents: 0)
            while poll(&last, 1, -1) < 0 && errno == EINTR {}
        }
        _ = Glibc.close(self.wakeDescriptor)
        _ = Glibc.close(self.epollDescriptor)
        for buffer in self.freeBuffers { buffer.deallocate() }
        self.freeBuffers = []
    }

    private func waitMilliseconds() -> Int32 {
        if !self.ready.isEmpty { return 0 }
        let earliest = min(self.deadlines.earliest ?? .max, self.timers.earliest ?? .max)
        if earliest == .max { return -1 }
        let now = vitrine_monotonic_nanoseconds()
        if earliest <= now { return 0 }
        // Rounded up, or the loop would turn idly for the last fraction of a millisecond.
        return Int32(clamping: (earliest - now + 999_999) / 1_000_000)
    }

    private func deliver(_ events: UnsafeMutablePointer<epoll_event>, count: Int) {
        for position in 0..<count {
            let event = events[position]
            guard let pointer = event.data.ptr else {
                self.drainWakeUp()
                continue
            }
            let channel = Unmanaged<EventChannel>.fromOpaque(pointer).takeUnretainedValue()
            if channel.isRegistered { channel.handle(events: event.events) }
        }
    }

    private func drainWakeUp() {
        var value: UInt64 = 0
        _ = retryingInterrupts { read(self.wakeDescriptor, &value, 8) }
        self.wakePending.store(false, ordering: .sequentiallyConsistent)
        self.remote.withLock { swap(&$0, &self.arrived) }
        for item in self.arrived {
            switch item {
            case .job(let job): self.ready.append(job)
            case .closure(let body): body()
            }
        }
        self.arrived.removeAll(keepingCapacity: true)
    }

    private func runTimers() {
        while let channel = self.deadlines.popIfDue(self.now) {
            channel.deadlineCheck = 0
            guard channel.deadline != 0 else { continue }
            if channel.deadline <= self.now {
                channel.deadline = 0
                channel.deadlinePassed()
            } else {
                self.scheduleDeadlineCheck(of: channel, at: channel.deadline)
            }
        }
        while let entry = self.timers.popIfDue(self.now) { entry.element() }
    }

    /// Runs what is ready, and what that makes ready, up to a bound; the rest waits for the next tick, so that a task
    /// that always yields cannot keep the sockets waiting.
    private func runReady() {
        var budget = 1_024
        let executor = self.asUnownedTaskExecutor()
        while !self.ready.isEmpty && budget > 0 {
            swap(&self.ready, &self.running)
            budget -= self.running.count
            for job in self.running { job.runSynchronously(on: executor) }
            self.statistics.addJobs(self.running.count)
            self.running.removeAll(keepingCapacity: true)
        }
    }

    private func flush() {
        var position = 0
        while position < self.flushes.count {
            self.flushes[position].flushPending()
            position += 1
        }
        self.flushes.removeAll(keepingCapacity: true)
    }

    private func release() {
        guard !self.departed.isEmpty else { return }
        for channel in self.departed { channel.release() }
        self.departed.removeAll(keepingCapacity: true)
    }
}

extension EventLoop {
    /// Suspends the calling task until `duration` has passed on the loop's clock.
    public func sleep(_ duration: Duration) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            self.execute {
                self.schedule(at: vitrine_monotonic_nanoseconds() &+ duration.wholeNanoseconds) {
                    continuation.resume()
                }
            }
        }
    }
}

/// Starts a detached thread with a name of at most 15 bytes (`pthread_setname_np(3)`).
/// - Throws: `IOError` when the system has no thread to give.
public func startThread(named name: String, _ body: @escaping @Sendable () -> Void) throws(IOError) {
    final class Start {
        let name: String
        let body: @Sendable () -> Void
        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
    let start = Unmanaged.passRetained(Start(name, body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)
    var thread = pthread_t()
    let code = pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument else { return nil }
            let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
            vitrine_name_thread(start.name)
            start.body()
            return nil
        }, start.toOpaque())
    if code != 0 {
        start.release()
        throw IOError(.system(code), in: "pthread_create")
    }
}
