public import HTTPCore

/// The number of a stream: odd for those a client opened.
public typealias HTTP2StreamID = Int32

/// What a session found in the bytes it was fed, or what became of bytes that were sent.
public enum HTTP2Event: Sendable {
    /// A client's request; its body is empty here and comes in `data`, unless `isLast`.
    case request(HTTP2StreamID, HTTPRequest, length: Int?, isLast: Bool)
    /// A server's final answer; its body is empty here and comes in `data`, unless `isLast`.
    case response(HTTP2StreamID, HTTPResponse, length: Int?, isLast: Bool)
    /// Content. The peer's window opens again once as many bytes have been `consume`d.
    case data(HTTP2StreamID, [UInt8])
    case trailers(HTTP2StreamID, HTTPFields)
    /// The peer's side of the stream has ended well.
    case end(HTTP2StreamID)
    /// A head that is sound HTTP/2 and yet not acceptable. A server may still answer; a client's stream is being reset.
    case malformed(HTTP2StreamID, HTTP1Error)
    /// The outbound bytes of the stream fell below the mark that was asked for.
    case drained(HTTP2StreamID)
    /// The stream is over: reset by either side, or complete on both.
    case closed(HTTP2StreamID, HTTP2ErrorCode)
    /// The peer answered a PING.
    case pong
    /// The peer's settings have changed.
    case settings
    /// The peer takes no streams above `last`.
    case goAway(last: HTTP2StreamID, HTTP2ErrorCode)
    /// A frame broke a rule and made us reset its stream; the text is nghttp2's name for the rule.
    case faulted(HTTP2StreamID, String)
    /// The peer exceeded a budget; GOAWAY is on its way.
    case abused(HTTP2Abuse)
    /// The connection broke the protocol beyond repair; GOAWAY may be on its way.
    case failed(String)
}
