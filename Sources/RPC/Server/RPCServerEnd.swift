/// How a call ended, as its caller and as telemetry see it.
struct RPCServerEnd {
    /// What the caller is told; nil for `OK`.
    let error: RPCError?
    /// For `error.type`; nil on success.
    let errorType: String?
    /// For the log and the span: may name internals, never goes to the caller.
    let detail: String?
    /// Whether nobody foresaw it: a defect, which leaves its exception behind.
    let isUnexpected: Bool

    init(_ error: RPCError) {
        self.init(error, errorType: error.errorType, detail: error.message)
    }

    private init(_ error: RPCError?, errorType: String?, detail: String?, isUnexpected: Bool = false) {
        self.error = error
        self.errorType = errorType
        self.detail = detail
        self.isUnexpected = isUnexpected
    }

    /// - Parameters:
    ///   - thrown: what came out of the handler; nil when it ended well.
    ///   - hasExpired: whether the deadline passed meanwhile, which explains whatever was thrown.
    ///   - isCancelled: whether the caller went meanwhile, which does so too.
    init(_ thrown: (any Error)?, hasExpired: Bool, isCancelled: Bool) {
        guard let thrown else {
            self.init(nil, errorType: nil, detail: nil)
            return
        }
        if hasExpired {
            self.init(.deadlineExceeded)
            return
        }
        if isCancelled {
            self.init(RPCError(.cancelled, "The caller gave up."))
            return
        }
        switch thrown {
        case let error as RPCError: self.init(error)
        case let error as any RPCErrorConvertible: self.init(error.rpcError)
        case is CancellationError: self.init(RPCError(.cancelled, "The call was cancelled."))
        default:
            self.init(
                RPCError(.internal, "The call failed."), errorType: String(reflecting: Swift.type(of: thrown)),
                detail: "\(thrown)", isUnexpected: true)
        }
    }
}

/// An error of the application that knows what callers are told.
public protocol RPCErrorConvertible: Error {
    var rpcError: RPCError { get }
}
