public import HTTPEngine
public import RPC

extension HTTPClientError: RPCTransportFailure {
    /// Whether the deadline passed.
    public var isTimeout: Bool { if case .timedOut = self.reason { true } else { false } }
    /// The code with which the peer ended the stream; nil without.
    public var http2ResetCode: UInt32? { if case .streamReset(let code) = self.reason { code.rawValue } else { nil } }
}
