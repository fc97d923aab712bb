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

    public init() {}
}
