import CSystem
import Glibc
import NetworkIO
import Synchronization

/// Wakes tasks at instants, to some 60 µs; an event loop's timers are as coarse as `epoll_wait(2)`, a millisecond.
///
/// One thread sleeps until the next instant and does nothing else. Whoever waits is bounded by the journeys in flight.
final class Pacer: Sendable {
    private struct Sleeper: Sendable {
        let instant: UInt64
        let continuation: UnsafeContinuation<Bool, Never>
    }
    private struct State: Sendable {
        /// The earliest last.
        var sleepers: [Sleeper] = []
        var isStopped = false

        /// - Returns: whether it is the first to wake.
        mutating func insert(_ sleeper: Sleeper) -> Bool {
            var (low, high) = (0, self.sleepers.count)
            while low < high {
                let middle = (low + high) / 2
                if self.sleepers[middle].instant > sleeper.instant { low = middle + 1 } else { high = middle }
            }
            self.sleepers.insert(sleeper, at: low)
            return low == self.sleepers.count - 1
        }

        mutating func takeDue(_ now: UInt64) -> [Sleeper] {
            var due: [Sleeper] = []
            while let last = self.sleepers.last, last.instant <= now || self.isStopped {
                due.append(last)
                self.sleepers.removeLast()
            }
            return due
        }
    }
    private let state = Mutex(State())
    /// `timerfd_create(2)`: read by the thread, set to the instant of the first sleeper by whoever changes it.
    private let timer: Int32

    /// - Throws: `IOError` when the system has no descriptor or thread to give.
    init() throws(IOError) {
        self.timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
        guard self.timer >= 0 else { throw IOError(.system(errno), in: "timerfd_create") }
        try startThread(named: "pacer") { [self] in self.run() }
    }

    /// Suspends until `instant`, in nanoseconds of the monotonic clock; not at all when that is past.
    /// - Returns: false when the pacer is stopped, at once.
    func sleep(until instant: UInt64) async -> Bool {
        if instant <= vitrine_monotonic_nanoseconds() { return !self.state.withLock { $0.isStopped } }
        return await withUnsafeContinuation { continuation in
            let isStopped = self.state.withLock { state in
                if state.isStopped { return true }
                if state.insert(Sleeper(instant: instant, continuation: continuation)) { self.wake(at: instant) }
                return false
            }
            if isStopped { continuation.resume(returning: false) }
        }
    }

    var isStopped: Bool { self.state.withLock { $0.isStopped } }

    /// Wakes everyone, and ends the thread. May be called more than once.
    func stop() {
        self.state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            self.wake(at: 1)
        }
    }

    /// Under the lock, and not once stopped: the descriptor may be closed after that. An instant that is past wakes at
    /// once.
    private func wake(at instant: UInt64) {
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(instant / 1_000_000_000)
        setting.it_value.tv_nsec = Int(instant % 1_000_000_000)
        _ = timerfd_settime(self.timer, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    private func run() {
        var isStopped = false
        while !isStopped {
            var expirations: UInt64 = 0
            _ = read(self.timer, &expirations, 8)
            let due = self.state.withLock { state in
                isStopped = state.isStopped
                let due = state.takeDue(vitrine_monotonic_nanoseconds())
                if let next = state.sleepers.last { self.wake(at: next.instant) }
                return due
            }
            for sleeper in due { sleeper.continuation.resume(returning: !isStopped) }
        }
        close(self.timer)
    }
}
