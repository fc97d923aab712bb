public import Telemetry

/// What a breaker does with calls.
public enum CircuitBreakerState: String, MetricLabel, AttributeRepresentable {
    /// Lets all through and counts how they end.
    case closed
    /// Refuses all until its time is over.
    case open
    /// Lets a few through to find out.
    case halfOpen = "half_open"
    /// Refuses all until an operator says otherwise.
    case forcedOpen = "forced_open"
    /// Lets all through and judges none.
    case disabled

    public static var labelName: String { "state" }

    /// Whether every call is let through.
    var letsAllThrough: Bool { self == .closed || self == .disabled }
}

/// Why a breaker changed its state.
public enum CircuitTransitionReason: String, MetricLabel, AttributeRepresentable {
    /// Too great a share of the window failed.
    case failureRate = "failure_rate"
    /// Too great a share of the window was slow.
    case slowCallRate = "slow_call_rate"
    /// The time of being open is over, and a call came.
    case openElapsed = "open_elapsed"
    /// Enough probes went well.
    case probesSucceeded = "probes_succeeded"
    /// So many probes failed or were slow that enough can no longer go well.
    case probesFailed = "probes_failed"
    /// Somebody said so.
    case `operator`

    public static var labelName: String { "reason" }
}

/// What became of a call, as its caller sees it. Whether it was slow is found out from its instants.
public enum CallOutcome: UInt8, Sendable, Hashable {
    case success
    case failure
    /// Says nothing about the other side: cancelled, refused before it was sent, or wrong by the caller's own fault.
    case ignored
}

/// How calls are counted.
public enum CircuitCallLabel: String, MetricLabel {
    case success
    case failure
    /// Went well, but took longer than it may.
    case slow
    /// Refused by the breaker.
    case rejected
    /// Cancelled, or answered after the state had changed.
    case ignored

    public static var labelName: String { "outcome" }
}
