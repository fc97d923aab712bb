public import Telemetry

/// A call was refused without being made, because its breaker is open.
public struct CircuitOpenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The breaker's name: the upstream's.
    public let breaker: String
    public let state: CircuitBreakerState
    /// When it makes sense to come again, in nanoseconds from now.
    public let retryAfterNanoseconds: UInt64
    /// The call that tripped the breaker: what a refused call's span links to.
    public let trippedBy: SpanContext?

    /// `circuit_open`, the value of `error.type`.
    public static let errorType = "circuit_open"

    /// For `Retry-After`: whole seconds, at least 1.
    public var retryAfterSeconds: Int {
        max(1, Int(clamping: self.retryAfterNanoseconds.saturatingAdd(999_999_999) / 1_000_000_000))
    }

    public var description: String { "the circuit of \(self.breaker) is \(self.state.rawValue)" }

    /// Makes the short span of a refused call: a client span in error, with a link to the trace that tripped the
    /// breaker.
    ///
    /// - Parameters:
    ///   - name: what the span of the call would have been called.
    ///   - attributes: what that span would have said.
    public func recordSpan(_ name: String, attributes: [Attribute] = [], tracer: Tracer) {
        let links = self.trippedBy.map { [SpanLink($0, [.breakerName(self.breaker)])] } ?? []
        let span = tracer.startSpan(name, kind: .client, attributes: attributes, links: links)
        span.setAttributes([
            .breakerName(self.breaker), .breakerState(self.state), .errorType(Self.errorType),
        ])
        span.setStatus(.error(self.description))
        span.end()
    }
}
