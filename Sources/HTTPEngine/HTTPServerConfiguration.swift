public import HTTP2
public import HTTPCore

/// The bounds of one HTTP listener.
public struct HTTPServerConfiguration: Sendable {
    /// Bounds of a message's parts, enforced by the codec.
    public var limits = HTTP1Limits()
    /// Open connections per listener over all its loops; one more is answered 503 and closed.
    public var connectionsMax = 10_000
    /// How long a connection may rest between requests before it is closed; 75 s.
    public var idleTimeout: Duration = .seconds(75)
    /// From the first byte of a request to the end of its head; then 408 and close. 10 s.
    public var headTimeout: Duration = .seconds(10)
    /// The longest pause between two parts of a request's body; then 408 and close. 10 s.
    public var bodyTimeout: Duration = .seconds(10)
    /// The slowest a request's body may come, in bytes a second over the time spent waiting for it, beyond one
    /// `bodyTimeout`; 500.
    public var bodyBytesPerSecondMin = 500
    /// How long a peer may take to accept bytes of an answer before the connection is reset; 30 s.
    public var writeTimeout: Duration = .seconds(30)
    /// The largest request body taken at all, in bytes; routes set smaller ones. 8 MiB.
    public var bodyBytesMax = 8 << 20
    /// A request's unread body up to this many bytes is read away to keep the connection; beyond it, the connection
    /// is closed. 64 KiB.
    public var discardBytesMax = 64 << 10
    /// Outstanding bytes of a streamed answer from which its producer waits; 256 KiB.
    public var outboundHighWater = 256 << 10
    /// Whether an HTTP/2 request's body is a series of messages that are answered as they come, as gRPC's are: then
    /// `bodyBytesMax` and `bodyTimeout` do not bound it once it has begun, but its messages' own bounds and
    /// `conversationTimeout` do. No request is by default.
    public var isConversation: @Sendable (HTTPFields) -> Bool = { _ in false }
    /// The longest pause between two parts of such a body; 1 h.
    public var conversationTimeout: Duration = .seconds(3_600)
    /// Requests answered on one connection before it is closed, so that long-lived peers spread over loops and
    /// instances in time; 0: no bound.
    public var requestsPerConnectionMax = 0
    /// The bounds of an HTTP/2 connection: streams, windows, header lists, and budgets against floods.
    public var http2 = HTTP2Configuration()
    /// After how long a silence a peer with open streams is asked for a sign of life (HTTP/2 PING); nil: never. 60 s.
    public var keepAliveInterval: Duration? = .seconds(60)
    /// How long the sign of life may take before the connection is reset; 20 s.
    public var keepAliveTimeout: Duration = .seconds(20)

    public init() {}
}

/// What a listener tells about traffic that never became a request.
public protocol HTTPServerObserver: Sendable {
    /// A message was refused before it reached the responder. Called on the connection's loop.
    /// - Returns: the body of the answer and its content type.
    func messageRefused(_ refusal: HTTPRefusal, remoteAddress: String) -> HTTPResponse
    /// A connection was refused because the bound was reached or the system had no descriptor left.
    func connectionRefused(_ reason: String)
    /// A peer was too slow and was cut off while `phase` ("head", "body", "write", "ping").
    func peerTimedOut(_ phase: StaticString, remoteAddress: String)
    /// A stream or a connection of HTTP/2 was ended because a bound was reached or a rule broken. Called on the loop.
    func http2Refused(_ refusal: HTTP2Refusal, remoteAddress: String)
}

extension HTTPServerObserver {
    public func http2Refused(_ refusal: HTTP2Refusal, remoteAddress: String) {}
}

/// Why an HTTP/2 stream or connection was ended; a closed set, for metrics.
public enum HTTP2Refusal: String, Sendable, Hashable, CaseIterable {
    case rapidReset = "rapid_reset"
    case settingsFlood = "settings_flood"
    case pingFlood = "ping_flood"
    case emptyDataFlood = "empty_data_flood"
    case priorityFlood = "priority_flood"
    case windowUpdateFlood = "window_update_flood"
    case continuationFlood = "continuation_flood"
    case outboundFlood = "outbound_flood"
    /// A stream beyond the bound; it alone is refused.
    case concurrentStreams = "concurrent_streams"
    /// A malformed message or a frame that does not fit its stream; it alone is reset.
    case streamError = "stream_error"
    /// The connection broke the protocol.
    case protocolError = "protocol_error"

    init(_ abuse: HTTP2Abuse) {
        switch abuse {
        case .rapidReset: self = .rapidReset
        case .settingsFlood: self = .settingsFlood
        case .pingFlood: self = .pingFlood
        case .emptyDataFlood: self = .emptyDataFlood
        case .priorityFlood: self = .priorityFlood
        case .windowUpdateFlood: self = .windowUpdateFlood
        case .continuationFlood: self = .continuationFlood
        case .outboundFlood: self = .outboundFlood
        }
    }
}

/// Answers refusals with their status and a line of text, and tells nobody.
public struct SilentObserver: HTTPServerObserver {
    public init() {}
    public func messageRefused(_ refusal: HTTPRefusal, remoteAddress: String) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.contentType, "text/plain; charset=utf-8")
        return HTTPResponse(refusal.status, fields: fields, body: .bytes(Array((refusal.message + "\n").utf8)))
    }
    public func connectionRefused(_ reason: String) {}
    public func peerTimedOut(_ phase: StaticString, remoteAddress: String) {}
}
