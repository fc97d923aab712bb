import Telemetry
import TelemetryTesting
import Testing

@testable import Resilience

/// The names are a contract: dashboards, alerts and experiments are written against them.
@Suite("Telemetry of resilience")
struct ResilienceTelemetryTests {
    private let time = TestTime()

    /// All parts with one telemetry, as a service has them.
    private func everything(_ test: TestTelemetry) -> (CircuitBreaker, [any Sendable]) {
        let telemetry = test.telemetry
        let breaker = CircuitBreaker("product", .small, seed: 1, clock: self.time.clock, telemetry: telemetry)
        let rest: [any Sendable] = [
            Retrier(client: "product", telemetry: telemetry), Bulkhead("product", telemetry: telemetry),
            KeyedRateLimiter(name: "address", limit: GCRA(rate: 1, burst: 1), telemetry: telemetry),
            LoadShedder("server", telemetry: telemetry), DeadlineCounts(client: "product", telemetry: telemetry),
            Fallback<String, String>("products", telemetry: telemetry),
            OutlierCounts(client: "product", telemetry: telemetry) { 0 },
        ]
        return (breaker, rest)
    }

    @Test(
        "Each series of the table has its name, type and labels, from the start",
        arguments: [
            ("resilience_circuit_breaker_state", "gauge", ["breaker", "state"]),
            ("resilience_circuit_breaker_transitions_total", "counter", ["breaker", "from", "to", "reason"]),
            ("resilience_circuit_breaker_state_seconds_total", "counter", ["breaker", "state"]),
            ("resilience_circuit_breaker_calls_total", "counter", ["breaker", "outcome"]),
            ("resilience_circuit_breaker_failure_ratio", "gauge", ["breaker"]),
            ("resilience_circuit_breaker_slow_ratio", "gauge", ["breaker"]),
            ("resilience_retry_attempts_total", "counter", ["client", "outcome"]),
            ("resilience_retry_budget_remaining_ratio", "gauge", ["client"]),
            ("resilience_bulkhead_inflight", "gauge", ["bulkhead"]),
            ("resilience_bulkhead_rejected_total", "counter", ["bulkhead"]),
            ("resilience_rate_limiter_rejected_total", "counter", ["limiter"]),
            ("resilience_load_shed_total", "counter", ["priority"]),
            ("resilience_fallback_total", "counter", ["fallback", "outcome"]),
            ("resilience_outlier_ejected", "gauge", ["client"]),
            ("resilience_outlier_ejections_total", "counter", ["client"]),
            ("resilience_deadline_exceeded_total", "counter", ["client"]),
        ])
    func names(name: String, type: String, labels: [String]) throws {
        let test = TestTelemetry()
        let parts = self.everything(test)
        let text = try test.samples()
        let series = text.series(name)
        #expect(!series.isEmpty)
        for sample in series { #expect(Set(sample.labels.keys) == Set(labels)) }
        #expect(text.families.values.first { $0.name == name || $0.name + "_total" == name }?.type == type)
        withExtendedLifetime(parts) {}
    }

    @Test("Label values are those of the table")
    func labels() throws {
        let test = TestTelemetry()
        let parts = self.everything(test)
        let text = try test.samples()
        func values(_ name: String, _ label: String) -> Set<String> {
            Set(text.series(name).compactMap { $0.labels[label] })
        }
        #expect(
            values("resilience_circuit_breaker_state", "state")
                == ["closed", "open", "half_open", "forced_open", "disabled"])
        #expect(
            values("resilience_circuit_breaker_calls_total", "outcome")
                == ["success", "failure", "slow", "rejected", "ignored"])
        #expect(values("resilience_load_shed_total", "priority") == ["critical", "normal", "sheddable", "background"])
        #expect(
            text.series("resilience_circuit_breaker_transitions_total").count
                == CircuitBreakerTransition.Kind.possible.count)
        withExtendedLifetime(parts) {}
    }

    @Test("An opening shorter than a scrape is seen in transitions and in seconds")
    func seesShortOpenings() throws {
        let test = TestTelemetry()
        let breaker = self.everything(test).0
        for _ in 0..<4 {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(.failure, for: permit, start: self.time.now, end: self.time.now)
        }
        #expect(try test.value("resilience_circuit_breaker_state", ["breaker": "product", "state": "open"]) == 1)
        #expect(try test.value("resilience_circuit_breaker_state", ["breaker": "product", "state": "closed"]) == 0)
        #expect(throws: CircuitOpenError.self) { try breaker.permit(now: self.time.now) }
        self.time.advance(5 * second)
        for _ in 0..<2 {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(.success, for: permit, start: self.time.now, end: self.time.now)
        }
        func value(_ name: String, _ labels: [String: String]) throws -> Double? {
            try test.value("resilience_circuit_breaker_" + name, labels.merging(["breaker": "product"]) { $1 })
        }
        #expect(try value("state", ["state": "closed"]) == 1)
        #expect(try value("state_seconds_total", ["state": "open"]) == 5)
        for (from, to, reason) in [
            ("closed", "open", "failure_rate"), ("open", "half_open", "open_elapsed"),
            ("half_open", "closed", "probes_succeeded"),
        ] {
            #expect(try value("transitions_total", ["from": from, "to": to, "reason": reason]) == 1)
        }
        #expect(try value("calls_total", ["outcome": "rejected"]) == 1)
        #expect(try value("calls_total", ["outcome": "failure"]) == 4)
        #expect(try value("calls_total", ["outcome": "success"]) == 2)
    }

    @Test("The shares are those of the window")
    func showsRatios() throws {
        let test = TestTelemetry()
        let breaker = self.everything(test).0
        for (outcome, latency) in [(CallOutcome.failure, 0), (.success, 3 * second), (.success, 0)] {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(outcome, for: permit, start: self.time.now, end: self.time.now + latency)
        }
        let labels = ["breaker": "product"]
        #expect(abs(try #require(try test.value("resilience_circuit_breaker_failure_ratio", labels)) - 1.0 / 3) < 1e-9)
        #expect(abs(try #require(try test.value("resilience_circuit_breaker_slow_ratio", labels)) - 1.0 / 3) < 1e-9)
    }

    @Test("What is declared covers what breakers emit")
    func declares() throws {
        let test = TestTelemetry()
        let breaker = self.everything(test).0
        let span = test.tracer.startSpan("call")
        for _ in 0..<4 {
            let permit = try breaker.permit(now: self.time.now)
            breaker.record(.failure, for: permit, start: self.time.now, end: self.time.now, span: span)
        }
        span.end()
        let catalogue = TelemetryCatalogue.resilience
        let event = try #require(test.span(named: "call")?.events.first { $0.name.hasPrefix("circuit") })
        let declared = try #require(catalogue.spanEvents.first { $0.name == event.name })
        #expect(Set(event.attributes.map(\.key)).isSubset(of: declared.attributes.map(\.key)))
        #expect(Set(event.attributes.map(\.key)).isSubset(of: catalogue.attributes.map(\.key)))
        #expect(catalogue.logEvents.contains { $0.message == "circuit opened" && $0.level == .warning })
        for metric in test.metrics.descriptions where metric.name.hasPrefix("resilience.") {
            for label in metric.labelNames where label != "reason" {
                #expect(catalogue.labels.contains { $0.name == label }, "\(metric.name): \(label)")
            }
        }
    }
}
