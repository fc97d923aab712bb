import HTTPCore
public import RPC
import Resilience
public import Routing

/// A call of another service through gRPC has failed, in a way that its caller does not expect.
public struct UpstreamStatus: Error, Sendable, ProblemConvertible, CustomStringConvertible {
    public let name: ServiceName
    public let status: RPCError

    public init(_ status: RPCError, from name: ServiceName) {
        self.name = name
        self.status = status
    }

    /// Whether the other service may have done what was asked for, although it did not say so.
    public var mayHaveHadEffect: Bool {
        guard !self.status.requestWasNotSent else { return false }
        return switch self.status.code {
        case .cancelled, .unknown, .deadlineExceeded, .internal, .dataLoss, .ok: true
        // The server itself said that it cannot: then it has not. Without its word nobody knows.
        case .unavailable, .resourceExhausted: self.status.failureType != nil
        default: false
        }
    }

    /// What a caller further up is told.
    public var problem: Problem { self.told.fromUpstream }

    private var told: Problem {
        switch self.status.code {
        case .unavailable, .resourceExhausted, .cancelled:
            let isResting = self.status.failureType == CircuitOpenError.errorType
            return .unavailable(
                isResting
                    ? "The \(self.name.rawValue) service has failed too often lately and is given a rest."
                    : "The \(self.name.rawValue) service cannot be reached.",
                code: isResting ? "circuit-open" : "upstream-unavailable", retryAfterSeconds: self.retryAfterSeconds)
        case .deadlineExceeded:
            return .gatewayTimeout("The \(self.name.rawValue) service did not answer in time.")
        default: return Problem(.badGateway, detail: "The \(self.name.rawValue) service failed.")
        }
    }

    private var retryAfterSeconds: Int {
        guard let wait = self.status.retryAfter else { return 1 }
        let (seconds, attoseconds) = wait.components
        return max(1, Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0))
    }

    public var description: String { "\(self.name.rawValue): \(self.status)" }
}
