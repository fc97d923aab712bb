import Resilience

/// When calls of other services are given up, made again or refused. Source: the environment; `.env.example` lists them.
struct ResilienceSettings: Sendable {
    /// `VITRINE_RESILIENCE`: whether there are breakers, retries and load shedding at all; `false` is for measuring what
    /// they cost.
    let isOn: Bool
    var breaker = CircuitBreakerSettings()
    var retries = RetryPolicy()
    var budget = RetryBudget.Settings()
    /// Of calls of one upstream in flight.
    var bulkhead = Bulkhead.Settings()
    /// Of requests in flight, in this process.
    var concurrency = AdaptiveConcurrencyLimit.Settings()

    init(config: ConfigReader) {
        self.isOn = config.bool("VITRINE_RESILIENCE", default: true)
        self.readBreaker(config)
        self.bulkhead.inFlightMax = config.integer("VITRINE_BULKHEAD", default: 1_000, in: 1...1_000_000)
        self.bulkhead.queueMax = config.integer("VITRINE_BULKHEAD_QUEUE", default: 1_000, in: 0...1_000_000)
        self.readConcurrency(config)
        self.retries.attemptsMax = config.integer("VITRINE_RETRY_ATTEMPTS", default: 3, in: 1...10)
        self.retries.retryAfterMax = config.duration(
            "VITRINE_RETRY_AFTER_MAX", default: .milliseconds(500), in: .zero ... .seconds(600))
        self.budget.share = Double(config.integer("VITRINE_RETRY_BUDGET_PERCENT", default: 10, in: 0...100)) / 100
    }

    private mutating func readConcurrency(_ config: ConfigReader) {
        self.concurrency.smallest = config.integer("VITRINE_CONCURRENCY_MIN", default: 1_000, in: 1...1_000_000)
        self.concurrency.largest = config.integer("VITRINE_CONCURRENCY_MAX", default: 10_000, in: 1...1_000_000)
        if self.concurrency.largest < self.concurrency.smallest {
            config.reject("VITRINE_CONCURRENCY_MAX", "must not be less than VITRINE_CONCURRENCY_MIN")
        }
        self.concurrency.initial = self.concurrency.smallest
    }

    private mutating func readBreaker(_ config: ConfigReader) {
        let window = config.integer("VITRINE_BREAKER_WINDOW", default: 20, in: 1...10_000)
        self.breaker.window = .calls(window)
        self.breaker.callsMin = config.integer("VITRINE_BREAKER_CALLS_MIN", default: min(10, window), in: 1...10_000)
        if self.breaker.callsMin > window {
            config.reject("VITRINE_BREAKER_CALLS_MIN", "must not be more than VITRINE_BREAKER_WINDOW")
        }
        self.breaker.failureRatioMax =
            Double(config.integer("VITRINE_BREAKER_FAILURE_PERCENT", default: 50, in: 1...100)) / 100
        self.breaker.slowCall = config.duration(
            "VITRINE_BREAKER_SLOW_CALL", default: .seconds(1), in: .milliseconds(1) ... .seconds(600))
        self.breaker.slowRatioMax =
            Double(config.integer("VITRINE_BREAKER_SLOW_PERCENT", default: 80, in: 1...100)) / 100
        let range = Duration.milliseconds(10) ... .seconds(3_600)
        self.breaker.openBase = config.duration("VITRINE_BREAKER_OPEN", default: .seconds(1), in: range)
        self.breaker.openMax = config.duration("VITRINE_BREAKER_OPEN_MAX", default: .seconds(10), in: range)
        if self.breaker.openMax < self.breaker.openBase {
            config.reject("VITRINE_BREAKER_OPEN_MAX", "must not be shorter than VITRINE_BREAKER_OPEN")
        }
    }
}
