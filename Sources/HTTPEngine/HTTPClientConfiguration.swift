public import HTTP2
public import TLS

/// The bounds of a client's connections to one upstream.
public struct HTTPClientConfiguration: Sendable {
    /// Connections per event loop; a call that finds all in use waits in the queue. 256.
    public var connectionsPerLoopMax = 256
    /// Calls per event loop that may wait for a connection; one more fails at once. 1,024.
    public var queueMax = 1_024
    /// How long an unused connection is kept. Below the server's own idle timeout, so that a request seldom meets a
    /// connection that is being closed. 30 s.
    public var idleTimeout: Duration = .seconds(30)
    /// How long to wait for a connection to open, within the call's deadline. 1 s.
    public var connectTimeout: Duration = .seconds(1)
    /// How long the TLS handshake of a new connection may take, within the call's deadline. 5 s.
    public var handshakeTimeout: Duration = .seconds(5)
    /// Whom to trust and what to show over https; needed as soon as one endpoint is of that scheme.
    public var tls: TLSContext?
    /// The longest an address is passed over after connections to it failed; the first time is 100 ms. 5 s.
    public var ejectionMax: Duration = .seconds(5)
    /// Outstanding bytes of a streamed request from which its producer waits; 256 KiB.
    public var outboundHighWater = 256 << 10

    // HTTP/2

    /// The bounds of a connection of HTTP/2: windows, frames, header lists.
    public var http2 = HTTP2Configuration()
    /// Connections of HTTP/2 per address and event loop: a second one only while the first has as many streams as the
    /// peer allows. 2.
    public var connectionsPerAddressMax = 2
    /// Streams of one connection, if the peer allows more; 1,000.
    public var streamsPerConnectionMax = 1_000
    /// After how long a silence a peer with open streams is asked for a sign of life; nil: never. 20 s.
    public var keepAliveInterval: Duration? = .seconds(20)
    /// How long the sign of life may take before the connection is given up; 5 s.
    public var keepAliveTimeout: Duration = .seconds(5)
    /// How long a peer may take nothing of what waits to be sent before the connection is given up; 30 s.
    public var writeTimeout: Duration = .seconds(30)

    public init() {}
}
