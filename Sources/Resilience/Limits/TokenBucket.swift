/// A bucket of tokens that refills at a steady rate, for costs that differ: a request may take several tokens, or put
/// back what it did not use. Where each request costs the same, `GCRA` needs half the memory.
public struct TokenBucket: Sendable, Hashable {
    /// Tokens a second.
    public let rate: Double
    /// Tokens it holds at most.
    public let capacity: Double
    private var tokens: Double
    private var filledAt: UInt64

    /// - Parameters:
    ///   - rate: tokens a second, more than 0.
    ///   - capacity: tokens it holds at most and at first, more than 0.
    ///   - now: monotonic nanoseconds.
    public init(rate: Double, capacity: Double, now: UInt64) {
        precondition(rate > 0 && capacity > 0, "token bucket of rate \(rate), capacity \(capacity)")
        self.rate = rate
        self.capacity = capacity
        self.tokens = capacity
        self.filledAt = now
    }

    public enum Decision: Sendable, Hashable {
        case admitted
        /// Nanoseconds until there would be enough; the greatest number for what never fits.
        case refused(wait: UInt64)
    }

    /// Takes `cost` tokens, all or none.
    public mutating func take(_ cost: Double = 1, now: UInt64) -> Decision {
        self.refill(now: now)
        // A sum of many small refills may fall short of a whole token by a rounding error.
        if self.tokens + 1e-9 >= cost {
            self.tokens = max(0, self.tokens - max(0, cost))
            return .admitted
        }
        guard cost <= self.capacity else { return .refused(wait: .max) }
        return .refused(wait: UInt64(((cost - self.tokens) / self.rate * 1e9).rounded(.up)))
    }

    /// Puts tokens back that were taken and not used.
    public mutating func putBack(_ tokens: Double) { self.tokens = min(self.capacity, self.tokens + max(0, tokens)) }

    /// Tokens there are now.
    public func available(now: UInt64) -> Double {
        var copy = self
        copy.refill(now: now)
        return copy.tokens
    }

    private mutating func refill(now: UInt64) {
        guard now > self.filledAt else { return }
        self.tokens = min(self.capacity, self.tokens + Double(now - self.filledAt) * 1e-9 * self.rate)
        self.filledAt = now
    }
}
