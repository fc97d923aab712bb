import Synchronization

/// Sends one signal's encoded batches, the oldest first and one at a time, again until they are delivered or lost.
///
/// It runs while there is something to send. Stopping lets the request under way come to its end, so that a restart makes
/// no duplicate where none is needed.
final class Deliverer: Sendable {
    private struct State: Sendable {
        var task: Task<Void, Never>?
        var isRunning = false
        var isStopping = false
        /// Where batches are sent from.
        var executor: (any TaskExecutor)?
    }

    let queue: DeliveryQueue
    let counts: ExporterCounts
    private let sender: OTLPSender
    /// Longest a batch is tried for where there is no spool.
    private let exportTimeout: Duration
    private let timer: ExportTimer
    private let durations: HistogramSeries
    private let log: Logger
    private let state = Mutex(State())
    /// Raised when a batch has come to its end.
    let progress = Signal()
    private let idle = Signal()
    private let stopping = Signal()

    init(
        queue: DeliveryQueue, sender: OTLPSender, timer: ExportTimer, exportTimeout: Duration, counts: ExporterCounts,
        durations: HistogramSeries, log: Logger
    ) {
        self.queue = queue
        self.counts = counts
        self.sender = sender
        self.exportTimeout = exportTimeout
        self.timer = timer
        self.durations = durations
        self.log = log
    }

    /// Sends from here on where `executor` runs its tasks: an exporter should not wake other threads for each batch.
    func prefer(_ executor: (any TaskExecutor)?) { self.state.withLock { $0.executor = executor } }

    /// Takes a batch in and begins to deliver.
    func deliver(_ bytes: [UInt8], count: Int) {
        self.counts.begun.wrappingAdd(count, ordering: .relaxed)
        let gzipped = self.sender.gzipped(bytes)
        self.queue.append(gzipped ?? bytes, count: count, isGzipped: gzipped != nil)
        self.start()
    }

    /// Begins to deliver what waits, such as what an earlier process has spooled.
    func start() {
        self.state.withLock { state in
            guard !state.isRunning, !self.queue.isEmpty else { return }
            state.isRunning = true
            state.task = Task(executorPreference: state.executor) { await self.run() }
        }
    }

    /// Delivers everything that waits; returns after `timeout` at the latest, and delivering goes on.
    func drain(timeout: Duration) async {
        self.start()
        await self.withTimeout(timeout) { await self.waitUntilIdle() }
    }

    /// The same for the last time: what is left goes to the spool, or is lost and counted.
    func stop(timeout: Duration) async {
        self.state.withLock { $0.isStopping = true }
        self.stopping.raise()
        await self.drain(timeout: timeout)
        self.state.withLock { $0.task }?.cancel()
        await self.withTimeout(.seconds(1)) { await self.waitUntilIdle() }
        // A transport that does not let itself be cancelled may still deliver what it is sending.
        if !self.queue.spoolAll(isSending: self.isRunning) { self.queue.giveUp() }
    }

    private func run() async {
        var schedule = RetrySchedule()
        while let body = await self.next() {
            await self.deliver(body, &schedule)
            self.progress.raise()
        }
        self.idle.raise()
    }

    /// The next batch; nil when the task is to end. That is decided and noted in one step, after which another task may
    /// have begun: nothing may be noted later.
    private func next() async -> ExportBody? {
        while true {
            let isPutOff = self.isStopping && self.counts.isFailing.load(ordering: .relaxed) || Task.isCancelled
            var isUnreadable = false
            if !isPutOff {
                switch self.queue.next() {
                case .body(let body): return body
                case .nothing: break
                case .unreadable: isUnreadable = true
                }
            }
            if isUnreadable, !self.isStopping {
                self.note(failure: "a batch on disk cannot be read")
                await self.sleep(.seconds(1))
                continue
            }
            let isOver = self.state.withLock { state in
                guard isPutOff || isUnreadable || self.queue.isEmpty else { return false }
                state.isRunning = false
                state.task = nil
                return true
            }
            if isOver { return nil }
        }
    }

    /// Tries until the batch is delivered, lost, or put off because the process stops.
    private func deliver(_ first: ExportBody, _ schedule: inout RetrySchedule) async {
        var body = first
        let begun = self.timer.elapsed()
        while true {
            if body.mayHaveArrived { self.counts.resent.wrappingAdd(body.count, ordering: .relaxed) }
            let result = await self.sender.send(body, limit: self.exportTimeout)
            guard case .failed(let failure) = result else {
                schedule.reset()
                self.durations.record(seconds: (self.timer.elapsed() - begun) / .seconds(1))
                return self.finish(body, result)
            }
            self.note(failure: failure.reason)
            self.queue.fail(body, mayHaveArrived: failure.mayHaveArrived)
            // There may be room now, on disk.
            self.progress.raise()
            if self.isStopping || Task.isCancelled { return }
            let wait = schedule.next(retryAfter: failure.retryAfter, jitter: .random(in: 0...1))
            if self.queue.spool == nil, self.timer.elapsed() - begun + wait >= self.exportTimeout {
                self.giveUp(body)
                // The receiver asked to be left alone, and that holds for the batches behind this one too.
                if failure.retryAfter != nil { await self.sleep(wait) }
                return
            }
            await self.sleep(wait)
            guard !self.isStopping, case .body(let again) = self.queue.next() else { return }
            body = again
        }
    }

    private func finish(_ body: ExportBody, _ result: SendResult) {
        self.queue.endOutage()
        guard self.queue.finish(body) else { return }
        switch result {
        case .accepted(let rejected, let message):
            self.counts.exported.wrappingAdd(body.count - rejected, ordering: .relaxed)
            self.counts.lose(rejected, .rejected)
            let detail = message.isEmpty ? "" : ": \(message)"
            self.note(failure: rejected > 0 ? "the receiver rejected \(rejected) of \(body.count)\(detail)" : nil)
        case .refused(let reason):
            self.counts.lose(body.count, .refused)
            self.note(failure: reason)
        case .failed: break
        }
    }

    private func giveUp(_ body: ExportBody) {
        if self.queue.finish(body) { self.counts.lose(body.count, .timeout) }
    }

    /// One line when it begins and one when it ends: an outage must not fill the log.
    private func note(failure: String?) {
        let isFailing = failure != nil
        guard self.counts.isFailing.exchange(isFailing, ordering: .relaxed) != isFailing else { return }
        if let failure {
            self.log.warning("telemetry export fails", [.errorMessage(failure)])
        } else {
            self.log.info("telemetry export works again")
        }
    }

    private var isRunning: Bool { self.state.withLock { $0.isRunning } }
    private var isStopping: Bool { self.state.withLock { $0.isStopping } }

    private func waitUntilIdle() async {
        while self.isRunning, !Task.isCancelled { await self.idle.wait { !self.isRunning } }
    }

    /// Ends early when the process stops.
    private func sleep(_ duration: Duration) async {
        await self.withTimeout(duration) { await self.stopping.wait { self.isStopping } }
    }

    private func withTimeout(_ timeout: Duration, _ body: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await body() }
            group.addTask { try? await self.timer.sleep(timeout) }  // Cancelled: the body has ended, or the task has.
            await group.next()
            group.cancelAll()
        }
    }
}
