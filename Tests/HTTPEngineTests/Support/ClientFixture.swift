import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

/// A client with one traffic loop, so that all its calls share one pool.
struct TestClient: Sendable {
    let upstream: HTTPUpstream
    let group: EventLoopGroup
    var loop: EventLoop { self.group.traffic[0] }

    func get(_ path: String = "/", within limit: Duration = .seconds(20)) async throws -> HTTPResponse {
        try await self.upstream.send(HTTPRequest(.get, path), deadline: .after(limit))
    }

    func text(_ path: String = "/") async throws -> String {
        String(decoding: try await self.get(path).body.collect(upTo: 64 << 20), as: UTF8.self)
    }

    func turns(until condition: @Sendable () -> Bool) async {
        while !condition() { await self.loop.turn() }
    }

    /// Waits until no connection is open or in use; the suite's time limit ends it if one stays.
    func isEmpty() async {
        await self.turns { self.upstream.connections == (0, 0) && self.loop.statistics.connections == 0 }
    }
}

/// Runs a client for the time of `body`, and expects that it then holds no connection in use and keeps no call waiting.
func withClient(
    of ports: Int..., scheme: HTTPEndpoint.Scheme = .http, host: String = "127.0.0.1",
    configure: (inout HTTPClientConfiguration) -> Void = { _ in },
    _ body: (TestClient) async throws -> Void
) async throws {
    var configuration = HTTPClientConfiguration()
    configure(&configuration)
    let group = try EventLoopGroup(count: 1)
    let executor = BlockingExecutor(name: "names", threads: 1, queueLimit: 16)
    defer {
        group.stop()
        executor.close()
    }
    let upstream = HTTPUpstream(
        name: "test", endpoints: ports.map { HTTPEndpoint(scheme: scheme, host: host, port: $0) }, loops: group,
        resolver: NameResolver(executor: executor), configuration: configuration)
    let client = TestClient(upstream: upstream, group: group)
    try await body(client)
    await client.turns { upstream.connections.used == 0 }
    #expect(upstream.waiting == 0)
    upstream.closeIdle()
    await client.isEmpty()
}

/// What a call failed with, by its low-cardinality name; nil when it succeeded.
func failure(_ call: () async throws -> Void) async -> String? {
    do {
        try await call()
        return nil
    } catch let error as HTTPClientError {
        return error.errorType
    } catch {
        return "\(error)"
    }
}
