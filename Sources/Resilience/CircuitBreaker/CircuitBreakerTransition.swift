import Telemetry

/// A change of a breaker's state.
public struct CircuitBreakerTransition: Sendable, Hashable {
    /// From where to where and why: what is counted.
    public struct Kind: Sendable, Hashable {
        public let from: CircuitBreakerState
        public let to: CircuitBreakerState
        public let reason: CircuitTransitionReason

        /// All that can happen, so that each has its series from the start.
        public static let possible: [Kind] = {
            var kinds = [
                Kind(from: .closed, to: .open, reason: .failureRate),
                Kind(from: .closed, to: .open, reason: .slowCallRate),
                Kind(from: .open, to: .halfOpen, reason: .openElapsed),
                Kind(from: .halfOpen, to: .closed, reason: .probesSucceeded),
                Kind(from: .halfOpen, to: .open, reason: .probesFailed),
            ]
            for from in CircuitBreakerState.allCases {
                for to in [CircuitBreakerState.closed, .forcedOpen, .disabled] where from != to {
                    kinds.append(Kind(from: from, to: to, reason: .operator))
                }
            }
            return kinds
        }()

        static let indexByKind = Dictionary(uniqueKeysWithValues: zip(Self.possible, Self.possible.indices))
    }

    public let kind: Kind
    /// Monotonic nanoseconds.
    public let atNanoseconds: UInt64
    /// What the window held, or what the probes came to.
    public let totals: WindowTotals
    /// How long it stays open at the most; 0 for other states.
    public let openNanoseconds: UInt64
    /// The call that made the difference; none where no call did.
    public let trace: TraceReference
}

/// What a transition was decided on, for whoever asks afterwards.
public struct FlightRecord: Sendable, Hashable {
    public let transition: CircuitBreakerTransition
    /// The calls of the window or, from half open, the probes; the oldest first, the last of them at most.
    public let calls: [RecordedCall]
    /// The settings in force.
    public let settings: CircuitBreakerSettings
}
