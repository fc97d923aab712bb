/// What an error of the transport tells about a call that has no status.
///
/// The client that carries the requests is of another module; whoever puts the two together makes its error conform.
public protocol RPCTransportFailure: Error {
    /// Whether the server cannot have seen the request.
    var requestWasNotSent: Bool { get }
    /// Whether the deadline passed.
    var isTimeout: Bool { get }
    /// The code of the `RST_STREAM` frame with which the server ended the stream (RFC 9113 section 7); nil without.
    var http2ResetCode: UInt32? { get }
    /// A name of low cardinality for `error.type`.
    var errorType: String { get }
}

extension RPCError {
    /// The status of a call whose transport failed.
    ///
    /// - Parameter isCancelled: Whether the caller's task was cancelled, which explains whatever was thrown.
    public init(transport error: any Error, isCancelled: Bool) {
        if let status = error as? RPCError {
            self = status
            return
        }
        guard let failure = error as? any RPCTransportFailure else {
            let isCancellation = isCancelled || error is CancellationError
            self.init(
                isCancellation ? .cancelled : .unavailable, isCancellation ? "The caller gave up." : "\(error)",
                failureType: isCancellation ? nil : String(reflecting: Swift.type(of: error)))
            return
        }
        let code: RPCCode
        if failure.isTimeout {
            code = .deadlineExceeded
        } else if isCancelled {
            code = .cancelled
        } else if let reset = failure.http2ResetCode {
            code = RPCCode(http2ResetCode: reset)
        } else {
            code = .unavailable
        }
        // A refused stream has not been processed (RFC 9113 section 8.7).
        let isRefused = failure.http2ResetCode == 0x7
        self.init(
            code, "\(error)", requestWasNotSent: failure.requestWasNotSent || isRefused,
            failureType: code == .cancelled || code == .deadlineExceeded ? nil : failure.errorType)
    }
}
