/// Empties a queue of records batch by batch: encodes and hands over to the deliverer.
struct BatchExporter<Element: Sendable>: Sendable {
    let queue: BatchQueue<Element>
    let settings: BatchSettings
    let deliverer: Deliverer
    let timer: ExportTimer
    let costs: TelemetryCosts
    let encode: @Sendable (_ batch: [Element]) -> [UInt8]

    /// Exports until the task is cancelled; what still waits then is left to `stop`.
    func run(on executor: (any TaskExecutor)?) async {
        self.deliverer.prefer(executor)
        self.deliverer.start()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.exportWholeBatches() }
            group.addTask { await self.wakeRegularly() }
        }
    }

    private func exportWholeBatches() async {
        while !Task.isCancelled {
            await self.queue.waitForBatch()
            if Task.isCancelled { return }
            repeat { await self.waitForRoom() } while !Task.isCancelled && self.exportOne() && self.queue.hasBatch
        }
    }

    /// A part batch goes when the schedule delay has passed: one timer for all, rather than one for each batch.
    private func wakeRegularly() async {
        while !Task.isCancelled {
            do { try await self.timer.sleep(self.settings.scheduleDelay) } catch { return }
            self.queue.wake()
            // Without a delay there is nothing to time; other tasks must come to their turn.
            if self.settings.scheduleDelay == .zero { await Task.yield() }
        }
    }

    /// Exports everything that waits now, for `timeout` at most.
    func drain(timeout: Duration) async {
        self.exportAll()
        await self.deliverer.drain(timeout: timeout)
    }

    /// The same for the last time.
    func stop(timeout: Duration) async {
        self.exportAll()
        await self.deliverer.stop(timeout: timeout)
    }

    /// While the receiver is merely slow, records wait in the queue rather than on disk. When the queue is about to
    /// overflow they go to the spool; where there is none, the queue's bound counts.
    private func waitForRoom() async {
        while !self.deliverer.queue.hasRoom, !Task.isCancelled {
            let canSpool = self.deliverer.queue.spool != nil
            if canSpool, self.queue.isUnderPressure { return }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.deliverer.progress.wait { self.deliverer.queue.hasRoom } }
                if canSpool { group.addTask { await self.queue.pressure.wait { self.queue.isUnderPressure } } }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// What waits now, and not what is recorded meanwhile.
    private func exportAll() {
        var batches = self.queue.count / self.settings.batchMax + 1
        while batches > 0, self.exportOne() { batches -= 1 }
    }

    /// False when nothing waited.
    private func exportOne() -> Bool {
        let batch = self.queue.takeBatch()
        if batch.isEmpty { return false }
        self.costs.exporting { self.deliverer.deliver(self.encode(batch), count: batch.count) }
        return true
    }
}
