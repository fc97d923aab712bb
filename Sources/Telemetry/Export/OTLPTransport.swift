/// Carries OTLP requests: the one seam through which `Telemetry` reaches the network.
public protocol OTLPTransport: Sendable {
    /// Sends one request and answers whatever status came. Called with spans suppressed, one request at a time for each
    /// signal.
    ///
    /// - Throws: when no answer came; the exporter then tries again.
    func send(_ request: OTLPRequest) async throws -> OTLPResponse
}

/// One export: a POST of JSON.
public struct OTLPRequest: Sendable {
    public let signal: OTLPSignal
    /// Address, path, headers, compression and timeout. With `.gzip` the transport compresses `body` if it can, and
    /// sets `content-encoding`.
    public let endpoint: OTLPEndpoint
    /// `application/json`.
    public let contentType: String
    public let body: [UInt8]

    public init(signal: OTLPSignal, endpoint: OTLPEndpoint, body: [UInt8], contentType: String = "application/json") {
        self.signal = signal
        self.endpoint = endpoint
        self.body = body
        self.contentType = contentType
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
