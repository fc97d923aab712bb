import HTTPCore
public import HTTPEngine
public import RPC

/// What the pooled client says of a connection is what a call of gRPC needs to know.
extension HTTPClientError: RPCTransportFailure {}

/// Why the messages of a call could not be read to their end.
extension HTTPRefusal: RPCTransportFailure {
    public var requestWasNotSent: Bool { false }
    public var isTimeout: Bool { self.status.code == 408 }
    /// `ENHANCE_YOUR_CALM` for what is too large, which gRPC calls a resource exhausted; nil otherwise.
    public var http2ResetCode: UInt32? { self.status.code == 413 ? 0xB : nil }
    public var errorType: String { self.reason }
}
