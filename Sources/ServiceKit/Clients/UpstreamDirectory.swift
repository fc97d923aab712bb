import HTTPCore
import HTTPEngine
import NetworkIO
public import RPC
import Resilience
import Synchronization
package import Telemetry

/// Where the other services are, and the clients of each: for HTTP, and for gRPC.
public final class UpstreamDirectory: Sendable {
    private let clients: [ServiceName: UpstreamClient]
    /// Made when they are first asked for, so that what a process never calls leaves no series.
    private let callers: Mutex<[ServiceName: RPCClient]>
    private let makeCaller: @Sendable (ServiceName) -> RPCClient?
    private let pools: [HTTPUpstream]
    private let streams: [HTTP2Upstream]
    private let guards: [UpstreamGuard]

    /// For tests: clients over transports of their own.
    public init(clients: [ServiceName: UpstreamClient], callers: [ServiceName: RPCClient] = [:]) {
        self.clients = clients
        self.callers = Mutex(callers)
        self.makeCaller = { _ in nil }
        self.pools = []
        self.streams = []
        self.guards = []
    }

    /// Prepares pooled clients for each service. What stands around the calls of one is the same for both.
    init(
        addresses: [ServiceName: [HTTPEndpoint]], internalToken: String, loops: EventLoopGroup, resolver: NameResolver,
        telemetry: Telemetry, faults: FaultInjector?, resilience: ResilienceSettings
    ) {
        var clients: [ServiceName: UpstreamClient] = [:]
        var makers: [ServiceName: @Sendable () -> RPCClient] = [:]
        var pools: [HTTPUpstream] = []
        var streams: [HTTP2Upstream] = []
        var guards: [UpstreamGuard] = []
        for name in ServiceName.allCases {
            guard let endpoints = addresses[name], let first = endpoints.first else { continue }
            let pool = HTTPUpstream(name: name.rawValue, endpoints: endpoints, loops: loops, resolver: resolver)
            let stream = HTTP2Upstream(name: name.rawValue, endpoints: endpoints, loops: loops, resolver: resolver)
            let guardian =
                !resilience.isOn
                ? nil
                : UpstreamGuard(name, resilience, endpoints: endpoints, telemetry: telemetry) {
                    pool.setEjected($0, until: $1)
                    stream.setEjected($0, until: $1)
                }
            pools.append(pool)
            streams.append(stream)
            if let guardian { guards.append(guardian) }
            clients[name] = UpstreamClient(
                name: name, transport: pool, serverAddress: first.host, serverPort: first.port,
                internalToken: internalToken, telemetry: telemetry, faults: faults, guardian: guardian)
            makers[name] = {
                RPCClient(
                    name, over: endpoints.count > 1 ? NotedStreams(upstream: stream) : stream, at: first,
                    internalToken: internalToken, telemetry: telemetry, faults: faults, guardian: guardian)
            }
        }
        let made = makers
        self.clients = clients
        self.callers = Mutex([:])
        self.makeCaller = { made[$0]?() }
        self.pools = pools
        self.streams = streams
        self.guards = guards
        self.observe(telemetry)
    }

    /// The breakers of all upstreams.
    var breakers: [CircuitBreaker] { self.guards.map(\.breaker) }
    /// What retries of all upstreams draw on.
    var retryBudgets: [RetryBudget] { self.guards.compactMap(\.retrier.budget) }

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
        let (pools, streams) = (self.pools, self.streams)
        telemetry.metrics.observable(HTTPPoolMetrics.connections) {
            pools.flatMap { pool -> [(values: [String], value: Double)] in
                let (open, used) = pool.connections
                return [([pool.name, "used"], Double(used)), ([pool.name, "idle"], Double(max(0, open - used)))]
            }
        }
        telemetry.metrics.observable(HTTPPoolMetrics.sharedConnections) {
            streams.map { ([$0.name], Double($0.connections)) }
        }
        telemetry.metrics.observable(HTTPPoolMetrics.streams) {
            streams.map { ([$0.name], Double($0.streams)) }
        }
        telemetry.metrics.observable(HTTPPoolMetrics.waiting) {
            zip(pools, streams).map { ([$0.name], Double($0.waiting + $1.waiting)) }
        }
    }

    /// - Precondition: `name` is a service of the directory.
    public func client(for name: ServiceName) -> UpstreamClient {
        guard let client = self.clients[name] else {
            preconditionFailure("no client is set up for the service \(name.rawValue)")
        }
        return client
    }

    /// - Precondition: `name` is a service of the directory.
    func caller(for name: ServiceName) -> RPCClient {
        self.callers.withLock { callers in
            if let known = callers[name] { return known }
            guard let made = self.makeCaller(name) else {
                preconditionFailure("no client of gRPC is set up for the service \(name.rawValue)")
            }
            callers[name] = made
            return made
        }
    }
}

/// The connection pools of HTTP clients.
package enum HTTPPoolMetrics {
    package static let connections = DynamicDescriptor(
        "http.client.open_connections", kind: .gauge, unit: .count("connection"),
        help: "Open connections of the pooled client, by upstream and state.",
        labelNames: ["server.name", "http.connection.state"])
    package static let sharedConnections = DynamicDescriptor(
        "shop.http2.client.connections", kind: .gauge, unit: .count("connection"),
        help: "Open connections that calls of gRPC share, by upstream.", labelNames: ["server.name"])
    package static let streams = DynamicDescriptor(
        "shop.http2.client.streams", kind: .gauge, unit: .count("stream"),
        help: "Calls in progress on those connections, by upstream.", labelNames: ["server.name"])
    package static let waiting = DynamicDescriptor(
        "shop.http.client.pending_requests", kind: .gauge, unit: .count("request"),
        help: "Calls that wait for a connection of the pool, by upstream.", labelNames: ["server.name"])
}
