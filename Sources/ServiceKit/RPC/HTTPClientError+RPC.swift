public import HTTPEngine
public import RPC

/// What the pooled client says of a connection is what a call of gRPC needs to know.
extension HTTPClientError: RPCTransportFailure {}
