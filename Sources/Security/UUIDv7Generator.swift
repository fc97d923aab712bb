import Glibc
import Synchronization

/// Makes the identifiers of a process: one sequence for all threads.
final class UUIDv7Generator: Sendable {
    static let shared = UUIDv7Generator()

    private let sequence = Mutex(UUIDv7Sequence())

    func next() -> UUIDv7 {
        let milliseconds = Self.unixMilliseconds()
        return self.sequence.withLock { $0.next(milliseconds: milliseconds) }
    }

    private static func unixMilliseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000
    }
}

/// The state behind the generator: RFC 9562, section 6.2, method 2.
///
/// The first identifier of a millisecond has 73 fresh random bits. Later ones of the same millisecond, or of a clock that
/// was set back, add a random step to the one before, so that they are greater and still cannot be guessed.
struct UUIDv7Sequence {
    private var milliseconds: UInt64 = 0
    /// The bits after the version: 12.
    private var upper: UInt64 = 0
    /// The bits after the variant: 62.
    private var lower: UInt64 = 0
    private var pool = RandomPool()

    private static let upperMask: UInt64 = 0x0FFF
    private static let lowerMask: UInt64 = 0x3FFF_FFFF_FFFF_FFFF

    mutating func next(milliseconds now: UInt64) -> UUIDv7 {
        if now > self.milliseconds {
            self.start(now)
        } else {
            self.step()
        }
        return UUIDv7(high: self.milliseconds << 16 | 0x7000 | self.upper, low: 0x8000_0000_0000_0000 | self.lower)
    }

    private mutating func start(_ milliseconds: UInt64) {
        self.milliseconds = milliseconds & 0xFFFF_FFFF_FFFF
        // The highest bit begins at zero, which leaves room for steps.
        self.upper = self.pool.next() & (Self.upperMask >> 1)
        self.lower = self.pool.next() & Self.lowerMask
    }

    private mutating func step() {
        // At least one, at most 2⁴⁰: room for billions of them in a millisecond.
        self.lower += 1 + self.pool.next() >> 24
        guard self.lower > Self.lowerMask else { return }
        self.lower &= Self.lowerMask
        self.upper += 1
        if self.upper > Self.upperMask { self.start(self.milliseconds + 1) }
    }
}

/// Random words, fetched many at a time: one call to the generator costs as much as making forty identifiers.
struct RandomPool {
    private var words: [UInt64] = []
    private static let wordsMax = 64

    mutating func next() -> UInt64 {
        if let word = self.words.popLast() { return word }
        let bytes = Random.bytes(Self.wordsMax * 8)
        for start in stride(from: 0, to: bytes.count, by: 8) {
            self.words.append(bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) })
        }
        return self.words.removeLast()
    }
}
