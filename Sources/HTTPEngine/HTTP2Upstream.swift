public import HTTPCore
public import NetworkIO

/// A client of one service over HTTP/2, with prior knowledge, over all of its instances.
///
/// Every event loop has a connection of its own to every address, which its calls share, so a call from a handler
/// neither locks nor hops. Among the addresses that answer, each call takes the less loaded of two drawn at random. A
/// call from a thread that is no loop runs on one.
public final class HTTP2Upstream: HTTPTransport, Sendable {
    public let name: String
    public let endpoints: [HTTPEndpoint]
    let configuration: HTTPClientConfiguration
    let loops: EventLoopGroup
    private let statistics = HTTPUpstreamStatistics()
    private let pools: [HTTP2ConnectionPool]

    /// - Parameters:
    ///   - name: names the upstream in errors and telemetry.
    ///   - endpoints: at least one. For one of https `configuration.tls` is set, and agrees on `h2`.
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
        let statistics = self.statistics
        self.pools = loops.all.map { loop in
            HTTP2ConnectionPool(
                upstream: name, endpoints: endpoints, loop: loop, resolver: resolver, configuration: configuration,
                statistics: statistics)
        }
    }

    /// Connections now open or being opened, over all loops.
    public var connections: Int { self.statistics.connections.open }
    /// Streams now open, over all loops.
    public var streams: Int { self.statistics.connections.used }
    /// Calls now waiting for a connection or for room on one, over all loops.
    public var waiting: Int { self.statistics.waiting }

    /// Sends a request and gives the answer once its head is in; a longer body, and one with trailers, streams in behind
    /// it. A streamed request body is sent beside it.
    ///
    /// A request that a connection going away did not look at is sent once more on another, unless its body streams.
    /// - Throws: `HTTPClientError`; `CancellationError` when the calling task is cancelled, and the peer is told.
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

    private func sendOnLoop(
        _ request: HTTPRequest, _ deadline: Deadline, _ loop: EventLoop,
        _ onEndpoint: (@Sendable (HTTPEndpoint) -> Void)?
    ) async throws -> HTTPResponse {
        let pool = self.pools[loop.index]
        let nanoseconds = loop.now &+ deadline.remaining.wholeNanoseconds
        let first = try await pool.connection(deadline: nanoseconds)
        onEndpoint?(first.target.endpoint)
        do {
            return try await first.exchange(request, deadline: nanoseconds)
        } catch let error as HTTPClientError {
            guard case .goneAway = error.reason, !request.body.isStream else { throw error }
        }
        let second = try await pool.connection(deadline: nanoseconds)
        onEndpoint?(second.target.endpoint)
        return try await second.exchange(request, deadline: nanoseconds)
    }

    /// Passes an endpoint over on every loop, unless all are. For what judges endpoints by their answers.
    /// - Parameter instant: nanoseconds of the monotonic clock; 0 takes it back at once.
    public func setEjected(_ endpoint: HTTPEndpoint, until instant: UInt64) {
        for pool in self.pools { pool.loop.execute { pool.setEjected(endpoint, until: instant) } }
    }

    /// Closes the connections without streams.
    public func closeIdle() {
        for pool in self.pools { pool.loop.execute { pool.closeIdle() } }
    }
}

extension HTTPBody {
    fileprivate var isStream: Bool {
        if case .stream = self { return true }
        return false
    }
}
