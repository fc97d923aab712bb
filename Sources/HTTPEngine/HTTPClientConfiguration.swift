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
    /// The longest an address is passed over after connections to it failed; the first time is 100 ms. 5 s.
    public var ejectionMax: Duration = .seconds(5)
    /// Outstanding bytes of a streamed request from which its producer waits; 256 KiB.
    public var outboundHighWater = 256 << 10

    public init() {}
}

/// One host and port of an upstream.
public struct HTTPEndpoint: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses `http://host:port`; the port defaults to 80. Nil for anything else, a path or `https` included.
    public init?(url: String) {
        guard url.hasPrefix("http://") else { return nil }
        var rest = url.dropFirst(7)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@") else { return nil }
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            self.host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            self.host = String(rest[..<end])
            rest = rest[end...]
        }
        if rest.isEmpty {
            self.port = 80
        } else {
            let digits = rest.dropFirst()
            guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
                (1...65_535).contains(port)
            else { return nil }
            self.port = port
        }
        // The unreserved characters and the colons of an IPv6 address: anything else is a part that has no place here.
        let isName = self.host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
            default: false
            }
        }
        if self.host.isEmpty || !isName { return nil }
    }

    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
