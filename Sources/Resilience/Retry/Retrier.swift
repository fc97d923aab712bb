import Synchronization
public import Telemetry

/// Makes attempts until one is done, the policy says stop, or the budget is spent. One for each upstream.
public final class Retrier: Sendable {
    public let client: String
    public let policy: RetryPolicy
    public let budget: RetryBudget?
    private let generator: Mutex<SeededGenerator>
    private let clock: MonotonicClock
    private let counts: RetryCounts?

    /// - Parameters:
    ///   - client: the upstream's name, a label of its series.
    ///   - budget: nil for none, which is for showing what then happens.
    ///   - seed: of the jitter; by chance by default.
    public init(
        client: String, _ policy: RetryPolicy = .init(), budget: RetryBudget? = RetryBudget(), seed: UInt64? = nil,
        clock: MonotonicClock = .system, telemetry: Telemetry? = nil
    ) {
        self.client = client
        self.policy = policy
        self.budget = budget
        self.generator = Mutex(SeededGenerator(seed: seed ?? UInt64.random(in: .min ... .max)))
        self.clock = clock
        self.counts = telemetry.map { RetryCounts(client: client, budget: budget, in: $0.metrics) }
    }

    /// Runs `attempt`, and again where that is allowed and may help.
    ///
    /// - Parameters:
    ///   - isIdempotent: whether sending twice does the same as once.
    ///   - sleep: waits so many nanoseconds, best on the event loop; throws when cancelled.
    ///   - classify: what an attempt's answer or error means.
    ///   - attempt: gets the number of resends before it, for `http.request.resend_count`.
    /// - Returns: the last attempt's answer, though it be a failure.
    /// - Throws: the last attempt's error. An attempt that is cancelled is never made again.
    public func run<T>(
        isIdempotent: Bool, deadline: DeadlineBudget, sleep: (UInt64) async throws -> Void,
        classify: (Result<T, any Error>) -> AttemptVerdict, _ attempt: (_ resends: Int) async throws -> T
    ) async throws -> T {
        self.callBegan()
        let first: Result<T, any Error>
        do { first = .success(try await attempt(0)) } catch { first = .failure(error) }
        return try await self.goOn(
            after: first, isIdempotent: isIdempotent, deadline: deadline, sleep: sleep, classify: classify, attempt)
    }

    /// Counts a call whose first attempt the caller makes by itself: what goes well needs nothing of all this.
    public func callBegan() { self.budget?.callBegan() }

    /// As `run`, after a first attempt that the caller has made.
    public func goOn<T>(
        after first: Result<T, any Error>, isIdempotent: Bool, deadline: DeadlineBudget,
        sleep: (UInt64) async throws -> Void, classify: (Result<T, any Error>) -> AttemptVerdict,
        _ attempt: (_ resends: Int) async throws -> T
    ) async throws -> T {
        var result = first
        var resends = 0
        while true {
            if resends > 0 {
                do { result = .success(try await attempt(resends)) } catch { result = .failure(error) }
            }
            let verdict = Self.isCancelled(result) ? .done : classify(result)
            if resends > 0 { self.counts?.resent(verdict == .done) }
            guard case .failed(let wasNotSent, let retryAfter) = verdict else { return try result.get() }
            switch self.decide(resends, isIdempotent, wasNotSent, retryAfter, deadline) {
            case .stop(let reason):
                self.counts?.refused(reason)
                return try result.get()
            case .resend(let wait):
                // Cancelled while waiting: what is known is the last attempt's end.
                do { try await sleep(wait) } catch { return try result.get() }
                resends += 1
            }
        }
    }

    private static func isCancelled<T>(_ result: Result<T, any Error>) -> Bool {
        if Task.isCancelled { return true }
        if case .failure(let error) = result { return error is CancellationError }
        return false
    }

    private func decide(
        _ resends: Int, _ isIdempotent: Bool, _ wasNotSent: Bool, _ retryAfter: UInt64?, _ deadline: DeadlineBudget
    ) -> RetryDecision {
        let now = self.clock.now()
        let decision = self.generator.withLock { generator in
            self.policy.decide(
                resends: resends, isIdempotent: isIdempotent, wasNotSent: wasNotSent,
                retryAfterNanoseconds: retryAfter, deadline: deadline, now: now, using: &generator)
        }
        guard case .resend = decision, let budget, !budget.takeResend(now: now) else { return decision }
        return .stop(.budgetExhausted)
    }
}
