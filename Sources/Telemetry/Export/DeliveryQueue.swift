import Synchronization

/// Encoded batches between the encoder and the receiver: a few in memory while all is well, the rest on disk.
///
/// Decides in one locked value where a batch belongs; files are touched outside of the lock, by one task at a time each
/// for writing (the gatherer) and for reading (the deliverer).
final class DeliveryQueue: Sendable {
    private struct State: Sendable {
        var memory: [ExportBody] = []
        var memoryBytes = 0
        var nextSequence: UInt64
        /// The batch being sent, where it came from memory.
        var current: ExportBody?
        /// The receiver does not answer: everything goes to the spool at once.
        var isOutage = false

        mutating func push(_ body: ExportBody) {
            self.memory.append(body)
            self.memoryBytes += body.bytes.count
        }

        /// Everything in memory, the batch being sent first.
        mutating func takeAll() -> [ExportBody] {
            defer {
                self.memory = []
                self.memoryBytes = 0
                self.current = nil
            }
            return (self.current.map { [$0] } ?? []) + self.memory
        }

        var hasRoom: Bool {
            self.memory.isEmpty
                || self.memory.count < DeliveryQueue.memoryMax
                    && self.memoryBytes < DeliveryQueue.memoryBytesMax
        }
    }

    /// What there is to send.
    enum Next: Sendable {
        case body(ExportBody)
        case nothing
        /// A batch on disk cannot be read now, though it may be later.
        case unreadable
    }

    let spool: Spool?
    private let state: Mutex<State>
    private let counts: ExporterCounts
    /// Batches in memory at most, and their bytes beyond the first batch.
    static let memoryMax = 8
    static let memoryBytesMax = 8 << 20

    init(spool: Spool?, counts: ExporterCounts) {
        self.spool = spool
        self.counts = counts
        self.state = Mutex(State(nextSequence: (spool?.newestSequence ?? 0) + 1))
    }

    /// Whether another batch finds a place at once: in memory, or on disk while the receiver is away.
    var hasRoom: Bool { self.state.withLock { $0.hasRoom || self.spool != nil && $0.isOutage } }

    var isEmpty: Bool {
        self.state.withLock { $0.memory.isEmpty && $0.current == nil } && self.spool?.isEmpty ?? true
    }

    /// Takes a batch in, behind all others.
    func append(_ bytes: [UInt8], count: Int, isGzipped: Bool) {
        let spoolIsEmpty = self.spool?.isEmpty ?? true
        let overflowing = self.state.withLock { state -> ExportBody? in
            let body = ExportBody(sequence: state.nextSequence, count: count, bytes: bytes, isGzipped: isGzipped)
            state.nextSequence += 1
            if self.spool != nil, !spoolIsEmpty || state.isOutage || !state.hasRoom { return body }
            state.push(body)
            return nil
        }
        guard let overflowing, self.spool?.append(overflowing) == false else { return }
        // The disk takes nothing, or the batch is larger than all it may take: memory is what is left.
        let isKept = self.state.withLock { state in
            if state.hasRoom { state.push(overflowing) } else { return false }
            return true
        }
        if !isKept { self.counts.lose(count, .spoolFailed) }
    }

    /// The oldest batch, which stays the queue's until `finish` or `fail`.
    func next() -> Next {
        let fromMemory = self.state.withLock { state -> ExportBody? in
            guard state.current == nil, !state.memory.isEmpty else { return state.current }
            let body = state.memory.removeFirst()
            state.memoryBytes -= body.bytes.count
            state.current = body
            return body
        }
        if let fromMemory { return .body(fromMemory) }
        switch self.spool?.takeOldest() ?? .nothing {
        case .body(let body): return .body(body)
        case .unreadable: return .unreadable
        case .nothing:
            // Nothing is left that could tell whether the receiver is back, so the next batch will.
            self.state.withLock { $0.isOutage = false }
            return .nothing
        }
    }

    /// The batch needs no more care: delivered, or given up. False when it was given up before.
    func finish(_ body: ExportBody) -> Bool {
        let wasInMemory = self.state.withLock { state in
            guard state.current?.sequence == body.sequence else { return false }
            state.current = nil
            return true
        }
        return wasInMemory || self.spool?.remove(body.sequence) ?? false
    }

    /// The receiver has answered well: batches may wait in memory again.
    func endOutage() { self.state.withLock { $0.isOutage = false } }

    /// The batch was not delivered and will be tried again: with a spool it is put there at once, and with it all that
    /// waits in memory, so that nothing is lost should the process die.
    func fail(_ body: ExportBody, mayHaveArrived: Bool) {
        if mayHaveArrived { self.state.withLock { $0.current?.mayHaveArrived = true } }
        self.spool?.putBack(body.sequence, wasTried: mayHaveArrived || body.mayHaveArrived)
        self.spoolAll()
    }

    /// Puts everything in memory on disk; what the disk does not take stays. False where there is no spool.
    ///
    /// - Parameter isSending: Whether the batch that was being sent may still arrive.
    @discardableResult
    func spoolAll(isSending: Bool = false) -> Bool {
        guard let spool else { return false }
        var bodies = self.state.withLock { state in
            state.isOutage = true
            if isSending { state.current?.mayHaveArrived = true }
            return state.takeAll()
        }
        while let body = bodies.first, spool.append(body) { bodies.removeFirst() }
        let rest = bodies
        self.state.withLock { state in
            let newer = state.takeAll()
            for body in rest + newer { state.push(body) }
        }
        return rest.isEmpty
    }

    /// Drops everything in memory and counts it as lost.
    func giveUp() {
        for body in self.state.withLock({ $0.takeAll() }) { self.counts.lose(body.count, .timeout) }
    }
}
