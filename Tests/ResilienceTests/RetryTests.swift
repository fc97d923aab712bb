import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Resilience

@Suite("Backoff")
struct BackoffTests {
    @Test("The bound doubles up to the longest")
    func grows() {
        let backoff = Backoff(base: .milliseconds(25), growth: 2, longest: .milliseconds(150))
        #expect((1...5).map { backoff.bound(resend: $0) / millisecond } == [25, 50, 100, 150, 150])
        #expect(backoff.bound(resend: 1_000_000) == 150 * millisecond)
    }

    @Test("Waits are spread over all from nothing to the bound, and the same seed gives the same")
    func jitters() {
        let backoff = Backoff(base: .milliseconds(100))
        func waits(_ seed: UInt64) -> [UInt64] {
            var random = SeededGenerator(seed: seed)
            return (0..<1_000).map { _ in backoff.wait(resend: 1, using: &random) }
        }
        let found = waits(7)
        #expect(found.allSatisfy { $0 <= 100 * millisecond })
        for tenth: UInt64 in 0..<10 {
            let range = tenth * 10 * millisecond..<(tenth + 1) * 10 * millisecond
            #expect((50...150).contains(found.count { range.contains($0) }))
        }
        #expect(found == waits(7))
        #expect(found != waits(8))
    }
}

@Suite("The retry budget")
struct RetryBudgetTests {
    private func budget(share: Double = 0.1, saved: Int = 10, perSecond: Int = 0) -> RetryBudget {
        var settings = RetryBudget.Settings()
        settings.share = share
        settings.savedMax = saved
        settings.perSecondMin = perSecond
        return RetryBudget(settings)
    }

    @Test("It begins full, and is spent one resend at a time")
    func spends() {
        let budget = self.budget()
        #expect(budget.remainingRatio == 1)
        for _ in 0..<10 { #expect(budget.takeResend(now: 0)) }
        #expect(!budget.takeResend(now: 0))
        #expect(budget.remainingRatio == 0)
    }

    @Test("Ten calls pay for one resend at a tenth")
    func earns() {
        let budget = self.budget()
        while budget.takeResend(now: 0) {}
        for _ in 0..<9 { budget.callBegan() }
        #expect(!budget.takeResend(now: 0))
        budget.callBegan()
        #expect(budget.takeResend(now: 0))
        #expect(!budget.takeResend(now: 0))
    }

    @Test("It saves no more than it may, however long all goes well")
    func isBounded() {
        let budget = self.budget()
        for _ in 0..<1_000_000 { budget.callBegan() }
        #expect((0..<100).count { _ in budget.takeResend(now: 0) } == 10)
    }

    @Test("A few resends a second need no calls")
    func hasAReserve() {
        let budget = self.budget(perSecond: 2)
        while budget.takeResend(now: 100 * second) {}
        #expect(!budget.takeResend(now: 100 * second + second / 2 - 1))
        #expect(budget.takeResend(now: 100 * second + second / 2))
    }

    @Test("When everything fails and everything is resent, load grows by the share and no more")
    func preventsStorms() {
        let budget = self.budget(share: 0.1, saved: 10, perSecond: 1)
        var sent = 0
        // A hundred calls a second for a minute; each would be resent twice.
        for call in 0..<6_000 {
            let now = 100 * second + UInt64(call) * 10 * millisecond
            budget.callBegan()
            sent += 1
            for _ in 0..<2 where budget.takeResend(now: now) { sent += 1 }
        }
        #expect(sent <= 6_000 * 11 / 10 + 10 + 61)
        #expect(sent >= 6_000 * 11 / 10)
        #expect(Double(sent) / 6_000 < 1.2)
    }

    @Test("Never more resends than it was paid for, whatever the order", arguments: 0..<30)
    func keepsTheShare(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let share = Double(Int.random(in: 0...100, using: &random)) / 100
        let saved = Int.random(in: 1...20, using: &random)
        let budget = self.budget(share: share, saved: saved)
        var (calls, resends) = (0, 0)
        for _ in 0..<5_000 {
            if Int.random(in: 0..<3, using: &random) == 0 {
                budget.callBegan()
                calls += 1
            } else if budget.takeResend(now: 0) {
                resends += 1
            }
            #expect(Double(resends) <= share * Double(calls) + Double(saved) + 1e-6)
            #expect((0...1).contains(budget.remainingRatio))
        }
    }

    @Test("Many tasks together take no more than there is")
    func isSafe() async {
        let budget = self.budget(share: 0, saved: 1_000)
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<1_000).count { _ in budget.takeResend(now: 0) } } }
            return await group.reduce(0, +)
        }
        #expect(taken == 1_000)
    }
}

