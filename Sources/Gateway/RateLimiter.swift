import CSystem
import HTTPCore
import Resilience
import Routing
import Telemetry

/// The limits of the edge: one for each key, refused with a problem that says when to come again.
struct RateLimiter: Sendable {
    private let limiter: KeyedRateLimiter
    private let scope: String

    /// - Parameters:
    ///   - scope: what a key is, `address` or `user`; the label of the limiter's metrics.
    ///   - keysMax: keys remembered at most.
    init(scope: String, limit: GCRA, keysMax: Int = 65_536, telemetry: Telemetry) {
        self.scope = scope
        self.limiter = KeyedRateLimiter(name: scope, limit: limit, keysMax: keysMax, telemetry: telemetry)
    }

    /// Takes a place of `key`.
    /// - Throws: `Problem` 429 with `retry-after` and `ratelimit-*` when none is left.
    func admit(_ key: String, now: UInt64 = vitrine_monotonic_nanoseconds()) throws {
        if case .refused(let wait) = self.limiter.take(key, now: now) { throw self.refusal(wait) }
    }

    private func refusal(_ wait: UInt64) -> Problem {
        let seconds = Int((wait + 999_999_999) / 1_000_000_000)
        var problem = Problem.tooManyRequests(
            "The limit of requests per \(self.scope) is reached; try again in \(max(1, seconds)) s.",
            retryAfterSeconds: seconds)
        problem.fields.append(.rateLimitLimit, String(self.limiter.limit.burst))
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
