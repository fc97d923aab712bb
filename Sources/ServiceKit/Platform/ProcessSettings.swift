public import HTTPEngine
import NetworkIO
import RPC

/// The settings that every process of the platform has. Source: the environment; `.env.example` lists them.
public struct ProcessSettings: Sendable {
    /// `VITRINE_HOST`: the numeric address of both listeners; 127.0.0.1.
    public let host: String
    /// `VITRINE_PORT`: 0 for any free one; the service's own by default.
    public let port: Int
    /// `VITRINE_ADMIN_PORT`: 0 for any free one; the service's own by default.
    public let adminPort: Int
    /// `VITRINE_LOOPS`: event loops for traffic; as many as the machine has processors, at most 16.
    public let loops: Int
    /// `VITRINE_DATA`: the folder of the service's files; `.vitrine/data`.
    public let dataFolder: String
    /// `INTERNAL_AUTH_TOKEN`: what internal calls carry; at least 16 characters.
    public let internalToken: String
    /// `VITRINE_DRAIN_TIMEOUT`: how long requests in progress may take to end on shutdown; 8s.
    public let drainTimeout: Duration
    /// `VITRINE_DRAIN_DELAY`: how long to go on accepting after readiness has gone, for balancers to notice; 0s.
    public let drainDelay: Duration
    /// `VITRINE_REQUEST_TIMEOUT`: the longest an answer may take where its route sets nothing; 10s.
    public let requestTimeout: Duration
    /// `VITRINE_FAULTS`: whether faults can be set at the admin port; false.
    public let injectsFaults: Bool
    /// Bounds of the traffic listener.
    public let server: HTTPServerConfiguration

    public init(config: ConfigReader, name: ServiceName, processors: Int) {
        let host = config.string("VITRINE_HOST", default: "127.0.0.1")
        if SocketAddress(numericHost: host, port: 0) == nil {
            config.reject("VITRINE_HOST", "'\(host)' is not a numeric IPv4 or IPv6 address")
        }
        self.host = host
        self.port = config.integer("VITRINE_PORT", default: name.defaultPort, in: 0...65_535)
        self.adminPort = config.integer("VITRINE_ADMIN_PORT", default: name.defaultAdminPort, in: 0...65_535)
        self.loops = config.integer("VITRINE_LOOPS", default: min(max(processors, 1), 16), in: 1...64)
        self.dataFolder = config.string("VITRINE_DATA", default: ".vitrine/data")
        self.internalToken = config.string("INTERNAL_AUTH_TOKEN", default: "")
        if self.internalToken.utf8.count < 16 {
            config.reject(
                "INTERNAL_AUTH_TOKEN", "must be set to a secret of at least 16 characters, the same for every service")
        }
        self.drainTimeout = config.duration("VITRINE_DRAIN_TIMEOUT", default: .seconds(8), in: .zero ... .seconds(600))
        self.drainDelay = config.duration("VITRINE_DRAIN_DELAY", default: .zero, in: .zero ... .seconds(600))
        self.requestTimeout = config.duration(
            "VITRINE_REQUEST_TIMEOUT", default: .seconds(10), in: .milliseconds(1) ... .seconds(3_600))
        self.injectsFaults = config.bool("VITRINE_FAULTS", default: false)
        self.server = Self.server(config)
    }

    private static func server(_ config: ConfigReader) -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.isConversation = { RPCServer.accepts($0) }
        let range = Duration.milliseconds(10) ... .seconds(3_600)
        server.connectionsMax = config.integer("VITRINE_CONNECTIONS_MAX", default: 10_000, in: 1...1_000_000)
        server.idleTimeout = config.duration("VITRINE_IDLE_TIMEOUT", default: server.idleTimeout, in: range)
        server.headTimeout = config.duration("VITRINE_HEAD_TIMEOUT", default: server.headTimeout, in: range)
        server.bodyTimeout = config.duration("VITRINE_BODY_TIMEOUT", default: server.bodyTimeout, in: range)
        server.writeTimeout = config.duration("VITRINE_WRITE_TIMEOUT", default: server.writeTimeout, in: range)
        server.bodyBytesMax = config.integer(
            "VITRINE_BODY_BYTES_MAX", default: server.bodyBytesMax, in: 1_024...1 << 30)
        return server
    }
}
