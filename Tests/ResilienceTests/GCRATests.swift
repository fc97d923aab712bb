import Testing

@testable import Resilience

@Suite("The cell rate algorithm")
struct GCRATests {
    private static let second: UInt64 = 1_000_000_000

    @Test("A full bucket gives its burst at once, then one token for each interval")
    func gives() {
        let bucket = GCRA(rate: 10, burst: 5)
        var arrival: UInt64 = 0
        let now = 100 * Self.second
        for remaining in (0..<5).reversed() {
            #expect(bucket.take(&arrival, now: now) == .admitted(remaining: remaining))
        }
        #expect(bucket.take(&arrival, now: now) == .refused(wait: Self.second / 10))
        #expect(bucket.take(&arrival, now: now + Self.second / 10 - 1) == .refused(wait: 1))
        #expect(bucket.take(&arrival, now: now + Self.second / 10) == .admitted(remaining: 0))
        #expect(bucket.take(&arrival, now: now + Self.second / 10) == .refused(wait: Self.second / 10))
    }

    @Test("A refusal costs nothing")
    func refusesForFree() {
        let bucket = GCRA(rate: 1, burst: 1)
        var arrival: UInt64 = 0
        #expect(bucket.take(&arrival, now: 0) == .admitted(remaining: 0))
        for _ in 0..<1_000 { #expect(bucket.take(&arrival, now: 0) == .refused(wait: Self.second)) }
        #expect(bucket.take(&arrival, now: Self.second) == .admitted(remaining: 0))
    }

    @Test("A bucket that rests holds no more than its burst")
    func isBounded() {
        let bucket = GCRA(rate: 100, burst: 3)
        var arrival: UInt64 = 0
        _ = bucket.take(&arrival, now: 0)
        var given = 0
        while case .admitted = bucket.take(&arrival, now: 1_000 * Self.second) { given += 1 }
        #expect(given == 3)
    }

    @Test(
        "Over a long time the rate is kept, whatever the pattern", arguments: [(50, 100), (1, 1), (1_000, 10), (3, 7)])
    func keepsTheRate(rate: Int, burst: Int) {
        let bucket = GCRA(rate: rate, burst: burst)
        var arrival: UInt64 = 0
        var given = 0
        var state: UInt64 = 88_172_645_463_325_252
        var now: UInt64 = 0
        while now < 60 * Self.second {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            now += state % (2 * Self.second / UInt64(rate * 4))
            if case .admitted = bucket.take(&arrival, now: now) { given += 1 }
        }
        #expect(given <= rate * 60 + burst + 1)
        // A caller that knocks at random times wastes some of it.
        #expect(given >= rate * 60 * 4 / 5)
    }

    @Test(
        "The largest settings do not overflow",
        arguments: [(1, 1_000_000_000), (1_000_000_000, 1), (1_000_000_000, 1_000_000_000)])
    func takesLargeSettings(rate: Int, burst: Int) {
        let bucket = GCRA(rate: rate, burst: burst)
        var arrival: UInt64 = 0
        #expect(bucket.take(&arrival, now: 1 << 60) == .admitted(remaining: burst - 1))
    }
}
