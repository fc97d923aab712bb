public import CSystem
import Synchronization
public import Telemetry

/// One limit for each key, in bounded memory.
///
/// Keys whose limit is as at the start again say nothing and are forgotten first. Should all be in use, a key is
/// forgotten all the same and counted: an attacker with very many addresses can win some requests that way, but no
/// memory.
public final class KeyedRateLimiter: Sendable {
    private final class Shard: Sendable {
        let arrivals = Mutex<[String: UInt64]>([:])
    }

    public let limit: GCRA
    private let shards: [Shard]
    private let keysPerShard: Int
    private let rejected: CounterSeries
    private let forgotten: CounterSeries

    /// - Parameters:
    ///   - name: what a key is, such as `address` or `user`; the label of the limiter's metrics.
    ///   - keysMax: keys remembered at most.
    public init(name: String, limit: GCRA, keysMax: Int = 65_536, telemetry: Telemetry) {
        self.limit = limit
        self.shards = (0..<16).map { _ in Shard() }
        self.keysPerShard = max(1, keysMax / 16)
        self.rejected = telemetry.metrics.dynamicCounter(RateLimiterMetrics.rejected).series([name])
        self.forgotten = telemetry.metrics.dynamicCounter(RateLimiterMetrics.forgotten).series([name])
    }

    /// Takes a place of `key`; a refusal is counted.
    /// - Parameter now: monotonic nanoseconds.
    public func take(_ key: String, now: UInt64 = vitrine_monotonic_nanoseconds()) -> GCRA.Decision {
        let shard = self.shards[Int(UInt(bitPattern: key.hashValue) % UInt(self.shards.count))]
        let decision = shard.arrivals.withLock { arrivals in
            if let index = arrivals.index(forKey: key) { return self.limit.take(&arrivals.values[index], now: now) }
            if arrivals.count >= self.keysPerShard { self.makeRoom(&arrivals, now: now) }
            var arrival: UInt64 = 0
            let decision = self.limit.take(&arrival, now: now)
            arrivals[key] = arrival
            return decision
        }
        if case .refused = decision { self.rejected.add(1) }
        return decision
    }

    /// Keys remembered now.
    public var keyCount: Int { self.shards.reduce(0) { $0 + $1.arrivals.withLock { $0.count } } }

    private func makeRoom(_ arrivals: inout [String: UInt64], now: UInt64) {
        arrivals = arrivals.filter { $0.value > now }
        guard arrivals.count >= self.keysPerShard else { return }
        for key in arrivals.keys.prefix(self.keysPerShard / 8 + 1) { arrivals[key] = nil }
        self.forgotten.add(self.keysPerShard / 8 + 1)
    }
}
