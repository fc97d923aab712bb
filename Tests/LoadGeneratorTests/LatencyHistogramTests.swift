import Testing

@testable import LoadGenerator

@Suite("Latency histogram")
struct LatencyHistogramTests {
    @Test(
        "Every percentile of random latencies is within one per cent of the exact one",
        arguments: [1, 2, 3, 4] as [UInt64])
    func percentiles(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var histogram = LatencyHistogram()
        // From microseconds to minutes, and evenly so on a logarithmic scale.
        let microseconds = (0..<20_000).map { _ in UInt64(1) << UInt64(random.index(below: 26)) + random.next() % 50 }
        for value in microseconds { histogram.record(nanoseconds: value * 1_000) }
        let sorted = microseconds.sorted()
        for share in [0.0, 0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
            let exact = Double(sorted[rank - 1])
            let got = histogram.percentile(share) / .microseconds(1)
            #expect(abs(got - exact) <= exact * 0.01, "p\(share): \(got) µs instead of \(exact)")
        }
        #expect(histogram.count == 20_000)
        #expect(histogram.max == .microseconds(Int64(sorted[19_999])))
        #expect(histogram.min == .microseconds(Int64(sorted[0])))
    }

    @Test("Up to 256 µs nothing is rounded but to the microsecond")
    func exactWhereShort() {
        for value in 0..<256 {
            var histogram = LatencyHistogram()
            histogram.record(.microseconds(value))
            #expect(histogram.percentile(0.5) == .microseconds(value))
        }
        var histogram = LatencyHistogram()
        histogram.record(nanoseconds: 1_499)
        histogram.record(nanoseconds: 1_500)
        #expect(histogram.min == .microseconds(1))
        #expect(histogram.max == .microseconds(2))
    }

    @Test("Two histograms merged are the one that saw everything")
    func merging() {
        var random = SeededGenerator(seed: 9)
        var (left, right, whole) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for index in 0..<5_000 {
            let value = random.next() % 10_000_000_000
            whole.record(nanoseconds: value)
            if index % 3 == 0 { left.record(nanoseconds: value) } else { right.record(nanoseconds: value) }
        }
        left.merge(right)
        #expect(left == whole)
        left.merge(LatencyHistogram())
        #expect(left == whole)
    }

    @Test("Neighbouring buckets touch: each value falls into a bucket that holds it")
    func buckets() {
        var last = -1
        for microseconds in stride(from: UInt64(0), through: 70_000, by: 1) {
            let bucket = LatencyHistogram.bucket(ofNanoseconds: microseconds * 1_000)
            #expect(bucket == last || bucket == last + 1)
            last = bucket
        }
        #expect(LatencyHistogram.bucket(ofNanoseconds: .max) == LatencyHistogram.bucketCount - 1)
        #expect(LatencyHistogram.bucketCount <= 4_096, "a sample has 12 bits for the bucket")
    }

    @Test("What is longer than the longest, or negative, is counted at the edge")
    func edges() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.99) == .zero)
        #expect(histogram.mean == .zero)
        histogram.record(.seconds(100_000))
        histogram.record(.seconds(-1))
        #expect(histogram.max == LatencyHistogram.longest)
        #expect(histogram.min == .zero)
        #expect(histogram.longestIsOverAMinute)
    }

    @Test("The count up to a latency leaves out what is longer")
    func countUpTo() {
        var histogram = LatencyHistogram()
        for milliseconds in 1...100 { histogram.record(.milliseconds(milliseconds)) }
        #expect(histogram.count(upTo: .milliseconds(50)) == 50)
        #expect(histogram.count(upTo: .zero) == 0)
        #expect(histogram.count(upTo: .seconds(10)) == 100)
    }
}

extension LatencyHistogram {
    fileprivate var longestIsOverAMinute: Bool { Self.longest > .seconds(60) }
}
