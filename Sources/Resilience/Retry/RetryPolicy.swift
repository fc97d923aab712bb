/// How an attempt ended, as far as resending goes.
public enum AttemptVerdict: Sendable, Hashable {
    /// Nothing to retry: it went well, or resending would not help.
    case done
    /// It may go better next time.
    ///
    /// - Parameters:
    ///   - wasNotSent: the upstream cannot have seen the request, so even one that is not idempotent may be sent again.
    ///   - retryAfterNanoseconds: what the upstream asked for; nil if it did not.
    case failed(wasNotSent: Bool = false, retryAfterNanoseconds: UInt64? = nil)
}

/// Why there is no resend.
public enum RetryRefusal: String, Sendable, Hashable, CaseIterable {
    case attemptsExhausted = "attempts_exhausted"
    case notIdempotent = "not_idempotent"
    /// The wait and an attempt do not fit before the deadline.
    case deadline
    /// The upstream asked for a longer wait than is allowed.
    case retryAfterTooLong = "retry_after_too_long"
    case budgetExhausted = "budget_exhausted"
}

/// What comes after a failed attempt.
public enum RetryDecision: Sendable, Hashable {
    case resend(afterNanoseconds: UInt64)
    case stop(RetryRefusal)
}

/// When a failed attempt is made again. Decides only; the budget is asked last, when everything else speaks for a
/// resend.
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first included; 3 by default, 1 for no resend.
    public var attemptsMax = 3
    public var backoff = Backoff()
    /// The longest `Retry-After` that is waited for; 2 s by default. A longer one means no resend, not an earlier one.
    public var retryAfterMax = Duration.seconds(2)
    /// What an attempt usually takes; 10 ms by default. With less than that left a resend would only be thrown away.
    public var typicalAttempt = Duration.milliseconds(10)

    public init() {}

    /// - Parameters:
    ///   - resends: resends so far: 0 after the first attempt.
    ///   - isIdempotent: whether sending the request twice does the same as once.
    public func decide(
        resends: Int, isIdempotent: Bool, wasNotSent: Bool, retryAfterNanoseconds: UInt64?, deadline: DeadlineBudget,
        now: UInt64, using generator: inout SeededGenerator
    ) -> RetryDecision {
        guard isIdempotent || wasNotSent else { return .stop(.notIdempotent) }
        guard resends + 1 < self.attemptsMax else { return .stop(.attemptsExhausted) }
        let asked = retryAfterNanoseconds ?? 0
        guard asked <= self.retryAfterMax.clampedNanoseconds else { return .stop(.retryAfterTooLong) }
        // Jitter comes on top of what was asked for: all were told the same number.
        let wait = asked.saturatingAdd(self.backoff.wait(resend: resends + 1, using: &generator))
        let needed = wait.saturatingAdd(self.typicalAttempt.clampedNanoseconds)
        guard deadline.fits(nanoseconds: needed, now: now) else { return .stop(.deadline) }
        return .resend(afterNanoseconds: wait)
    }
}
