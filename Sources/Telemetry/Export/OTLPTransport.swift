/// Carries OTLP requests: the one seam through which `Telemetry` reaches the network.
public protocol OTLPTransport: Sendable {
    /// Sends one request and answers whatever status came, within the request's timeout. Called with spans suppressed, one
    /// request at a time for each signal; ends early when its task is cancelled.
    ///
    /// - Throws: `OTLPNotSent` when the receiver certainly got nothing, any other error when no answer came; the exporter
    ///   then tries again.
    func send(_ request: OTLPRequest) async throws -> OTLPResponse

    /// The body in the gzip format (RFC 1952); nil where the transport cannot, and it is sent as it is.
    func gzip(_ body: [UInt8]) -> [UInt8]?
}

extension OTLPTransport {
    public func gzip(_ body: [UInt8]) -> [UInt8]? { nil }
}

/// The request did not reach the receiver: sending it again makes no duplicate.
public struct OTLPNotSent: Error, Sendable, Hashable {
    /// For people.
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
}

/// One export: a POST of JSON.
public struct OTLPRequest: Sendable {
    public let signal: OTLPSignal
    /// Address, path and headers.
    public let endpoint: OTLPEndpoint
    /// `application/json`.
    public let contentType: String
    /// `gzip` for a compressed body; nil for one that is as it is.
    public let contentEncoding: String?
    public let body: [UInt8]
    /// Longest an answer is waited for: the endpoint's timeout, or what is left of an export.
    public let timeout: Duration

    public init(
        signal: OTLPSignal, endpoint: OTLPEndpoint, body: [UInt8], contentType: String = "application/json",
        contentEncoding: String? = nil, timeout: Duration? = nil
    ) {
        self.timeout = timeout ?? endpoint.timeout
        self.signal = signal
        self.endpoint = endpoint
        self.body = body
        self.contentType = contentType
        self.contentEncoding = contentEncoding
    }
}

/// What the receiver answered.
public struct OTLPResponse: Sendable {
    public let status: Int
    /// `Retry-After`, seconds or a date turned into a wait.
    public let retryAfter: Duration?
    public let body: [UInt8]

    public init(status: Int, retryAfter: Duration? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}
