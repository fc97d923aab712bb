/// When a failed export is tried again: exponential back-off with jitter, and no sooner than the receiver asked.
///
/// Source: OTLP specification, "Failures" and "OTLP/HTTP throttling". A value: the caller sleeps.
struct RetrySchedule: Sendable {
    private var ceiling: Duration
    private let initial: Duration
    private let factor: Double
    private let ceilingMax: Duration

    init(initial: Duration = .seconds(1), factor: Double = 1.5, longest: Duration = .seconds(5)) {
        self.initial = initial
        self.ceiling = initial
        self.factor = factor
        self.ceilingMax = longest
    }

    /// The wait before the next try.
    ///
    /// - Parameter jitter: From 0 to 1; the wait lies between half of the ceiling and all of it.
    mutating func next(retryAfter: Duration?, jitter: Double) -> Duration {
        let wait = max(retryAfter ?? .zero, self.ceiling * (0.5 + jitter / 2))
        self.ceiling = min(self.ceiling * self.factor, self.ceilingMax)
        return wait
    }

    /// After a success the next failure waits the shortest again.
    mutating func reset() { self.ceiling = self.initial }

    /// The statuses the specification calls retryable.
    static func isRetryable(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }
}
