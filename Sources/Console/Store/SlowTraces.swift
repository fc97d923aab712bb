/// Which durations are among the slowest of an operation: one in a hundred, once enough have been seen.
struct SlowTraces: Sendable {
    /// Counts by powers of the square root of two, from a microsecond on.
    private struct Counts: Sendable {
        var buckets = [UInt32](repeating: 0, count: 64)
        var total: UInt32 = 0
    }
    private var operations: [UInt32: Counts] = [:]

    static let operationsMax = 512
    static let seenMin = 100

    private static func bucket(_ nanoseconds: UInt64) -> Int {
        let microseconds = max(1, nanoseconds / 1_000)
        let power = 63 - microseconds.leadingZeroBitCount
        let isUpperHalf = power > 0 && microseconds & (1 << UInt64(power - 1)) != 0
        return min(63, power * 2 + (isUpperHalf ? 1 : 0))
    }

    /// Notes one, and tells whether it is slow.
    mutating func note(_ operation: UInt32, _ duration: UInt64) -> Bool {
        guard self.operations[operation] != nil || self.operations.count < Self.operationsMax else { return false }
        let bucket = Self.bucket(duration)
        var counts = self.operations[operation] ?? Counts()
        counts.buckets[bucket] += 1
        counts.total += 1
        // Halved now and then, so that what was long ago does not decide for ever.
        if counts.total >= 100_000 {
            for index in counts.buckets.indices { counts.buckets[index] /= 2 }
            counts.total = counts.buckets.reduce(0, +)
        }
        self.operations[operation] = counts
        guard counts.total >= Self.seenMin else { return false }
        let slower = counts.buckets[bucket...].reduce(0, +)
        return slower * 100 <= counts.total
    }
}
