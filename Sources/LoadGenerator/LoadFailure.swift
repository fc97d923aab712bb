/// One request that failed, with what is needed to look it up.
public struct LoadFailure: Sendable, Hashable {
    public let step: LoadStep
    public let outcome: LoadOutcome
    /// 32 hexadecimal digits, as `traceparent` carried them.
    public let traceID: String
    /// Since the run began, at the end of the request.
    public let instant: Duration
    /// From the intended start.
    public let latency: Duration
}
