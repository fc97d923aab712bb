/// The protocol version a message was received or is to be sent in.
public enum HTTPVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    case http10, http11, http2

    /// As in `network.protocol.version` of the OpenTelemetry semantic conventions, with the protocol's name:
    /// `HTTP/1.1`.
    public var description: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2"
        }
    }
}
