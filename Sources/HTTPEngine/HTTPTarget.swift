import NetworkIO

/// One address of an upstream as a pool sees it.
final class HTTPTarget: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the pool's loop.

    let address: SocketAddress
    let endpoint: HTTPEndpoint
    /// Whom the certificate must be for; nil on a plain connection.
    let secureHost: String?
    /// The `host` field of requests that name no authority.
    let authority: String
    var idle: [TCPConnection] = []
    /// Connections of HTTP/2, those that take no more calls among them.
    var shared: [HTTP2ClientConnection] = []
    /// The connection of HTTP/2 that is being opened.
    var attempt: HTTP2ConnectAttempt?
    var outstanding = 0
    var failures = 0
    /// Nanoseconds of the monotonic clock until which the address is passed over.
    var ejectedUntil: UInt64 = 0
    /// False once the name no longer resolves to it.
    var isCurrent = true

    init(_ address: SocketAddress, of endpoint: HTTPEndpoint) {
        self.address = address
        self.endpoint = endpoint
        switch endpoint.scheme {
        case .http:
            self.secureHost = nil
            self.authority = address.description
        case .https:
            // What the server's certificate is for, it is addressed by.
            self.secureHost = endpoint.host
            self.authority = endpoint.authority
        }
    }

    /// Whether the connections to it serve a call to `address` of `endpoint` as well.
    func serves(_ address: SocketAddress, of endpoint: HTTPEndpoint) -> Bool {
        self.address == address && self.secureHost == (endpoint.scheme == .https ? endpoint.host : nil)
    }

    /// The connection used last: the others come to their idle timeout, and the pool shrinks to what is needed.
    func takeIdle() -> TCPConnection? {
        while let connection = self.idle.popLast() {
            if connection.isReusable { return connection }
            connection.close()
        }
        return nil
    }

    func closeIdle() {
        // Each takes itself out of `idle` while it closes.
        for connection in self.idle { connection.close() }
        for connection in self.shared { connection.closeIfIdle() }
    }
}

/// Marsaglia's xorshift64: cheap numbers for spreading load, of no use for secrets.
struct XorShift {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed | 1 }

    mutating func next(below bound: Int) -> Int {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return Int(self.state % UInt64(max(bound, 1)))
    }
}
