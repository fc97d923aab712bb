import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

/// A client of HTTP/2 with one traffic loop.
struct TestHTTP2Client: Sendable {
    let upstream: HTTP2Upstream
    let group: EventLoopGroup
    var loop: EventLoop { self.group.traffic[0] }

    func send(_ request: HTTPRequest, within limit: Duration = .seconds(20)) async throws -> HTTPResponse {
        try await self.upstream.send(request, deadline: .after(limit))
    }

    func get(_ path: String = "/", within limit: Duration = .seconds(20)) async throws -> HTTPResponse {
        try await self.send(HTTPRequest(.get, path), within: limit)
    }

    func text(_ path: String = "/") async throws -> String {
        String(decoding: try await self.get(path).body.collect(upTo: 64 << 20), as: UTF8.self)
    }

    func turns(until condition: @Sendable () -> Bool) async {
        while !condition() { await self.loop.turn() }
    }
}

/// Runs a client for the time of `body`, and expects that it then holds no stream and keeps no call waiting.
func withHTTP2Client(
    of ports: Int..., configure: (inout HTTPClientConfiguration) -> Void = { _ in },
    _ body: (TestHTTP2Client) async throws -> Void
) async throws {
    var configuration = HTTPClientConfiguration()
    configure(&configuration)
    let group = try EventLoopGroup(count: 1)
    let executor = BlockingExecutor(name: "names", threads: 1, queueLimit: 16)
    defer {
        group.stop()
        executor.close()
    }
    let upstream = HTTP2Upstream(
        name: "test", endpoints: ports.map { HTTPEndpoint(host: "127.0.0.1", port: $0) }, loops: group,
        resolver: NameResolver(executor: executor), configuration: configuration)
    let client = TestHTTP2Client(upstream: upstream, group: group)
    try await body(client)
    await client.turns { upstream.streams == 0 }
    #expect(upstream.waiting == 0)
    upstream.closeIdle()
    await client.turns { upstream.connections == 0 && client.loop.statistics.connections == 0 }
}
