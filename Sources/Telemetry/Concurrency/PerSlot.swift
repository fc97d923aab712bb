import CSystem

/// One value for each thread slot, and one for all threads without a slot; each on cache lines of its own and behind a
/// lock of its own, which is contended only when somebody collects.
///
/// Never freed, so that whoever records late still finds it.
/// Invariant of `@unchecked`: `base` is set once; a value is touched only while its slot's lock is held.
struct PerSlot<Value: ~Copyable>: @unchecked Sendable {
    /// Slots, the shared one at 0 included.
    static var count: Int { Int(VITRINE_THREAD_SLOTS) + 1 }
    /// Where the value lies behind its lock: two objects beside one another rather than one struct, so that changing
    /// the value is no access to the lock.
    private static var valueOffset: Int { max(16, MemoryLayout<Value>.alignment) }
    /// Two cache lines, because neighbouring lines are fetched in pairs.
    private static var stride: Int { (Self.valueOffset + MemoryLayout<Value>.size + 127) & ~127 }

    private let base: UnsafeMutableRawPointer

    init(_ make: () -> Value) {
        self.base = .allocate(byteCount: Self.count * Self.stride, alignment: 128)
        for index in 0..<Self.count {
            let slot = self.base + index * Self.stride
            slot.bindMemory(to: BriefLock.self, capacity: 1).initialize(to: BriefLock())
            (slot + Self.valueOffset).bindMemory(to: Value.self, capacity: 1).initialize(to: make())
        }
    }

    /// The calling thread's value.
    @inline(__always)
    func withOwn<R>(_ body: (inout Value) -> R) -> R { self.with(Int(vitrine_thread_slot()) + 1, body) }

    @inline(__always)
    func with<R>(_ index: Int, _ body: (inout Value) -> R) -> R {
        let slot = self.base + index * Self.stride
        let lock = slot.assumingMemoryBound(to: BriefLock.self)
        lock.pointee.lock()
        defer { lock.pointee.unlock() }
        return body(&(slot + Self.valueOffset).assumingMemoryBound(to: Value.self).pointee)
    }
}
