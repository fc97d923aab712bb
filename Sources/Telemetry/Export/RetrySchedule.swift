/// When a failed export is tried again: exponential back-off with jitter, `Retry-After` where the receiver named one,
/// nothing beyond the time an export may take.
///
/// Source: OTLP specification, "Failures" and "OTLP/HTTP throttling". A value: the caller sleeps.
struct RetrySchedule: Sendable {
    private var ceiling: Duration
    private let factor: Double
    private let ceilingMax: Duration

    init(initial: Duration = .seconds(1), factor: Double = 1.5, longest: Duration = .seconds(5)) {
        self.ceiling = initial
        self.factor = factor
        self.ceilingMax = longest
    }

    /// The wait before the next try; nil when it would end after the deadline.
    ///
    /// - Parameter jitter: From 0 to 1; the wait lies between half of the ceiling and all of it.
    mutating func next(retryAfter: Duration?, remaining: Duration, jitter: Double) -> Duration? {
        let wait = max(retryAfter ?? .zero, self.ceiling * (0.5 + jitter / 2))
        self.ceiling = min(self.ceiling * self.factor, self.ceilingMax)
        return wait < remaining ? wait : nil
    }

    /// The statuses the specification calls retryable.
    static func isRetryable(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }
}
