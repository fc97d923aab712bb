package import Telemetry

/// The series of breakers. The machine keeps the numbers, and a scrape reads them: recording a call counts nothing
/// twice.
package enum CircuitBreakerMetrics {
    private static let states = CircuitBreakerState.allCases.map(\.rawValue)

    package static let state = DynamicDescriptor(
        "resilience.circuit_breaker.state", kind: .gauge, unit: .none,
        help: "State of the breaker: 1 for the one it is in, 0 for the others.", labelNames: ["breaker", "state"],
        labelValues: ["state": Self.states])
    package static let transitions = DynamicDescriptor(
        "resilience.circuit_breaker.transitions", kind: .counter, unit: .count("transition"),
        help: "Changes of a breaker's state.", labelNames: ["breaker", "from", "to", "reason"],
        labelValues: [
            "from": Self.states, "to": Self.states, "reason": CircuitTransitionReason.allCases.map(\.rawValue),
        ])
    package static let stateSeconds = DynamicDescriptor(
        "resilience.circuit_breaker.state_seconds", kind: .counter, unit: .seconds,
        help: "Time spent in each state, so that an opening shorter than a scrape is seen.",
        labelNames: ["breaker", "state"], labelValues: ["state": Self.states])
    package static let calls = DynamicDescriptor(
        "resilience.circuit_breaker.calls", kind: .counter, unit: .count("call"),
        help: "Calls by what the breaker took them for.", labelNames: ["breaker", "outcome"],
        labelValues: ["outcome": CircuitCallLabel.allCases.map(\.rawValue)])
    package static let failureRatio = DynamicDescriptor(
        "resilience.circuit_breaker.failure_ratio", kind: .gauge, unit: .ratio,
        help: "Share of failures in the breaker's window.", labelNames: ["breaker"])
    package static let slowRatio = DynamicDescriptor(
        "resilience.circuit_breaker.slow_ratio", kind: .gauge, unit: .ratio,
        help: "Share of slow calls in the breaker's window.", labelNames: ["breaker"])

    static func observe(_ breaker: CircuitBreaker, in metrics: MetricRegistry) {
        let name = breaker.name
        metrics.observable(self.state) {
            let current = breaker.state
            return CircuitBreakerState.allCases.map { ([name, $0.rawValue], $0 == current ? 1 : 0) }
        }
        metrics.observable(self.transitions) {
            let counts = breaker.inspect { machine, _ in
                CircuitBreakerTransition.Kind.possible.indices.map { machine.transitionCount(at: $0) }
            }
            return zip(CircuitBreakerTransition.Kind.possible, counts).map { kind, count in
                ([name, kind.from.rawValue, kind.to.rawValue, kind.reason.rawValue], Double(count))
            }
        }
        metrics.observable(self.stateSeconds) {
            breaker.inspect { machine, now in
                CircuitBreakerState.allCases.map {
                    ([name, $0.rawValue], Double(machine.nanoseconds(in: $0, now: now)) * 1e-9)
                }
            }
        }
        metrics.observable(self.calls) {
            breaker.inspect { machine, _ in
                CircuitCallLabel.allCases.map { ([name, $0.rawValue], Double(machine.callCount($0))) }
            }
        }
        metrics.observable(self.failureRatio) {
            [([name], breaker.inspect { $0.totals(now: $1).failureRatio })]
        }
        metrics.observable(self.slowRatio) {
            [([name], breaker.inspect { $0.totals(now: $1).slowRatio })]
        }
    }
}
