/// How the end of a message's content is found (RFC 9112 section 6.3).
public enum HTTP1BodyFraming: Sendable, Hashable {
    /// There is no content.
    case none
    /// Exactly so many bytes, one at least.
    case length(Int)
    case chunked
    /// All that comes until the peer closes: responses only.
    case untilClose
}
