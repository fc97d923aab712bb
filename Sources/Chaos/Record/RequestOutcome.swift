/// How one request of the load ended.
public struct RequestOutcome: Sendable, Hashable {
    /// When it was meant to be sent, in seconds since the run began. By this it belongs to a phase.
    public let at: Double
    /// Which step of a journey it was: `browse`, `checkout`.
    public let step: String
    /// 0 when there was no answer.
    public let status: Int
    /// From when it was meant to be sent to the end of its answer.
    public let seconds: Double
    public let hasRetryAfter: Bool
    /// Whether the answer says that it is stale or degraded.
    public let isStale: Bool
    public let traceID: String?

    public init(
        at: Double, step: String, status: Int, seconds: Double, hasRetryAfter: Bool = false, isStale: Bool = false,
        traceID: String? = nil
    ) {
        self.at = at
        self.step = step
        self.status = status
        self.seconds = seconds
        self.hasRetryAfter = hasRetryAfter
        self.isStale = isStale
        self.traceID = traceID
    }

    /// No answer, or one from 500 on.
    public var isError: Bool { self.status == 0 || self.status >= 500 }
}
