import HTTPEngine
import RPC

extension HTTPClientError: RPCTransportFailure {
    /// Whether the deadline passed.
    public var isTimeout: Bool { if case .timedOut = self.reason { true } else { false } }
}
