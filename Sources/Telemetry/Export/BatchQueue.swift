import Synchronization

/// Finished records on their way to an exporter: a buffer per thread slot, handed over in batches to one bounded queue.
///
/// A recorder takes only its own slot's lock, which nobody else wants except once an export. When the queue is full the
/// newest are dropped and counted; a recorder never waits.
final class BatchQueue<Element: Sendable>: Sendable {
    private struct Queue: Sendable {
        var elements: [Element] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isWoken = false
        var taken = 0
    }

    /// Elements at most that wait in the queue; the slots' buffers hold up to `handOver` each besides.
    let capacity: Int
    private let batch: Int
    private let handOver: Int
    private let buffers: PerSlot<[Element]>
    private let queue = Mutex(Queue())
    private let dropped = Atomic<Int>(0)
    /// Raised when three quarters of the queue are taken.
    let pressure = Signal()
    private let pressureCount: Int

    init(capacity: Int, batch: Int) {
        self.capacity = max(1, capacity)
        self.batch = max(1, min(batch, self.capacity))
        self.handOver = max(1, min(64, self.capacity / 16))
        self.pressureCount = self.capacity - self.capacity / 4
        self.buffers = PerSlot { [] }
        _ = Unmanaged.passRetained(self)
    }

    /// Takes a record in; drops and counts when the queue is full.
    func append(_ element: Element) {
        let full = self.buffers.withOwn { buffer -> [Element]? in
            buffer.append(element)
            guard buffer.count >= self.handOver else { return nil }
            return self.exchange(&buffer)
        }
        if let full { self.hand(over: full) }
    }

    /// Up to a batch of the oldest records, what waits in the slots' buffers included.
    func takeBatch() -> [Element] {
        if self.queue.withLock({ $0.elements.count < self.batch }) { self.collect() }
        return self.queue.withLock { queue in
            let taken = Array(queue.elements.prefix(self.batch))
            queue.elements.removeFirst(taken.count)
            queue.taken += taken.count
            return taken
        }
    }

    /// Whether so many wait that the next ones may find no room.
    var isUnderPressure: Bool { self.queue.withLock { $0.elements.count >= self.pressureCount } }
    /// Whether a whole batch waits.
    var hasBatch: Bool { self.queue.withLock { $0.elements.count >= self.batch } }
    /// Records handed to the exporter since the start.
    var takenCount: Int { self.queue.withLock { $0.taken } }

    /// Records waiting now, and records dropped since the start.
    var count: Int {
        var total = self.queue.withLock { $0.elements.count }
        for index in 0..<PerSlot<[Element]>.count { total += self.buffers.with(index) { $0.count } }
        return total
    }
    var droppedCount: Int { self.dropped.load(ordering: .relaxed) }

    /// Returns when a whole batch waits, `wake()` was called, or the task is cancelled. One waiter at a time.
    func waitForBatch() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = self.queue.withLock { queue in
                    if queue.isWoken || queue.elements.count >= self.batch || Task.isCancelled {
                        queue.isWoken = false
                        return true
                    }
                    queue.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            self.wake()
        }
    }

    /// Ends the present or the next wait.
    func wake() {
        let waiter = self.queue.withLock { queue in
            let waiter = queue.waiter.take()
            queue.isWoken = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    /// Empties the slots' buffers into the queue.
    private func collect() {
        for index in 0..<PerSlot<[Element]>.count {
            let taken = self.buffers.with(index) { $0.isEmpty ? nil : self.exchange(&$0) }
            if let taken { self.hand(over: taken) }
        }
    }

    private func exchange(_ buffer: inout [Element]) -> [Element] {
        let taken = buffer
        buffer = []
        buffer.reserveCapacity(self.handOver)
        return taken
    }

    private func hand(over elements: [Element]) {
        var isPressing = false
        let waiter = self.queue.withLock { queue -> CheckedContinuation<Void, Never>? in
            let before = queue.elements.count
            defer { isPressing = before < self.pressureCount && queue.elements.count >= self.pressureCount }
            let room = self.capacity - queue.elements.count
            if room >= elements.count {
                queue.elements.append(contentsOf: elements)
            } else {
                queue.elements.append(contentsOf: elements.prefix(room))
                self.dropped.wrappingAdd(elements.count - room, ordering: .relaxed)
            }
            return queue.elements.count >= self.batch ? queue.waiter.take() : nil
        }
        waiter?.resume()
        if isPressing { self.pressure.raise() }
    }
}
