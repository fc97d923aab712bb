import CSystem

/// Makes trace and span ids: one generator per thread slot, seeded by the kernel, so that no id costs a system call
/// or touches memory another thread writes.
///
/// Ids identify, they do not protect: predictability is no weakness here, uniqueness is what counts.
struct IdentifierGenerator: @unchecked Sendable {
    // Invariant of `@unchecked`: a state word is read and written by the thread that owns its slot, and by no other.
    private let states: UnsafeMutablePointer<UInt64>
    /// Words between two slots' states: a cache line, so that neighbours do not disturb one another.
    private static let stride = 8
    private static let shared = IdentifierGenerator()

    private init() {
        let count = Int(VITRINE_THREAD_SLOTS) * Self.stride
        self.states = .allocate(capacity: count)
        for index in 0..<count { self.states[index] = UInt64.random(in: .min ... .max) }
    }

    /// One id that is not zero.
    @inline(__always)
    static func one() -> UInt64 {
        let slot = Int(vitrine_thread_slot())
        guard slot >= 0 else { return UInt64.random(in: 1 ... .max) }
        return Self.next(&Self.shared.states[slot * Self.stride])
    }

    /// Two ids that are not zero, for one look-up of the slot.
    @inline(__always)
    static func pair() -> (UInt64, UInt64) {
        let slot = Int(vitrine_thread_slot())
        guard slot >= 0 else { return (UInt64.random(in: 1 ... .max), UInt64.random(in: 1 ... .max)) }
        let state = Self.shared.states + slot * Self.stride
        return (Self.next(&state.pointee), Self.next(&state.pointee))
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): equidistributed over its period of 2^64.
    @inline(__always)
    private static func next(_ state: inout UInt64) -> UInt64 {
        var word: UInt64
        repeat {
            state &+= 0x9e37_79b9_7f4a_7c15
            word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            word ^= word >> 31
        } while word == 0
        return word
    }
}
