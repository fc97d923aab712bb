import Synchronization

/// What became of one batch; what is in neither count was given up.
struct ExportOutcome: Sendable, Hashable {
    var exported = 0
    /// Refused by the receiver in a partial success.
    var rejected = 0
    /// The task was cancelled before an answer came: the batch goes back into the queue.
    var wasInterrupted = false
    /// Why it was given up, for people; empty on success.
    var failure = ""

    static func failed(_ reason: String) -> ExportOutcome { ExportOutcome(failure: reason) }
}

/// Empties a queue batch by batch: encodes, sends, counts. One request is under way at a time.
struct BatchExporter<Element: Sendable>: Sendable {
    let queue: BatchQueue<Element>
    let settings: BatchSettings
    let counts: ExporterCounts
    let timer: ExportTimer
    let duration: HistogramSeries
    let log: Logger
    /// Sends one batch, retries included, by an instant of the timer.
    let send: @Sendable (_ batch: [Element], _ deadline: Duration) async -> ExportOutcome

    /// Exports until the task is cancelled; what still waits then is left to `drain`.
    func run() async {
        while !Task.isCancelled {
            await self.waitForBatch()
            if Task.isCancelled { return }
            var isMore = true
            while isMore, !Task.isCancelled {
                let deadline = self.timer.elapsed() + self.settings.exportTimeout
                isMore = await self.exportOne(deadline: deadline) && self.queue.hasBatch
            }
        }
    }

    /// Exports everything that waits now, for `timeout` at most.
    func drain(timeout: Duration) async {
        let deadline = self.timer.elapsed() + timeout
        while self.timer.elapsed() < deadline, await self.exportOne(deadline: deadline) {}
    }

    private func waitForBatch() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.queue.waitForBatch() }
            group.addTask { try? await self.timer.sleep(self.settings.scheduleDelay) }  // Cancelled: a batch is there.
            await group.next()
            group.cancelAll()
        }
    }

    /// False when nothing waited.
    private func exportOne(deadline: Duration) async -> Bool {
        let batch = self.queue.takeBatch()
        if batch.isEmpty { return false }
        let begun = self.timer.elapsed()
        self.counts.inFlight.store(batch.count, ordering: .relaxed)
        let outcome = await self.send(batch, deadline)
        self.counts.inFlight.store(0, ordering: .relaxed)
        if outcome.wasInterrupted {
            self.queue.putBack(batch)
        } else {
            self.duration.record(seconds: (self.timer.elapsed() - begun) / .seconds(1))
            self.count(outcome, of: batch.count)
        }
        return true
    }

    private func count(_ outcome: ExportOutcome, of total: Int) {
        let failed = total - outcome.exported - outcome.rejected
        self.counts.exported.wrappingAdd(outcome.exported, ordering: .relaxed)
        self.counts.rejected.wrappingAdd(outcome.rejected, ordering: .relaxed)
        self.counts.failed.wrappingAdd(failed, ordering: .relaxed)
        let isFailing = outcome.exported < total
        // One line when it begins and one when it ends: an outage must not fill the log.
        guard self.counts.isFailing.exchange(isFailing, ordering: .relaxed) != isFailing else { return }
        if isFailing {
            self.log.warning("telemetry export fails", [.init("error.message", outcome.failure)])
        } else {
            self.log.info("telemetry export works again")
        }
    }
}
