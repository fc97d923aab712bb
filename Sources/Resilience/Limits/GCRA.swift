/// The generic cell rate algorithm (ITU-T I.371, annex A): a token bucket kept as one number, which allows exactly what
/// a bucket that refills at `rate` and holds `burst` tokens allows.
public struct GCRA: Sendable, Hashable {
    /// Nanoseconds between two requests at the sustained rate.
    public let interval: UInt64
    /// How far ahead of time requests may run, in nanoseconds.
    public let tolerance: UInt64
    public let burst: Int

    /// - Parameters:
    ///   - rate: requests a second, at least 1.
    ///   - burst: requests at once, at least 1.
    public init(rate: Int, burst: Int) {
        precondition(rate >= 1 && burst >= 1, "limiter of rate \(rate), burst \(burst)")
        self.interval = max(1, 1_000_000_000 / UInt64(rate))
        self.tolerance = self.interval * UInt64(burst - 1)
        self.burst = burst
    }

    public enum Decision: Sendable, Hashable {
        case admitted(remaining: Int)
        /// Nanoseconds until a request would be admitted.
        case refused(wait: UInt64)
    }

    /// Takes a request's place, if there is one.
    /// - Parameters:
    ///   - arrival: the caller's state: when all is as at the start again, in monotonic nanoseconds; 0 at first.
    ///   - now: monotonic nanoseconds.
    public func take(_ arrival: inout UInt64, now: UInt64) -> Decision {
        let due = max(arrival, now)
        if due - now > self.tolerance { return .refused(wait: due - now - self.tolerance) }
        arrival = due + self.interval
        return .admitted(remaining: Int((self.tolerance - (due - now)) / self.interval))
    }
}