@Suite("Retry decisions")
struct RetryPolicyTests {
    private func decide(
        resends: Int = 0, isIdempotent: Bool = true, wasNotSent: Bool = false, retryAfter: UInt64? = nil,
        remaining: UInt64 = 10 * second, _ change: (inout RetryPolicy) -> Void = { _ in }
    ) -> RetryDecision {
        var policy = RetryPolicy()
        policy.backoff = Backoff(base: .zero)
        change(&policy)
        var random = SeededGenerator(seed: 1)
        return policy.decide(
            resends: resends, isIdempotent: isIdempotent, wasNotSent: wasNotSent, retryAfterNanoseconds: retryAfter,
            deadline: DeadlineBudget(deadline: second + remaining), now: second, using: &random)
    }

    @Test("What may change something twice is resent only if it was not sent")
    func isCareful() {
        #expect(self.decide() == .resend(afterNanoseconds: 0))
        #expect(self.decide(isIdempotent: false) == .stop(.notIdempotent))
        #expect(self.decide(isIdempotent: false, wasNotSent: true) == .resend(afterNanoseconds: 0))
    }

    @Test("Attempts are bounded")
    func isBounded() {
        #expect(self.decide(resends: 1) == .resend(afterNanoseconds: 0))
        #expect(self.decide(resends: 2) == .stop(.attemptsExhausted))
        #expect(self.decide { $0.attemptsMax = 1 } == .stop(.attemptsExhausted))
    }

    @Test("What the upstream asked for is waited for, up to a bound, and jitter comes on top")
    func honoursRetryAfter() {
        #expect(self.decide(retryAfter: second) == .resend(afterNanoseconds: second))
        #expect(self.decide(retryAfter: 2 * second + 1) == .stop(.retryAfterTooLong))
        guard case .resend(let wait) = self.decide(retryAfter: second, { $0.backoff = Backoff(base: .seconds(1)) })
        else {
            Issue.record("no resend")
            return
        }
        #expect(wait > second && wait <= 2 * second)
    }

    @Test("It is never past the deadline: wait and a typical attempt must fit")
    func fitsTheDeadline() {
        #expect(self.decide(remaining: 10 * millisecond) == .stop(.deadline))
        #expect(self.decide(remaining: 10 * millisecond + 1) == .resend(afterNanoseconds: 0))
        #expect(self.decide(retryAfter: second, remaining: second + 10 * millisecond) == .stop(.deadline))
        #expect(self.decide(remaining: 0) == .stop(.deadline))
    }
}

@Suite("Retries")
struct RetrierTests {
    private let time = TestTime()

    private func retrier(
        _ test: TestTelemetry? = nil, budget: RetryBudget? = nil, attempts: Int = 3
    ) -> Retrier {
        var policy = RetryPolicy()
        policy.attemptsMax = attempts
        return Retrier(
            client: "product", policy, budget: budget, seed: 1, clock: self.time.clock, telemetry: test?.telemetry)
    }

    private func run(
        _ retrier: Retrier, isIdempotent: Bool = true, deadline: UInt64 = 10 * second,
        _ attempt: (Int) async throws -> Int
    ) async throws -> Int {
        try await retrier.run(
            isIdempotent: isIdempotent, deadline: DeadlineBudget(deadline: self.time.now + deadline),
            sleep: { self.time.advance($0) },
            classify: { result in
                switch result {
                case .success(let status): status == 503 ? .failed() : .done
                case .failure: .failed()
                }
            }, attempt)
    }

    @Test("A failure is tried again until it goes well, and each attempt knows its number")
    func retries() async throws {
        var seen: [Int] = []
        let status = try await self.run(self.retrier()) { resends in
            seen.append(resends)
            if resends == 0 { throw Broken() }
            return resends == 1 ? 503 : 200
        }
        #expect(status == 200)
        #expect(seen == [0, 1, 2])
    }

