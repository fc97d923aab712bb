import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import Telemetry

/// Where the other services are, and one client for each.
public final class UpstreamDirectory: Sendable {
    private let clients: [ServiceName: UpstreamClient]
    private let pools: [HTTPUpstream]

    /// For tests: clients over transports of their own.
    public init(clients: [ServiceName: UpstreamClient]) {
        self.clients = clients
        self.pools = []
    }

    /// Prepares a pooled client for each service.
    init(
        addresses: [ServiceName: [HTTPEndpoint]], internalToken: String, loops: EventLoopGroup, resolver: NameResolver,
        telemetry: Telemetry, faults: FaultInjector?
    ) {
        var clients: [ServiceName: UpstreamClient] = [:]
        var pools: [HTTPUpstream] = []
        for name in ServiceName.allCases {
            guard let endpoints = addresses[name], let first = endpoints.first else { continue }
            let pool = HTTPUpstream(name: name.rawValue, endpoints: endpoints, loops: loops, resolver: resolver)
            pools.append(pool)
            clients[name] = UpstreamClient(
                name: name, transport: pool, serverAddress: first.host, serverPort: first.port,
                internalToken: internalToken, telemetry: telemetry, faults: faults)
        }
        self.clients = clients
        self.pools = pools
        self.observe(telemetry)
    }

    /// Reads where the services are: `VITRINE_USER_URL` and so on; `http://127.0.0.1:8001` by default, several between
    /// commas.
    static func addresses(_ config: ConfigReader) -> [ServiceName: [HTTPEndpoint]] {
        var addresses: [ServiceName: [HTTPEndpoint]] = [:]
        for name in ServiceName.allCases where name != .gateway {
            let urls = config.list(name.addressVariable, default: ["http://127.0.0.1:\(name.defaultPort)"])
            // Services listen in clear text, so https would be a mistake.
            let endpoints = urls.compactMap { HTTPEndpoint(url: $0) }.filter { $0.scheme == .http }
            if endpoints.count != urls.count || endpoints.isEmpty {
                config.reject(
                    name.addressVariable, "'\(urls.joined(separator: ","))' is not a list of http://host:port")
            }
            addresses[name] = endpoints
        }
        return addresses
    }

    private func observe(_ telemetry: Telemetry) {
        let pools = self.pools
        telemetry.metrics.observable(HTTPPoolMetrics.connections) {
            pools.flatMap { pool -> [(values: [String], value: Double)] in
                let (open, used) = pool.connections
                return [([pool.name, "used"], Double(used)), ([pool.name, "idle"], Double(max(0, open - used)))]
            }
        }
        telemetry.metrics.observable(HTTPPoolMetrics.waiting) {
            pools.map { ([$0.name], Double($0.waiting)) }
        }
    }

    /// - Precondition: `name` is a service of the directory.
    public func client(for name: ServiceName) -> UpstreamClient {
        guard let client = self.clients[name] else {
            preconditionFailure("no client is set up for the service \(name.rawValue)")
        }
        return client
    }
}

/// The connection pools of HTTP clients.
enum HTTPPoolMetrics {
    static let connections = DynamicDescriptor(
        "http.client.open_connections", kind: .gauge, unit: .count("connection"),
        help: "Open connections of the pooled client, by upstream and state.",
        labelNames: ["server.name", "http.connection.state"])
    static let waiting = DynamicDescriptor(
        "shop.http.client.pending_requests", kind: .gauge, unit: .count("request"),
        help: "Calls that wait for a connection of the pool, by upstream.", labelNames: ["server.name"])
}
