import Resilience
import Telemetry

/// What each call pays for being guarded. Instants are the caller's, who reads them for its span anyway.
struct ResilienceOperations {
    let telemetry: BenchTelemetry

    var all: [Operation] { [self.breaker, self.breakerByTime, self.budget, self.keyedLimit, self.shedder] }

    /// The bound of issue "Calls between services": both together, uncontended.
    private static let breakerGoal = 50.0

    private var breaker: Operation { self.breaker("breaker permit+record", .init()) }

    private var breakerByTime: Operation {
        var settings = CircuitBreakerSettings()
        settings.window = .time(.seconds(10))
        return self.breaker("breaker permit+record, window of time", settings)
    }

    private func breaker(_ name: String, _ settings: CircuitBreakerSettings) -> Operation {
        let breaker = CircuitBreaker(
            name.contains("time") ? "bench-time" : "bench-calls", settings, telemetry: self.telemetry.resting)
        let span = self.telemetry.unsampled.tracer.startSpan("call", parent: nil)
        return Operation(name, goal: Self.breakerGoal, repetitions: 5_000_000) { count in
            for turn in 0..<count {
                let now = UInt64(turn) &* 1_000
                guard let permit = try? breaker.permit(now: now) else { preconditionFailure("the breaker opened") }
                breaker.record(.success, for: permit, start: now, end: now &+ 500, span: span)
            }
            precondition(breaker.state == .closed, "the breaker opened")
        }
    }

    private var budget: Operation {
        let budget = RetryBudget()
        return Operation("retry budget, call of a healthy upstream", repetitions: 20_000_000) { count in
            for _ in 0..<count { budget.callBegan() }
            precondition(budget.remainingRatio == 1, "the budget was spent")
        }
    }

    private var keyedLimit: Operation {
        let limiter = KeyedRateLimiter(
            name: "bench", limit: GCRA(rate: 1_000_000_000, burst: 1_000_000_000), telemetry: self.telemetry.resting)
        return Operation("keyed rate limiter, known key", repetitions: 2_000_000) { count in
            // Time stands still, so that a round does not begin before the last one ended.
            for _ in 0..<count {
                guard case .admitted = limiter.take("192.0.2.17", now: 1_000_000_000) else {
                    preconditionFailure("the limit is reached")
                }
            }
        }
    }

    private var shedder: Operation {
        let shedder = LoadShedder("bench", telemetry: self.telemetry.resting)
        return Operation("load shedder admit+finish", repetitions: 5_000_000) { count in
            for turn in 0..<count {
                let now = UInt64(turn) &* 1_000
                guard let permit = shedder.admit(.normal, now: now) else { preconditionFailure("shed") }
                shedder.finish(permit, .completed, now: now &+ 500)
            }
        }
    }
}
