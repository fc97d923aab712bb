public import Protobuf

/// Why a call failed: the status a handler throws and a client catches.
public struct RPCError: Error, Sendable {
    /// Never `ok`.
    public var code: RPCCode
    /// For developers, in one sentence. Travels to the caller.
    public var message: String
    /// Messages of `google.rpc`, packed; travel in `grpc-status-details-bin`.
    public var details: [RPCErrorDetail]
    /// The trailing metadata: what a server sends beside the status, and what a client received.
    public var metadata: RPCMetadata
    /// Whether the server cannot have seen the request, so that any call may be tried again.
    public var requestWasNotSent: Bool
    /// How long to wait before another try, as the server asked (`grpc-retry-pushback-ms`, `RetryInfo`); nil when it
    /// said nothing.
    public var retryAfter: Duration?
    /// For `error.type`, where it is not the code's name: low in cardinality, such as `connect_failed`.
    public var failureType: String?

    public init(
        _ code: RPCCode, _ message: String, details: [RPCErrorDetail] = [], metadata: RPCMetadata = .init(),
        requestWasNotSent: Bool = false, failureType: String? = nil
    ) {
        precondition(code != .ok, "OK is no error")
        self.code = code
        self.message = message
        self.details = details
        self.metadata = metadata
        self.requestWasNotSent = requestWasNotSent
        self.failureType = failureType
        self.retryAfter = details.isEmpty ? nil : details.retryDelay
    }

    /// Whether the deadline passed; what the server did with the request is then unknown.
    public var isTimeout: Bool { self.code == .deadlineExceeded }

    /// The value of `error.type`.
    public var errorType: String { self.failureType ?? self.code.name }

    /// The first detail of a type; nil where there is none, or it cannot be read.
    public func detail<Detail: ProtobufMessage>(_ type: Detail.Type) -> Detail? { self.details.first(of: type) }
}

extension RPCError: CustomStringConvertible {
    public var description: String {
        self.message.isEmpty ? self.code.name : "\(self.code.name): \(self.message)"
    }
}
