import HTTPCore
import Resilience
import Routing
import Telemetry
import TelemetryTesting
import Testing

@testable import Gateway

@Suite("The rate limiter")
struct RateLimiterTests {
    private static let second: UInt64 = 1_000_000_000

    private func limiter(rate: Int = 1, burst: Int = 2, keysMax: Int = 64, _ telemetry: TestTelemetry) -> RateLimiter {
        RateLimiter(
            scope: "address", limit: GCRA(rate: rate, burst: burst), keysMax: keysMax,
            telemetry: telemetry.telemetry)
    }

    private func isAdmitted(_ limiter: RateLimiter, _ key: String, _ now: UInt64) -> Bool {
        do {
            try limiter.admit(key, now: now)
            return true
        } catch {
            return false
        }
    }

    @Test("Each key has a bucket of its own")
    func keepsKeysApart() {
        let limiter = self.limiter(TestTelemetry())
        for key in ["a", "b", "c"] {
            #expect((0..<3).map { _ in self.isAdmitted(limiter, key, 1_000) } == [true, true, false])
        }
        #expect(self.isAdmitted(limiter, "a", Self.second + 1_000))
    }

    @Test("A refusal says when to come again, and is counted")
    func tellsWhen() throws {
        let telemetry = TestTelemetry()
        let limiter = self.limiter(telemetry)
        try limiter.admit("a", now: 0)
        try limiter.admit("a", now: 0)
        let problem = #expect(throws: Problem.self) { try limiter.admit("a", now: 1) }
        #expect(problem?.status == .tooManyRequests)
        #expect(problem?.fields[.retryAfter] == "1")
        #expect(problem?.fields[.rateLimitLimit] == "2")
        #expect(problem?.fields[.rateLimitRemaining] == "0")
        #expect(problem?.fields[.rateLimitReset] == "1")
        let text = String(decoding: telemetry.metrics.exposition(.prometheusText), as: UTF8.self)
        #expect(text.contains("resilience_rate_limiter_rejected_total{limiter=\"address\"} 1"))
    }

    @Test("Memory is bounded: buckets that are full again go first, and who must go besides is counted")
    func isBounded() {
        let telemetry = TestTelemetry()
        // One place in each of the sixteen shards.
        let limiter = self.limiter(rate: 1, burst: 1, keysMax: 16, telemetry)
        func forgotten() -> Int {
            let text = String(decoding: telemetry.metrics.exposition(.prometheusText), as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix("shop_rate_limiter_forgotten_keys_total{") }
            return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? -1
        }
        // All full again before the next comes: nobody is missed.
        for number in 0..<1_000 { #expect(self.isAdmitted(limiter, "k\(number)", UInt64(number) * 2 * Self.second)) }
        #expect(forgotten() == 0)
        // All at once: every shard has to forget.
        for number in 0..<1_000 { #expect(self.isAdmitted(limiter, "x\(number)", 3_000 * Self.second)) }
        #expect(forgotten() >= 1_000 - 16)
    }

    @Test(
        "An IPv4 address is a key; of an IPv6 address it is the /64",
        arguments: [
            ("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8::1", "2001:db8:0:0::/64"),
            ("2001:db8:1::", "2001:db8:1:0::/64"), ("::1", "0:0:0:0::/64"), ("::", "0:0:0:0::/64"),
            ("fe80::1:2:3:4", "fe80:0:0:0::/64"), ("2001::5:1:2:3:4", "2001:0:0:5::/64"),
            ("1::4:5:6:7:8", "1:0:0:4::/64"),
            ("1:2:3::5:6:7:8", "1:2:3:0::/64"), ("64:ff9b::1.2.3.4", "64:ff9b:0:0::/64"),
            ("::5:6:7:8:1.2.3.4", "0:0:5:6::/64"),
        ])
    func makesKeys(address: String, key: String) {
        #expect(RateLimiter.key(address: address) == key)
    }

    @Test("Hosts of one /64 share a key, and neighbours do not")
    func sharesKeys() {
        #expect(RateLimiter.key(address: "2001:db8::5") == RateLimiter.key(address: "2001:db8:0:0:1:2:3:4"))
        #expect(RateLimiter.key(address: "2001::5:1:2:3:4") != RateLimiter.key(address: "2001::6:1:2:3:4"))
    }
}
