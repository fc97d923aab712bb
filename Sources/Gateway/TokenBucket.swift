/// A token bucket kept as one number: the generic cell rate algorithm (ITU-T I.371, annex A), which allows exactly what
/// a bucket that refills at `rate` and holds `burst` tokens allows.
struct TokenBucket: Sendable, Hashable {
    /// Nanoseconds between two requests at the sustained rate.
    let interval: UInt64
    /// How far ahead of time requests may run, in nanoseconds.
    let tolerance: UInt64
    let burst: Int

    /// - Parameters:
    ///   - rate: tokens a second, at least 1.
    ///   - burst: tokens the bucket holds, at least 1.
    init(rate: Int, burst: Int) {
        precondition(rate >= 1 && burst >= 1, "token bucket of rate \(rate), burst \(burst)")
        self.interval = max(1, 1_000_000_000 / UInt64(rate))
        self.tolerance = self.interval * UInt64(burst - 1)
        self.burst = burst
    }

    enum Decision: Sendable, Hashable {
        case admitted(remaining: Int)
        /// Nanoseconds until a request would be admitted.
        case refused(wait: UInt64)
    }

    /// Takes a token, if there is one.
    /// - Parameters:
    ///   - arrival: the caller's state: when the bucket is full again, in monotonic nanoseconds; 0 at first.
    ///   - now: monotonic nanoseconds.
    func take(_ arrival: inout UInt64, now: UInt64) -> Decision {
        let due = max(arrival, now)
        if due - now > self.tolerance { return .refused(wait: due - now - self.tolerance) }
        arrival = due + self.interval
        return .admitted(remaining: Int((self.tolerance - (due - now)) / self.interval))
    }
}
