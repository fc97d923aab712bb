public import HTTPCore
public import NetworkIO
import Synchronization

/// A pooled HTTP/1.1 client of one service, over all of its instances.
///
/// Every event loop has a pool of its own, so a call from a handler neither locks nor hops. Among the addresses that
/// answer, each call takes the less loaded of two drawn at random. A call from a thread that is no loop runs on one.
public final class HTTPUpstream: HTTPTransport, Sendable {
    public let name: String
    public let endpoints: [HTTPEndpoint]
    let configuration: HTTPClientConfiguration
    let loops: EventLoopGroup
    let resolver: NameResolver
    let statistics = HTTPUpstreamStatistics()
    private let pools: [HTTPConnectionPool]

    /// - Parameters:
    ///   - name: names the upstream in errors and telemetry.
    ///   - endpoints: at least one. For one of https `configuration.tls` is set.
    public init(
        name: String, endpoints: [HTTPEndpoint], loops: EventLoopGroup, resolver: NameResolver,
        configuration: HTTPClientConfiguration = .init()
    ) {
        precondition(!endpoints.isEmpty, "upstream \(name) has no endpoint")
        precondition(
            configuration.tls != nil || endpoints.allSatisfy { $0.scheme == .http },
            "the upstream \(name) has an https endpoint and no TLS context")
        self.name = name
        self.endpoints = endpoints
        self.configuration = configuration
        self.loops = loops
        self.resolver = resolver
        let statistics = self.statistics
        self.pools = loops.all.map { loop in
            HTTPConnectionPool(
                upstream: name, endpoints: endpoints, loop: loop, resolver: resolver, configuration: configuration,
                statistics: statistics)
        }
    }

    /// Connections now open and now in use, over all loops.
    public var connections: (open: Int, used: Int) { self.statistics.connections }
    /// Calls now waiting for a connection, over all loops.
    public var waiting: Int { self.statistics.waiting }

    /// Sends a request and gives the answer once its head is in; a longer body streams in behind it.
    ///
    /// An idempotent request that met a connection the peer had just closed is sent once more on a new one
    /// (RFC 9112, section 9.3.1).
    /// - Throws: `HTTPClientError`.
    public func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        try await self.send(request, deadline: deadline, onEndpoint: nil)
    }

    /// As `send(_:deadline:)`.
    /// - Parameter onEndpoint: called on the loop with the endpoint chosen, before anything is sent to it; again when
    ///   the request is sent once more.
    public func send(
        _ request: HTTPRequest, deadline: Deadline, onEndpoint: (@Sendable (HTTPEndpoint) -> Void)?
    ) async throws -> HTTPResponse {
        if let loop = EventLoop.current, self.loops.contains(loop) {
            return try await self.sendOnLoop(request, deadline, loop, onEndpoint)
        }
        let loop = self.loops.preferred()
        return try await withTaskExecutorPreference(loop) {
            try await self.sendOnLoop(request, deadline, loop, onEndpoint)
        }
    }

    /// Passes an endpoint over on every loop, unless all are. For what judges endpoints by their answers.
    /// - Parameter instant: nanoseconds of the monotonic clock; 0 takes it back at once.
    public func setEjected(_ endpoint: HTTPEndpoint, until instant: UInt64) {
        for pool in self.pools { pool.loop.execute { pool.setEjected(endpoint, until: instant) } }
    }

    private func sendOnLoop(
        _ request: HTTPRequest, _ deadline: Deadline, _ loop: EventLoop, _ onEndpoint: (@Sendable (HTTPEndpoint) -> Void)?
    ) async throws -> HTTPResponse {
        let pool = self.pools[loop.index]
        let nanoseconds = loop.now &+ deadline.remaining.wholeNanoseconds
        let first = try await pool.lease(deadline: nanoseconds)
        onEndpoint?(first.endpoint)
        do throws(HTTPClientError) {
            return try await first.exchange(request, deadline: nanoseconds)
        } catch {
            guard first.wasReused, first.mayRetry(request, after: error) else { throw error }
        }
        let second = try await pool.leaseNew(deadline: nanoseconds)
        onEndpoint?(second.endpoint)
        return try await second.exchange(request, deadline: nanoseconds)
    }

    /// Closes the connections that rest.
    public func closeIdle() {
        for pool in self.pools { pool.loop.execute { pool.closeIdle() } }
    }
}

/// Sums over the loops' pools.
final class HTTPUpstreamStatistics: Sendable {
    private let openCell = Atomic<Int>(0)
    private let usedCell = Atomic<Int>(0)
    private let waitingCell = Atomic<Int>(0)

    var connections: (open: Int, used: Int) {
        (self.openCell.load(ordering: .relaxed), self.usedCell.load(ordering: .relaxed))
    }
    var waiting: Int { self.waitingCell.load(ordering: .relaxed) }

    func opened() { self.openCell.wrappingAdd(1, ordering: .relaxed) }
    func closed() { self.openCell.wrappingSubtract(1, ordering: .relaxed) }
    func leased() { self.usedCell.wrappingAdd(1, ordering: .relaxed) }
    func returned() { self.usedCell.wrappingSubtract(1, ordering: .relaxed) }
    func began() { self.waitingCell.wrappingAdd(1, ordering: .relaxed) }
    func ended() { self.waitingCell.wrappingSubtract(1, ordering: .relaxed) }
}
