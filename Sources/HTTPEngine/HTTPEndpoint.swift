/// One scheme, host and port of an upstream.
public struct HTTPEndpoint: Sendable, Hashable, CustomStringConvertible {
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        case http
        case https

        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    public let scheme: Scheme
    public let host: String
    public let port: Int

    public init(scheme: Scheme = .http, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Parses `http://host:port` and `https://host:port`; the port defaults to 80 and 443. Nil for anything else, a
    /// path included.
    public init?(url: String) {
        guard let scheme = Scheme.allCases.first(where: { url.hasPrefix("\($0.rawValue)://") }) else { return nil }
        self.scheme = scheme
        var rest = url.dropFirst(scheme.rawValue.count + 3)
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
            self.port = scheme.defaultPort
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

    /// Host and port.
    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
    /// The `host` field of a request: the port stays off where it is the scheme's own (RFC 9110, section 7.2).
    var authority: String {
        guard self.port == self.scheme.defaultPort else { return self.description }
        return self.host.contains(":") ? "[\(self.host)]" : self.host
    }
}
