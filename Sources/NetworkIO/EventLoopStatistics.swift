import Synchronization

/// What a loop counts about itself; read from any thread.
public final class EventLoopStatistics: Sendable {
    private let ticksCell = Atomic<UInt64>(0)
    private let busyCell = Atomic<UInt64>(0)
    private let longestCell = Atomic<UInt64>(0)
    private let longTicksCell = Atomic<UInt64>(0)
    private let jobsCell = Atomic<UInt64>(0)
    private let connectionsCell = Atomic<Int>(0)

    /// Turns of the loop since it started.
    public var ticks: UInt64 { self.ticksCell.load(ordering: .relaxed) }
    /// Nanoseconds spent working rather than waiting, since the start.
    public var busyNanoseconds: UInt64 { self.busyCell.load(ordering: .relaxed) }
    /// Task jobs run since the start.
    public var jobs: UInt64 { self.jobsCell.load(ordering: .relaxed) }
    /// Connections now open on the loop.
    public var connections: Int { self.connectionsCell.load(ordering: .relaxed) }

    /// The longest single turn, in nanoseconds, since this was last asked: how late an event on the loop can have been
    /// served. Asking starts a new period.
    public func takeLongestTick() -> UInt64 { self.longestCell.exchange(0, ordering: .relaxed) }

    /// Turns since the start that took 100 ms or longer. A total, so that any number of readers sees each of them, which
    /// the longest turn since somebody last asked cannot do.
    public var longTicks: UInt64 { self.longTicksCell.load(ordering: .relaxed) }
    private static let longTickNanoseconds: UInt64 = 100_000_000

    // The loop's thread is the only writer, so a load and a store do, without a locked instruction.
    @inline(__always)
    func recordTick(from start: UInt64, to end: UInt64) {
        let nanoseconds = end &- start
        self.ticksCell.store(self.ticksCell.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        self.busyCell.store(self.busyCell.load(ordering: .relaxed) &+ nanoseconds, ordering: .relaxed)
        if nanoseconds > self.longestCell.load(ordering: .relaxed) {
            self.longestCell.store(nanoseconds, ordering: .relaxed)
        }
        if nanoseconds >= Self.longTickNanoseconds {
            self.longTicksCell.store(self.longTicksCell.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        }
    }

    @inline(__always)
    func addJobs(_ count: Int) {
        self.jobsCell.store(self.jobsCell.load(ordering: .relaxed) &+ UInt64(count), ordering: .relaxed)
    }

    @inline(__always)
    func addConnections(_ count: Int) {
        self.connectionsCell.store(self.connectionsCell.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }
}
