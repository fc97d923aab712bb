import Synchronization

/// A value behind a lock that is held for a few nanoseconds: 6 ns where a `Mutex` takes 31 (see
/// docs/performance.md), which is most of what a breaker may cost.
///
/// A thread that finds it taken spins a little, then gives up its time slice; whoever holds it never waits for
/// anything.
///
/// Invariant of `@unchecked`: the value is touched only while the lock is held; the pointer is set once and freed with
/// the lock.
struct BriefMutex<Value>: ~Copyable, @unchecked Sendable {
    private let isHeld = Atomic<Bool>(false)
    private let value: UnsafeMutablePointer<Value>
    private static var spinsBeforeYield: Int { 64 }

    init(_ value: consuming sending Value) {
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
    }

    deinit {
        self.value.deinitialize(count: 1)
        self.value.deallocate()
    }

    @inline(__always)
    borrowing func withLock<R>(_ body: (inout Value) throws -> R) rethrows -> R {
        if self.isHeld.exchange(true, ordering: .acquiring) { self.contend() }
        defer { self.isHeld.store(false, ordering: .releasing) }
        return try body(&self.value.pointee)
    }

    @inline(never)
    private borrowing func contend() {
        var spins = 0
        repeat {
            while self.isHeld.load(ordering: .relaxed) {
                spins += 1
                if spins > Self.spinsBeforeYield { yieldProcessor() }
            }
        } while self.isHeld.exchange(true, ordering: .acquiring)
    }
}
