import Resilience
import Telemetry

extension StateName {
    /// As `Self.breakerState` numbers them.
    static let breakerStates = [
        StateName(0, "closed", .green), StateName(1, "half open", .yellow), StateName(2, "open", .red),
        StateName(3, "forced open", .purple), StateName(4, "disabled", .grey),
    ]
}

extension PromQL {
    /// The number of the state that each breaker is in; the worst of a service's instances.
    static func breakerState(_ conditions: LabelCondition...) -> PromQL {
        let states: [CircuitBreakerState] = [.halfOpen, .open, .forcedOpen, .disabled]
        let terms = states.enumerated().map { index, state in
            Series(
                CircuitBreakerMetrics.state, where: conditions + [.is(.state, state.rawValue)]
            ).value.max(by: [.service, .breaker]) * Double(index + 1)
        }
        return terms.dropFirst().reduce(terms[0], +)
    }

    /// How many breakers refuse calls now.
    static func openBreakers(_ conditions: LabelCondition...) -> PromQL {
        let refusing: [CircuitBreakerState] = [.open, .forcedOpen]
        let states = refusing.map(\.rawValue).joined(separator: "|")
        return Series(CircuitBreakerMetrics.state, where: conditions + [.matches(.state, states)]).value.sum()
    }
}
