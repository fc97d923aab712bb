import TelemetryTesting
import Testing

@testable import Resilience

@Suite("Token buckets")
struct TokenBucketTests {
    @Test("A full bucket gives what it holds, then as much as flows in")
    func gives() {
        var bucket = TokenBucket(rate: 10, capacity: 5, now: second)
        for _ in 0..<5 { #expect(bucket.take(now: second) == .admitted) }
        #expect(bucket.take(now: second) == .refused(wait: second / 10))
        #expect(bucket.take(now: second + second / 10) == .admitted)
    }

    @Test("All tokens of a cost are taken or none, and what never fits is said to")
    func takesCosts() {
        var bucket = TokenBucket(rate: 1, capacity: 10, now: second)
        #expect(bucket.take(7, now: second) == .admitted)
        #expect(bucket.take(5, now: second) == .refused(wait: 2 * second))
        #expect(bucket.available(now: second) == 3)
        #expect(bucket.take(11, now: second) == .refused(wait: .max))
    }

    @Test("What is put back can be taken again, up to what it holds")
    func putsBack() {
        var bucket = TokenBucket(rate: 1, capacity: 4, now: second)
        _ = bucket.take(4, now: second)
        bucket.putBack(2)
        #expect(bucket.available(now: second) == 2)
        bucket.putBack(100)
        #expect(bucket.available(now: second) == 4)
    }

    @Test("Time that runs backwards gives nothing")
    func mindsTime() {
        var bucket = TokenBucket(rate: 1, capacity: 1, now: 100 * second)
        _ = bucket.take(now: 100 * second)
        #expect(bucket.take(now: 50 * second) == .refused(wait: second))
        #expect(bucket.take(now: 100 * second) == .refused(wait: second))
    }

    @Test("Never above the rate and what it holds, and the same as the cell rate algorithm allows", arguments: 0..<50)
    func keepsTheRate(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let (rate, burst) = (Int.random(in: 1...100, using: &random), Int.random(in: 1...20, using: &random))
        var bucket = TokenBucket(rate: Double(rate), capacity: Double(burst), now: second)
        let cells = GCRA(rate: rate, burst: burst)
        var (arrival, now): (UInt64, UInt64) = (0, second)
        var (byBucket, byCells) = (0, 0)
        for _ in 0..<5_000 {
            now += UInt64.random(in: 0...(second / UInt64(rate)), using: &random)
            if bucket.take(now: now) == .admitted { byBucket += 1 }
            if case .admitted = cells.take(&arrival, now: now) { byCells += 1 }
            let allowed = Double(rate) * Double(now - second) * 1e-9 + Double(burst)
            #expect(Double(byBucket) <= allowed + 1e-3)
            // An interval is whole nanoseconds, so the algorithm may run ahead by what was cut off.
            #expect(Double(byCells) <= allowed * (1 + 1e-6) + 1)
        }
        #expect(abs(byBucket - byCells) <= 1)
    }
}

@Suite("Limits by key")
struct KeyedRateLimiterTests {
    @Test("Each key has a limit of its own, and refusals are counted")
    func keepsKeysApart() throws {
        let test = TestTelemetry()
        let limiter = KeyedRateLimiter(name: "user", limit: GCRA(rate: 1, burst: 1), telemetry: test.telemetry)
        #expect(limiter.take("a", now: second) == .admitted(remaining: 0))
        #expect(limiter.take("b", now: second) == .admitted(remaining: 0))
        #expect(limiter.take("a", now: second) == .refused(wait: second))
        #expect(try test.value("resilience_rate_limiter_rejected_total", ["limiter": "user"]) == 1)
    }

    @Test("Keys are bounded, whatever comes")
    func isBounded() throws {
        let test = TestTelemetry()
        let limiter = KeyedRateLimiter(
            name: "user", limit: GCRA(rate: 1, burst: 1), keysMax: 64, telemetry: test.telemetry)
        for number in 0..<10_000 { _ = limiter.take("k\(number)", now: second) }
        #expect(limiter.keyCount <= 64)
        let forgotten = try test.value("shop_rate_limiter_forgotten_keys_total", ["limiter": "user"])
        #expect(forgotten ?? 0 >= 10_000 - 64)
    }

    @Test("Many tasks together get no more than the limit")
    func isSafe() async {
        let limiter = KeyedRateLimiter(
            name: "user", limit: GCRA(rate: 1, burst: 100), telemetry: TestTelemetry().telemetry)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<1_000).count { _ in
                        if case .admitted = limiter.take("a", now: second) { true } else { false }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 100)
    }
}