    @Test("When attempts are used up the last answer is given, or the last error thrown")
    func givesUp() async throws {
        #expect(try await self.run(self.retrier()) { _ in 503 } == 503)
        let error = await #expect(throws: Broken.self) {
            try await self.run(self.retrier()) { throw Broken(code: $0) }
        }
        #expect(error == Broken(code: 2))
    }

    @Test("Without a budget left there is no resend")
    func obeysTheBudget() async throws {
        var settings = RetryBudget.Settings()
        settings.share = 0
        settings.savedMax = 1
        settings.perSecondMin = 0
        let test = TestTelemetry()
        let retrier = self.retrier(test, budget: RetryBudget(settings))
        var attempts = 0
        _ = try await self.run(retrier) { _ in
            attempts += 1
            return 503
        }
        #expect(attempts == 2)
        #expect(
            try test.value("resilience_retry_attempts_total", ["client": "product", "outcome": "budget_exhausted"]) == 1
        )
        #expect(
            try test.value("resilience_retry_attempts_total", ["client": "product", "outcome": "failure"]) == 1)
        #expect(try test.value("resilience_retry_budget_remaining_ratio", ["client": "product"]) == 0)
    }

    @Test("A refusal for another reason does not spend the budget")
    func spendsNothing() async throws {
        let budget = RetryBudget()
        _ = try await self.run(self.retrier(budget: budget), isIdempotent: false) { _ in 503 }
        _ = try await self.run(self.retrier(budget: budget), deadline: 1) { _ in 503 }
        #expect(budget.remainingRatio == 1)
    }

    @Test("A cancelled attempt is not made again")
    func stopsWhenCancelled() async {
        var attempts = 0
        await #expect(throws: CancellationError.self) {
            try await self.run(self.retrier()) { _ in
                attempts += 1
                throw CancellationError()
            }
        }
        #expect(attempts == 1)
    }

    @Test("Cancelled while it waits, it gives the last attempt's end and makes no more")
    func stopsWaiting() async throws {
        let clock = ManualClock()
        let retrier = self.retrier()
        let deadline = DeadlineBudget(deadline: self.time.now + 10 * second)
        let task = Task {
            try await retrier.run(
                isIdempotent: true, deadline: deadline,
                sleep: { _ in try await clock.sleep(until: clock.now.advanced(by: .seconds(1))) },
                classify: { _ in .failed() }
            ) { resends in
                #expect(resends == 0)
                return 503
            }
        }
        await clock.waitForSleepers()
        task.cancel()
        #expect(try await task.value == 503)
    }

    @Test("Time spent in attempts counts against the deadline")
    func minds() async throws {
        var attempts = 0
        _ = try await self.run(self.retrier(attempts: 100), deadline: 3 * second) { _ in
            attempts += 1
            self.time.advance(second)
            return 503
        }
        #expect(attempts == 3)
    }
}

@Suite("Deadlines")
struct DeadlineBudgetTests {
    @Test("What remains shrinks to nothing and never below")
    func shrinks() {
        let deadline = DeadlineBudget(remaining: .seconds(2), now: second)
        #expect(deadline.remaining(now: second) == 2 * second)
        #expect(deadline.remaining(now: 4 * second) == 0)
        #expect(!deadline.isExceeded(now: 3 * second - 1))
        #expect(deadline.isExceeded(now: 3 * second))
        #expect(DeadlineBudget(remaining: .seconds(-1), now: second).isExceeded(now: second))
    }

    @Test("Each hop keeps its reserve, of a short deadline a share at most")
    func reserves() {
        let deadline = DeadlineBudget(deadline: 11 * second)
        #expect(
            deadline.forNextHop(reserve: .milliseconds(50), now: second).remaining(now: second) == 9_950 * millisecond)
        let short = DeadlineBudget(deadline: second + 100 * millisecond)
        #expect(short.forNextHop(reserve: .milliseconds(50), now: second).remaining(now: second) == 90 * millisecond)
        #expect(DeadlineBudget.none.forNextHop(reserve: .seconds(1), now: second) == .none)
        #expect(deadline.forNextHop(reserve: .seconds(1), now: 20 * second) == deadline)
    }

    @Test("A timeout of one's own never prolongs the deadline")
    func limits() {
        let deadline = DeadlineBudget(deadline: 5 * second)
        #expect(deadline.limited(to: .seconds(1), now: second).deadline == 2 * second)
        #expect(deadline.limited(to: .seconds(10), now: second).deadline == 5 * second)
        #expect(DeadlineBudget.none.limited(to: .seconds(1_000_000_000_000), now: second) == .none)
    }

    @Test("What passed is counted")
    func counts() throws {
        let test = TestTelemetry()
        let counts = DeadlineCounts(client: "cart", telemetry: test.telemetry)
        #expect(try test.value("resilience_deadline_exceeded_total", ["client": "cart"]) == 0)
        counts.exceeded()
        #expect(try test.value("resilience_deadline_exceeded_total", ["client": "cart"]) == 1)
    }
}
