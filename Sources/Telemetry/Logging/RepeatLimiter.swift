/// How often one message may be written: the first so many of each second, then every so manieth.
public struct LogRepeats: Sendable, Hashable {
    /// Lines of one message written in full each second; 1,000 by default.
    public var first: Int
    /// Of those beyond, one in this many; 100 by default.
    public var every: Int

    public init(first: Int = 1_000, every: Int = 100) {
        self.first = max(1, first)
        self.every = max(1, every)
    }
}

/// Counts how often each message was written, so that one that repeats without end cannot fill a disk.
///
/// A pure state machine over a small table that never grows: a message is known by the address of its literal, and finds
/// its place among four; the oldest makes room. Each recording thread has a table of its own, so the bound counts per thread.
struct RepeatLimiter: Sendable {
    enum Admission: Sendable, Hashable {
        /// `skipped` lines of the message were left out since the last one written.
        case write(skipped: Int)
        case skip
    }

    private struct Entry: Sendable {
        var key: UInt = 0
        var since: UInt64 = 0
        var count = 0
        var skipped = 0
    }

    private static let ways = 4
    private static let sets = 32
    private static let windowNanoseconds: UInt64 = 1_000_000_000
    private var entries = [Entry](repeating: Entry(), count: Self.ways * Self.sets)

    /// - Parameters:
    ///   - key: The address of the message's literal.
    ///   - now: Nanoseconds of any clock that does not run backwards far.
    mutating func admit(_ key: UInt, now: UInt64, _ repeats: LogRepeats) -> Admission {
        let index = self.place(of: key)
        return self.entries.withUnsafeMutableBufferPointer { entries in
            Self.count(&entries[index], key, now, repeats)
        }
    }

    private static func count(_ entry: inout Entry, _ key: UInt, _ now: UInt64, _ repeats: LogRepeats) -> Admission {
        if entry.key != key { entry = Entry(key: key, since: now) }
        if now &- entry.since >= self.windowNanoseconds {
            entry.since = now
            entry.count = 0
        }
        entry.count &+= 1
        guard entry.count <= repeats.first || (entry.count - repeats.first) % repeats.every == 0 else {
            entry.skipped &+= 1
            return .skip
        }
        defer { entry.skipped = 0 }
        return .write(skipped: entry.skipped)
    }

    private func place(of key: UInt) -> Int {
        // Literals lie close together, so the low bits are mixed (Fibonacci hashing) before a set is chosen.
        let first = Int((key &* 0x9e37_79b9_7f4a_7c15) >> 59) * Self.ways
        var oldest = first
        for index in first..<first + Self.ways {
            if self.entries[index].key == key || self.entries[index].key == 0 { return index }
            if self.entries[index].since < self.entries[oldest].since { oldest = index }
        }
        return oldest
    }
}
