public import HTTPEngine
import NetworkIO
public import ServiceKit

/// How a console is set up, from the environment.
public struct ConsoleSettings: Sendable {
    /// `VITRINE_HOST`: the numeric address of the page; 127.0.0.1.
    public let host: String
    /// `VITRINE_PORT`: of the page and the query APIs; 8005.
    public let port: Int
    /// `VITRINE_ADMIN_PORT`: of `/metrics` and `/health`; 9005.
    public let adminPort: Int
    /// `VITRINE_CONSOLE_OTLP_HOST`: the numeric address of the receiver; 127.0.0.1.
    public let receiverHost: String
    /// `VITRINE_CONSOLE_OTLP_PORT`: of the receiver; 4318.
    public let receiverPort: Int
    /// `VITRINE_CONSOLE_MEMORY`: bytes that spans and logs may take; 64 MiB.
    public let memoryBytesMax: Int
    /// `VITRINE_CONSOLE_DATA`: the folder of a file in which what is held outlives a restart; none by default.
    public let dataFolder: String?
    /// `VITRINE_CONSOLE_TOKEN`: what a caller must know, at least 16 characters; none is needed on loopback.
    public let token: String?
    /// `VITRINE_CONSOLE_PROMETHEUS`, `_ALERTMANAGER`, `_GATEWAY`: where they are; none where nothing is said.
    public let prometheus: HTTPEndpoint?
    public let alertmanager: HTTPEndpoint?
    public let gateway: HTTPEndpoint?
    /// `VITRINE_CONSOLE_ADMIN`: admin listeners that faults and breakers are reached at, `product=http://…` between
    /// commas; none where nothing is said.
    public let admins: [Admin]
    /// `VITRINE_CONSOLE_LAB`: the listener of a lab's supervisor.
    public let lab: HTTPEndpoint?
    /// `INTERNAL_AUTH_TOKEN`: what those are asked with.
    public let internalToken: String

    /// Where a process of the shop is looked after.
    public struct Admin: Sendable, Hashable {
        public let service: String
        public let endpoint: HTTPEndpoint
    }

    public init(_ config: ConfigReader) {
        func host(_ name: String) -> String {
            let text = config.string(name, default: "127.0.0.1")
            if SocketAddress(numericHost: text, port: 0) == nil {
                config.reject(name, "'\(text)' is not a numeric IPv4 or IPv6 address")
            }
            return text
        }
        func endpoint(_ name: String) -> HTTPEndpoint? {
            guard let text = config.string(name) else { return nil }
            let endpoint = HTTPEndpoint(url: text)
            if endpoint == nil || endpoint?.scheme == .https {
                config.reject(name, "'\(text)' is not a URL like http://127.0.0.1:9090")
            }
            return endpoint
        }
        self.host = host("VITRINE_HOST")
        self.port = config.integer("VITRINE_PORT", default: 8_005, in: 0...65_535)
        self.adminPort = config.integer("VITRINE_ADMIN_PORT", default: 9_005, in: 0...65_535)
        self.receiverHost = host("VITRINE_CONSOLE_OTLP_HOST")
        self.receiverPort = config.integer("VITRINE_CONSOLE_OTLP_PORT", default: 4_318, in: 0...65_535)
        self.memoryBytesMax = config.integer(
            "VITRINE_CONSOLE_MEMORY", default: 64 << 20, in: 1 << 20...64 << 30)
        self.dataFolder = config.string("VITRINE_CONSOLE_DATA")
        self.prometheus = endpoint("VITRINE_CONSOLE_PROMETHEUS")
        self.alertmanager = endpoint("VITRINE_CONSOLE_ALERTMANAGER")
        self.gateway = endpoint("VITRINE_CONSOLE_GATEWAY")
        self.lab = endpoint("VITRINE_CONSOLE_LAB")
        self.internalToken = config.string("INTERNAL_AUTH_TOKEN", default: "")
        self.admins = config.list("VITRINE_CONSOLE_ADMIN", default: []).compactMap { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let endpoint = HTTPEndpoint(url: String(parts[1])), endpoint.scheme == .http else {
                config.reject("VITRINE_CONSOLE_ADMIN", "'\(text)' is not like product=http://127.0.0.1:9002")
                return nil
            }
            return Admin(service: String(parts[0]), endpoint: endpoint)
        }
        self.token = config.string("VITRINE_CONSOLE_TOKEN")
        if let token = self.token,
            token.utf8.count < 16
                || !token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.~".contains($0)) })
        {
            config.reject("VITRINE_CONSOLE_TOKEN", "must have at least 16 characters, of letters, digits and - _ . ~")
        }
        if self.token == nil, !Self.isLoopback(self.host) {
            config.reject(
                "VITRINE_CONSOLE_TOKEN",
                "must be set where VITRINE_HOST is not loopback: whoever reaches the page "
                    + "reads all telemetry")
        }
    }

    static func isLoopback(_ host: String) -> Bool { host == "::1" || host.hasPrefix("127.") }
}
