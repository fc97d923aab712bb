import Resilience
import Testing

@testable import ServiceKit

@Suite("Settings of breakers, retries and shedding")
struct ResilienceSettingsTests {
    private func settings(
        _ environment: [String: String]
    ) -> (settings: ResilienceSettings, config: ConfigReader, complaints: [String]) {
        let config = ConfigReader(environment)
        let settings = ResilienceSettings(config: config)
        do throws(ConfigurationError) { try config.validate() } catch { return (settings, config, error.messages) }
        return (settings, config, [])
    }

    @Test("The defaults are what .env.example says")
    func defaults() {
        let (settings, _, complaints) = self.settings([:])
        #expect(complaints.isEmpty)
        #expect(settings.isOn)
        #expect(settings.breaker.window == .calls(20))
        #expect(settings.breaker.callsMin == 10)
        #expect(settings.breaker.failureRatioMax == 0.5)
        #expect(settings.breaker.slowCall == .seconds(1))
        #expect(settings.breaker.slowRatioMax == 0.8)
        #expect(settings.breaker.openBase == .seconds(1))
        #expect(settings.breaker.openMax == .seconds(10))
        #expect(settings.retries.attemptsMax == 3)
        #expect(settings.retries.retryAfterMax == .milliseconds(500))
        #expect(settings.budget.share == 0.1)
        #expect(settings.concurrency.smallest == 1_000)
        #expect(settings.concurrency.initial == 1_000)
        #expect(settings.concurrency.largest == 10_000)
    }

    @Test("Each variable sets what it names")
    func values() {
        let (settings, _, complaints) = self.settings([
            "VITRINE_RESILIENCE": "false", "VITRINE_BREAKER_WINDOW": "50", "VITRINE_BREAKER_CALLS_MIN": "5",
            "VITRINE_BREAKER_FAILURE_PERCENT": "25", "VITRINE_BREAKER_SLOW_CALL": "250ms",
            "VITRINE_BREAKER_SLOW_PERCENT": "100", "VITRINE_BREAKER_OPEN": "2s", "VITRINE_BREAKER_OPEN_MAX": "1m",
            "VITRINE_RETRY_ATTEMPTS": "1", "VITRINE_RETRY_AFTER_MAX": "0s", "VITRINE_RETRY_BUDGET_PERCENT": "0",
            "VITRINE_CONCURRENCY_MIN": "8", "VITRINE_CONCURRENCY_MAX": "16",
        ])
        #expect(complaints.isEmpty)
        #expect(!settings.isOn)
        #expect(settings.breaker.window == .calls(50))
        #expect(settings.breaker.callsMin == 5)
        #expect(settings.breaker.failureRatioMax == 0.25)
        #expect(settings.breaker.slowCall == .milliseconds(250))
        #expect(settings.breaker.slowRatioMax == 1)
        #expect(settings.breaker.openBase == .seconds(2))
        #expect(settings.breaker.openMax == .seconds(60))
        #expect(settings.retries.attemptsMax == 1)
        #expect(settings.retries.retryAfterMax == .zero)
        #expect(settings.budget.share == 0)
        #expect(settings.concurrency.smallest == 8)
        #expect(settings.concurrency.initial == 8)
        #expect(settings.concurrency.largest == 16)
    }

    @Test(
        "A value out of its range is a mistake that is named",
        arguments: [
            ("VITRINE_RESILIENCE", "maybe"), ("VITRINE_BREAKER_WINDOW", "0"), ("VITRINE_BREAKER_WINDOW", "10001"),
            ("VITRINE_BREAKER_CALLS_MIN", "0"), ("VITRINE_BREAKER_FAILURE_PERCENT", "0"),
            ("VITRINE_BREAKER_FAILURE_PERCENT", "101"), ("VITRINE_BREAKER_SLOW_CALL", "0ms"),
            ("VITRINE_BREAKER_SLOW_CALL", "fast"), ("VITRINE_BREAKER_SLOW_PERCENT", "0"),
            ("VITRINE_BREAKER_OPEN", "9ms"), ("VITRINE_BREAKER_OPEN_MAX", "3601s"), ("VITRINE_RETRY_ATTEMPTS", "0"),
            ("VITRINE_RETRY_ATTEMPTS", "11"), ("VITRINE_RETRY_AFTER_MAX", "601s"),
            ("VITRINE_RETRY_BUDGET_PERCENT", "-1"), ("VITRINE_RETRY_BUDGET_PERCENT", "101"),
            ("VITRINE_CONCURRENCY_MIN", "0"), ("VITRINE_CONCURRENCY_MAX", "1000001"),
        ])
    func ranges(name: String, value: String) {
        let (_, _, complaints) = self.settings([name: value])
        #expect(complaints.count == 1, "\(complaints)")
        #expect(complaints.allSatisfy { $0.contains(name) })
    }

    @Test("Bounds that contradict each other are named, the one against the other")
    func contradictions() {
        let (_, _, complaints) = self.settings([
            "VITRINE_CONCURRENCY_MIN": "20", "VITRINE_CONCURRENCY_MAX": "10", "VITRINE_BREAKER_OPEN": "5s",
            "VITRINE_BREAKER_OPEN_MAX": "4s",
        ])
        #expect(complaints.count == 2)
        #expect(
            complaints.contains {
                $0.contains("VITRINE_CONCURRENCY_MAX") && $0.contains("VITRINE_CONCURRENCY_MIN")
            })
        #expect(
            complaints.contains { $0.contains("VITRINE_BREAKER_OPEN_MAX") && $0.hasSuffix("VITRINE_BREAKER_OPEN") })
        #expect(self.settings(["VITRINE_BREAKER_OPEN": "4s", "VITRINE_BREAKER_OPEN_MAX": "4s"]).complaints.isEmpty)
    }
}
