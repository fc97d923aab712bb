public import Telemetry

/// What spans and log lines say of breakers.
extension Attribute {
    @inlinable
    public static var breakerName: AttributeKey<String> {
        .init("shop.breaker.name", .ours, "The circuit breaker: the upstream it guards.")
    }
    @inlinable
    public static var breakerState: AttributeKey<CircuitBreakerState> {
        .init("shop.breaker.state", .ours, "The state the breaker is in, or has come into.")
    }
    @inlinable
    public static var breakerFrom: AttributeKey<CircuitBreakerState> {
        .init("shop.breaker.from", .ours, "The state the breaker was in before.")
    }
    @inlinable
    public static var breakerReason: AttributeKey<CircuitTransitionReason> {
        .init("shop.breaker.reason", .ours, "Why the breaker changed its state.")
    }
    @inlinable
    public static var breakerFailureRatio: AttributeKey<Double> {
        .init("shop.breaker.failure_ratio", .ours, "The share of failures the breaker decided on.")
    }
    @inlinable
    public static var breakerSlowRatio: AttributeKey<Double> {
        .init("shop.breaker.slow_ratio", .ours, "The share of slow calls the breaker decided on.")
    }
    @inlinable
    public static var staleSeconds: AttributeKey<Double> {
        .init("shop.fallback.age_s", .ours, "How old the answer is that stood in for a fresh one, in seconds.")
    }

    /// All of this file.
    static var resilience: [any DeclaredAttribute] {
        [
            breakerName, breakerState, breakerFrom, breakerReason, breakerFailureRatio, breakerSlowRatio, staleSeconds,
        ]
    }
}
