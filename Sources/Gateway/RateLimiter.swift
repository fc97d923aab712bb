import CSystem
import HTTPCore
import Routing
import Synchronization
import Telemetry

/// One token bucket for each key, in bounded memory.
///
/// Buckets that are full again say nothing and are forgotten first. Should all be in use, a key is forgotten all the
/// same and counted: an attacker with very many addresses can win some tokens that way, but no memory.
final class RateLimiter: Sendable {
    private final class Shard: Sendable {
        let arrivals = Mutex<[String: UInt64]>([:])
    }
    private let bucket: TokenBucket
    private let shards: [Shard]
    private let keysPerShard: Int
    private let rejected: CounterSeries
    private let forgotten: CounterSeries
    private let scope: String

    /// - Parameters:
    ///   - scope: what a key is, `address` or `user`; the label of the limiter's metrics.
    ///   - keysMax: keys remembered at most.
    init(scope: String, bucket: TokenBucket, keysMax: Int = 65_536, telemetry: Telemetry) {
        self.scope = scope
        self.bucket = bucket
        self.shards = (0..<16).map { _ in Shard() }
        self.keysPerShard = max(1, keysMax / 16)
        self.rejected = telemetry.metrics.dynamicCounter(GatewayMetrics.rejected).series([scope])
        self.forgotten = telemetry.metrics.dynamicCounter(GatewayMetrics.forgotten).series([scope])
    }

    /// Takes a token of `key`.
    /// - Throws: `Problem` 429 with `retry-after` and `ratelimit-*` when none is left.
    func admit(_ key: String, now: UInt64 = vitrine_monotonic_nanoseconds()) throws {
        let shard = self.shards[Int(UInt(bitPattern: key.hashValue) % UInt(self.shards.count))]
        let decision = shard.arrivals.withLock { arrivals in
            if let index = arrivals.index(forKey: key) { return self.bucket.take(&arrivals.values[index], now: now) }
            if arrivals.count >= self.keysPerShard { self.makeRoom(&arrivals, now: now) }
            var arrival: UInt64 = 0
            let decision = self.bucket.take(&arrival, now: now)
            arrivals[key] = arrival
            return decision
        }
        if case .refused(let wait) = decision { throw self.refusal(wait) }
    }

    private func makeRoom(_ arrivals: inout [String: UInt64], now: UInt64) {
        arrivals = arrivals.filter { $0.value > now }
        guard arrivals.count >= self.keysPerShard else { return }
        for key in arrivals.keys.prefix(self.keysPerShard / 8 + 1) { arrivals[key] = nil }
        self.forgotten.add(self.keysPerShard / 8 + 1)
    }

    private func refusal(_ wait: UInt64) -> Problem {
        self.rejected.add(1)
        let seconds = Int((wait + 999_999_999) / 1_000_000_000)
        var problem = Problem.tooManyRequests(
            "The limit of requests per \(self.scope) is reached; try again in \(max(1, seconds)) s.",
            retryAfterSeconds: seconds)
        problem.fields.append(.rateLimitLimit, String(self.bucket.burst))
        problem.fields.append(.rateLimitRemaining, "0")
        problem.fields.append(.rateLimitReset, String(max(1, seconds)))
        return problem
    }

    /// The key of an address: IPv6 hosts own a whole /64, so that is what counts as one.
    static func key(address: String) -> String {
        guard address.utf8.contains(0x3A) else { return address }
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        // An IPv4 address in the last place takes that of two groups; `::` stands for those that are missing.
        let written = groups.reduce(0) { $0 + ($1.isEmpty ? 0 : $1.contains(".") ? 2 : 1) }
        var prefix: [Substring] = []
        var isFilled = false
        for group in groups {
            if !group.isEmpty {
                prefix.append(group)
            } else if !isFilled {
                isFilled = true
                prefix += repeatElement("0", count: max(0, 8 - written))
            }
        }
        return prefix.prefix(4).joined(separator: ":") + "::/64"
    }
}
