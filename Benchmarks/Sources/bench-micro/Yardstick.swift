/// Work that is known and touches nothing but the processor: the FNV-1a hash of a fixed buffer. Each of its steps waits
/// for the one before, so a step is one exclusive-or and one multiplication, about four cycles.
///
/// Times are committed as multiples of a step measured in the same run: they mean the same on a faster machine, and on
/// one whose clock a neighbour has slowed.
struct Yardstick {
    private let bytes: [UInt8]
    private static let byteCount = 4_096
    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01b3

    /// Steps of one `run(1)`.
    static var steps: Int { Self.byteCount }

    init() { self.bytes = (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 131) } }

    @inline(never)
    func run(_ repetitions: Int) {
        var hash = Self.basis
        for _ in 0..<repetitions {
            for byte in self.bytes { hash = (hash ^ UInt64(byte)) &* Self.prime }
        }
        precondition(hash != 0, "the yardstick is not worked off")
    }
}
