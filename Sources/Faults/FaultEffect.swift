/// What a fault does, with the numbers that its kind needs.
public enum FaultEffect: Sendable, Hashable {
    /// Waits before going on.
    case latency(Latency)
    /// Fails at once.
    case error(Failure)
    /// Breaks the connection off.
    case reset
    /// Never answers: waits until the deadline.
    case hang
    /// Breaks off in the middle of the answer's body, after this many bytes.
    case truncate(afterBytes: Int)
    /// Sends the answer's body a few bytes at a time.
    case slowBody(bytesPerSecond: Int)
    case paymentDecline
    /// The money is taken and the answer lost.
    case paymentTimeoutAfterSuccess
    case paymentUnavailable
    /// Keeps a thread busy for this share of one processor, 0.01 to 1.
    case cpuBurn(share: Double)
    /// Lets every traffic loop stand still for `block`, once every `every`.
    case loopBlock(block: Duration, every: Duration)
    /// Holds this much memory.
    case memoryGrowth(mebibytes: Int)

    /// How an error looks to whoever gets it.
    public struct Failure: Sendable, Hashable {
        /// The status of an answer, 400 to 599. Nil: 503 at the server; at the client the connection is refused.
        public var status: Int?
        /// The same for gRPC, 1 to 16. Nil: 14, unavailable.
        public var grpcStatus: Int?
        public var retryAfterSeconds: Int?

        public init(status: Int? = nil, grpcStatus: Int? = nil, retryAfterSeconds: Int? = nil) {
            self.status = status
            self.grpcStatus = grpcStatus
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    public var kind: FaultKind {
        switch self {
        case .latency: .latency
        case .error: .error
        case .reset: .reset
        case .hang: .hang
        case .truncate: .truncate
        case .slowBody: .slowBody
        case .paymentDecline: .paymentDecline
        case .paymentTimeoutAfterSuccess: .paymentTimeoutAfterSuccess
        case .paymentUnavailable: .paymentUnavailable
        case .cpuBurn: .cpuBurn
        case .loopBlock: .loopBlock
        case .memoryGrowth: .memoryGrowth
        }
    }
}
