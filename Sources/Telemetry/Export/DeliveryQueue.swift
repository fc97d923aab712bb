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
    var hasRoom: Bool { self.state.withLock { Self.hasRoom($0) || self.spool != nil && $0.isOutage } }

    private static func hasRoom(_ state: borrowing State) -> Bool {
        state.memory.isEmpty || state.memory.count < self.memoryMax && state.memoryBytes < self.memoryBytesMax
    }

    var isEmpty: Bool {
        self.state.withLock { $0.memory.isEmpty && $0.current == nil } && self.spool?.isEmpty ?? true
    }

    /// Takes a batch in, behind all others.
    func append(_ bytes: [UInt8], count: Int, isGzipped: Bool) {
        let spoolIsEmpty = self.spool?.isEmpty ?? true
        let spooled = self.state.withLock { state -> ExportBody? in
            let body = ExportBody(sequence: state.nextSequence, count: count, bytes: bytes, isGzipped: isGzipped)
            state.nextSequence += 1
            if self.spool == nil || spoolIsEmpty && !state.isOutage && Self.hasRoom(state) {
                state.memory.append(body)
                state.memoryBytes += bytes.count
                return nil
            }
            return body
        }
        if let spooled { self.spool?.append(spooled) }
    }

    /// The oldest batch, which stays the queue's until `finish` or `fail`; nil when there is none.
    func next() -> ExportBody? {
        let fromMemory = self.state.withLock { state -> ExportBody? in
            guard state.current == nil, !state.memory.isEmpty else { return state.current }
            let body = state.memory.removeFirst()
            state.memoryBytes -= body.bytes.count
            state.current = body
            return body
        }
        if let fromMemory { return fromMemory }
        guard let body = self.spool?.oldest() else { return nil }
        self.spool?.mark(body.sequence, tried: true)
        return body
    }

    /// The batch needs no more care: delivered, or given up.
    func finish(_ body: ExportBody) {
        let wasInMemory = self.state.withLock { state in
            defer { if state.current?.sequence == body.sequence { state.current = nil } }
            return state.current?.sequence == body.sequence
        }
        if !wasInMemory { self.spool?.remove(body.sequence) }
    }

    /// The receiver has answered well: batches may wait in memory again.
    func endOutage() { self.state.withLock { $0.isOutage = false } }

    /// The batch was not delivered and will be tried again: with a spool it is put there at once, and with it all that
    /// waits in memory, so that nothing is lost should the process die.
    func fail(_ body: ExportBody, mayHaveArrived: Bool) {
        if mayHaveArrived {
            self.state.withLock { $0.current?.mayHaveArrived = true }
        } else if !body.mayHaveArrived {
            self.spool?.mark(body.sequence, tried: false)
        }
        self.spoolAll()
    }

    /// Puts everything in memory on disk; false where there is no spool.
    @discardableResult
    func spoolAll() -> Bool {
        guard let spool else { return false }
        let bodies = self.state.withLock { state in
            defer {
                state.memory = []
                state.memoryBytes = 0
                state.current = nil
            }
            state.isOutage = true
            return (state.current.map { [$0] } ?? []) + state.memory
        }
        for body in bodies { spool.append(body) }
        return true
    }

    /// Drops everything in memory and counts it as lost.
    func giveUp() {
        let bodies = self.state.withLock { state in
            defer {
                state.memory = []
                state.memoryBytes = 0
                state.current = nil
            }
            return (state.current.map { [$0] } ?? []) + state.memory
        }
        for body in bodies { self.counts.lose(body.count, .timeout) }
    }
}
