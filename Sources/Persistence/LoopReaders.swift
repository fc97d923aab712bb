import CSystem
import SQLite
import Synchronization

/// One read-only connection for each event loop, opened when the loop first reads.
final class LoopReaders: Sendable {
    private let slots: [LoopReader]

    init(loops: Int, pool: PoolMetrics) {
        self.slots = (0..<loops).map { _ in LoopReader(pool: pool) }
    }

    /// The calling loop's slot; nil on a thread that is no loop, or one that was not counted.
    var current: LoopReader? {
        let index = Int(vitrine_loop_index())
        return index >= 0 && index < self.slots.count ? self.slots[index] : nil
    }

    func close() {
        for slot in self.slots { slot.close() }
    }
}

/// A loop's own connection, taken for the length of one read.
final class LoopReader: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: `connection` is touched only between a successful `take` and the `giveBack`
    // that follows, and by `close` when it took the slot out of `free`. An index alone would not do: two groups of
    // loops in one process have the same ones.

    private static let free = 0
    private static let taken = 1
    private static let closing = 2
    private static let closed = 3
    private let state = Atomic<Int>(LoopReader.free)
    private var connection: SQLiteConnection?
    private let pool: PoolMetrics

    init(pool: PoolMetrics) { self.pool = pool }

    /// The slot's connection, opened by `open` the first time; nil when the slot is taken, as by a read inside a read,
    /// or closed.
    func take(_ open: () throws -> SQLiteConnection) throws -> SQLiteConnection? {
        let (isMine, _) = self.state.compareExchange(
            expected: Self.free, desired: Self.taken, ordering: .acquiring)
        guard isMine else { return nil }
        if let connection = self.connection { return connection }
        do {
            let opened = try open()
            self.connection = opened
            self.pool.opened()
            return opened
        } catch {
            self.giveBack()
            throw error
        }
    }

    func giveBack() {
        let (isFree, _) = self.state.compareExchange(expected: Self.taken, desired: Self.free, ordering: .releasing)
        guard !isFree else { return }
        // Closed meanwhile, and left to this read.
        self.drop()
        self.state.store(Self.closed, ordering: .releasing)
    }

    func close() {
        while true {
            if self.state.compareExchange(expected: Self.free, desired: Self.closed, ordering: .acquiring).exchanged {
                return self.drop()
            }
            let taken = self.state.compareExchange(expected: Self.taken, desired: Self.closing, ordering: .relaxed)
            if taken.exchanged || taken.original != Self.free { return }
        }
    }

    private func drop() {
        if self.connection != nil { self.pool.closed() }
        self.connection = nil
    }
}
