/// Latencies in buckets that are 1 µs wide up to 256 µs, and from there on 128 to each doubling.
///
/// Every bucket is narrower than 0.8 % of its lowest value, so no percentile is further than that from the exact one. The memory
/// (21 KiB) does not depend on what is recorded, recording allocates nothing, and two histograms add up to the one
/// that would have seen everything.
///
/// - SeeAlso: Tene, *HdrHistogram*: the same layout, with other widths.
public struct LatencyHistogram: Sendable, Hashable {
    /// Buckets as wide as the unit, 1 µs.
    private static let linearCount = 256
    /// Buckets to each doubling beyond.
    private static let perDoubling = 128
    private static let doublings = 20
    /// How many buckets there are; a bucket's index is below it.
    static let bucketCount = Self.linearCount + Self.perDoubling * Self.doublings
    /// The longest latency told apart, about 268 s; a longer one counts as this.
    public static let longest: Duration = .microseconds(Int64(Self.microsecondsMax))
    private static let microsecondsMax: UInt64 = (256 << 20) - 1

    private var counts: [UInt64]
    /// How many have been recorded.
    public private(set) var count: UInt64 = 0
    private var highest: UInt64 = 0
    private var lowest: UInt64 = .max
    private var sum: UInt64 = 0

    public init() { self.counts = [UInt64](repeating: 0, count: Self.bucketCount) }

    // MARK: Recording

    /// Counts one latency. A negative one, which a clock that goes back could make, counts as 0.
    public mutating func record(_ latency: Duration) {
        let nanoseconds = latency / .nanoseconds(1)
        self.record(nanoseconds: nanoseconds > 0 ? UInt64(nanoseconds) : 0)
    }

    /// Counts one latency, rounded to the nearest microsecond.
    public mutating func record(nanoseconds: UInt64) {
        self.record(microseconds: Self.microseconds(nanoseconds), times: 1)
    }

    private mutating func record(microseconds: UInt64, times: UInt64) {
        self.counts[Self.bucket(of: microseconds)] += times
        self.count += times
        self.sum += microseconds * times
        self.highest = Swift.max(self.highest, microseconds)
        self.lowest = Swift.min(self.lowest, microseconds)
    }

    /// Counts one latency of which only the bucket is known, as its middle.
    mutating func record(bucket: Int) {
        let (low, high) = Self.bounds(of: bucket)
        self.record(microseconds: (low + high) / 2, times: 1)
    }

    /// Adds what `other` has recorded.
    public mutating func merge(_ other: LatencyHistogram) {
        for index in self.counts.indices { self.counts[index] += other.counts[index] }
        self.count += other.count
        self.sum += other.sum
        self.highest = Swift.max(self.highest, other.highest)
        self.lowest = Swift.min(self.lowest, other.lowest)
    }

    // MARK: Reading

    /// The latency that `share` of all recorded ones do not exceed: 0.99 for p99. Zero when nothing is recorded.
    ///
    /// By nearest rank: the smallest recorded value with at least `share` of all at or below it, up to its bucket's width.
    /// - Precondition: `share` is from 0 to 1.
    public func percentile(_ share: Double) -> Duration {
        precondition((0...1).contains(share), "a share of \(share)")
        guard self.count > 0 else { return .zero }
        let rank = Swift.max(1, UInt64((share * Double(self.count)).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in self.counts.enumerated() where count > 0 {
            seen += count
            guard seen >= rank else { continue }
            let highest = Swift.min(Self.bounds(of: index).high, self.highest)
            return .microseconds(Int64(Swift.max(highest, self.lowest)))
        }
        return self.max
    }

    public var max: Duration { .microseconds(Int64(self.highest)) }
    public var min: Duration { self.count == 0 ? .zero : .microseconds(Int64(self.lowest)) }
    /// The exact mean of what was recorded, rounded to the microsecond.
    public var mean: Duration { self.count == 0 ? .zero : .microseconds(Int64(self.sum / self.count)) }

    /// How many did not exceed `latency`, up to the width of its bucket.
    public func count(upTo latency: Duration) -> UInt64 {
        guard latency >= .zero else { return 0 }
        let last = Self.bucket(of: Self.microseconds(UInt64(latency / .nanoseconds(1))))
        return self.counts[...last].reduce(0, +)
    }

    // MARK: Buckets

    static func bucket(ofNanoseconds nanoseconds: UInt64) -> Int { Self.bucket(of: Self.microseconds(nanoseconds)) }

    private static func microseconds(_ nanoseconds: UInt64) -> UInt64 {
        Swift.min(nanoseconds / 1_000 + (nanoseconds % 1_000 >= 500 ? 1 : 0), Self.microsecondsMax)
    }

    private static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= UInt64(Self.linearCount) else { return Int(microseconds) }
        // The value's eight leading bits name the bucket; how far they stand from the end is the doubling.
        let doubling = 63 - microseconds.leadingZeroBitCount - 8
        let leading = Int(microseconds >> UInt64(doubling + 1))
        return Self.linearCount + doubling * Self.perDoubling + leading - Self.perDoubling
    }

    /// The lowest and the highest value of a bucket, in microseconds.
    private static func bounds(of bucket: Int) -> (low: UInt64, high: UInt64) {
        guard bucket >= Self.linearCount else { return (UInt64(bucket), UInt64(bucket)) }
        let (doubling, place) = (bucket - Self.linearCount).quotientAndRemainder(dividingBy: Self.perDoubling)
        let width = UInt64(1) << UInt64(doubling + 1)
        let low = UInt64(place + Self.perDoubling) * width
        return (low, low + width - 1)
    }
}
