import HTTPCore
@testable import HTTPEngine
import NetworkIO
import Testing

@Suite("The pool of connections", .timeLimit(.minutes(1)))
struct PoolTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("One call after the other uses the same connection")
    func reuses() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served = onThread { () -> (peer: RawPeer, paths: [String]) in
                // A second connection would never be answered.
                let peer = try listener.accept()
                let paths = try (0..<10).map { _ in
                    let request = try peer.receive()
                    try peer.send(Self.ok)
                    return request.startLine
                }
                return (peer, paths)
            }
            for number in 0..<10 {
                let text = try await client.text("/\(number)")
                #expect(text == "ok")
            }
            let seen = try await served
            #expect(seen.paths == (0..<10).map { "GET /\($0) HTTP/1.1" })
            #expect(client.upstream.connections == (1, 0))
        }
    }

    @Test("A connection is not used again when the peer says close, or sends more than was asked for")
    func doesNotReuse() async throws {
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "\(Self.ok)HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        ]
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            for answer in answers {
                async let isAtEnd = onThread { () -> Bool in
                    let peer = try listener.accept()
                    _ = try peer.receive()
                    try peer.send(answer)
                    return try peer.isAtEnd()
                }
                let text = try await client.text()
                #expect(text == "ok")
                let ended = try await isAtEnd
                #expect(ended)
                await client.isEmpty()
            }
        }
    }

    @Test("An unused connection closes at its idle time, when its peer ends it, or when that speaks unasked")
    func closesIdle() async throws {
        for kind in ["time", "end", "bytes"] {
            let listener = try RawListener()
            try await withClient(
                of: listener.port, configure: { if kind == "time" { $0.idleTimeout = .milliseconds(10) } }
            ) {
                client in
                async let served: Void = onThread {
                    for _ in 0..<2 {
                        let peer = try listener.accept()
                        _ = try peer.receive()
                        try peer.send(Self.ok)
                        if kind == "end" { peer.socket.endOutput() }
                        if kind == "bytes" { try peer.send("HTTP/1.1 408 Request Timeout\r\n\r\n") }
                        #expect(try peer.isAtEnd())
                    }
                }
                for _ in 0..<2 {
                    let text = try await client.text()
                    #expect(text == "ok")
                    await client.isEmpty()
                }
                try await served
            }
        }
    }

    @Test("A reused connection that the peer had given up is replaced for a call that may be repeated")
    func retries() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                for _ in 0..<3 {
                    let peer = try listener.accept()
                    _ = try peer.receive()
                    try peer.send(Self.ok)
                    // Ends it just when the next request has come.
                    _ = try? peer.receive()
                }
            }
            for _ in 0..<3 { #expect(try await client.text() == "ok") }
            client.upstream.closeIdle()
            try await served
        }
    }

    @Test("A call that may have been carried out is not repeated")
    func doesNotRetry() async throws {
        let requests = [
            HTTPRequest(.post, "/", body: .bytes([0x61])),
            HTTPRequest(.patch, "/", body: .empty),
            HTTPRequest(.put, "/", body: .stream(PartsStream("a"), length: 1)),
        ]
        for request in requests {
            let listener = try RawListener()
            try await withClient(of: listener.port) { client in
                async let served: Void = onThread {
                    let peer = try listener.accept()
                    _ = try peer.receive()
                    try peer.send(Self.ok)
                    _ = try peer.receive()
                }
                let text = try await client.text()
                #expect(text == "ok")
                let reason = await failure {
                    _ = try await client.upstream.send(request, deadline: .after(.seconds(20)))
                }
                #expect(reason == "incomplete_response")
                try await served
            }
        }
    }

    @Test("A call is not repeated on a new connection, nor once part of an answer has come")
    func retriesOnlyStaleConnections() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                _ = try listener.accept().receive()
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send(Self.ok)
                _ = try peer.receive()
                try peer.send("HTTP/1.1 2")
            }
            #expect(await failure { _ = try await client.text() } == "incomplete_response")
            let text = try await client.text()
            #expect(text == "ok")
            #expect(await failure { _ = try await client.text() } == "incomplete_response")
            try await served
        }
    }

    @Test("Where nobody listens, a call fails as not sent")
    func tellsOfRefusal() async throws {
        let listener = try RawListener(listens: false)
        try await withClient(of: listener.port) { client in
            let error = await #expect(throws: HTTPClientError.self) { try await client.get() }
            #expect(error?.errorType == "connect_failed")
            #expect(error?.requestWasNotSent == true)
            await client.isEmpty()
        }
    }

    @Test("With one of two addresses dead, every call succeeds")
    func passesOverDeadAddresses() async throws {
        let dead = try RawListener(listens: false)
        try await withServer { server in
            try await withClient(of: dead.port, server.port, configure: { $0.connectionsPerLoopMax = 8 }) { client in
                for _ in 0..<50 { #expect(try await client.text() == "hello") }
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<50 { group.addTask { try await client.text() } }
                    for try await text in group { #expect(text == "hello") }
                }
            }
        }
    }

    @Test("Calls spread over the addresses that answer")
    func spreads() async throws {
        try await withServer(respond: { _ in .text("a") }) { first in
            try await withServer(respond: { _ in .text("b") }) { second in
                try await withClient(of: first.port, second.port) { client in
                    var counts: [String: Int] = [:]
                    for _ in 0..<100 { counts[try await client.text(), default: 0] += 1 }
                    #expect(counts.keys.sorted() == ["a", "b"])
                    #expect(counts.values.allSatisfy { $0 > 10 })
                }
            }
        }
    }

    @Test("A call beyond the connections waits, one beyond the queue fails at once, and all others get their turn")
    func boundsTheQueue() async throws {
        let latch = Latch()
        try await withServer(respond: { _ in
            await latch.wait()
            return .text("done")
        }) { server in
            try await withClient(
                of: server.port,
                configure: {
                    $0.connectionsPerLoopMax = 2
                    $0.queueMax = 3
                }
            ) { client in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<5 { group.addTask { try await client.text() } }
                    await client.turns { client.upstream.waiting == 3 && client.upstream.connections == (2, 2) }
                    #expect(await failure { _ = try await client.get() } == "pool_exhausted")
                    latch.open()
                    for try await text in group { #expect(text == "done") }
                }
                #expect(client.upstream.connections.open == 2)
            }
        }
    }

    @Test("A call that waits for a connection waits no longer than its deadline, and its place is free again")
    func timesOutInTheQueue() async throws {
        let (started, latch) = (Latch(), Latch())
        try await withServer(respond: { _ in
            started.open()
            await latch.wait()
            return .text("done")
        }) { server in
            try await withClient(
                of: server.port,
                configure: {
                    $0.connectionsPerLoopMax = 1
                    $0.queueMax = 2
                }
            ) { client in
                async let first = client.text()
                await started.wait()
                async let patient = client.text()
                await client.turns { client.upstream.waiting == 1 }
                for _ in 0..<3 {
                    #expect(await failure { _ = try await client.get(within: .milliseconds(10)) } == "timeout")
                }
                #expect(client.upstream.waiting == 1)
                latch.open()
                let texts = try await [first, patient]
                #expect(texts == ["done", "done"])
            }
        }
    }

    @Test("Many more calls than connections all succeed")
    func servesCrowds() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            try await withClient(of: server.port, configure: { $0.connectionsPerLoopMax = 3 }) { client in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<500 {
                        group.addTask {
                            let body = Array(String(repeating: "\(number) ", count: number % 7 == 0 ? 20_000 : 1).utf8)
                            let request = HTTPRequest(.post, "/", body: .bytes(body))
                            let response = try await client.upstream.send(request, deadline: .after(.seconds(50)))
                            return try await response.body.collect(upTo: .max) == body
                        }
                    }
                    for try await isSame in group { #expect(isSame) }
                }
                #expect(client.upstream.connections.open <= 3)
            }
        }
    }

    @Test("Calls at once to a host that has not been looked up yet share one look-up")
    func sharesLookUps() async throws {
        try await withServer { server in
            try await withClient(of: server.port, host: "localhost") { client in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<20 { group.addTask { try await client.text() } }
                    for try await text in group { #expect(text == "hello") }
                }
            }
        }
    }

    @Test("A host that cannot be found fails every call, as not sent")
    func tellsOfUnknownHosts() async throws {
        try await withClient(of: 80, host: "no..such.name") { client in
            for _ in 0..<3 {
                let error = await #expect(throws: HTTPClientError.self) { try await client.get() }
                #expect(error?.errorType == "resolve_failed")
                #expect(error?.requestWasNotSent == true)
            }
        }
    }

    @Test("A call from another group's loop goes to a loop of the client's own")
    func keepsToItsLoops() async throws {
        let stranger = try EventLoop(index: 0, name: "stranger")
        defer { stranger.stop() }
        try await withServer(respond: { await .echo($0) }) { server in
            try await withClient(of: server.port) { client in
                let (text, isBack) = try await Task(executorPreference: stranger) {
                    let request = HTTPRequest(.post, "/", body: .bytes([UInt8](repeating: 0x61, count: 200_000)))
                    let response = try await client.upstream.send(request, deadline: .after(.seconds(20)))
                    return (try await response.body.collect(upTo: .max).count, stranger.isCurrent)
                }.value
                #expect(text == 200_000)
                #expect(isBack)
                #expect(stranger.statistics.connections == 0)
            }
        }
    }
}

@Suite("Endpoints")
struct EndpointTests {
    @Test(
        "A URL of host and port is understood",
        arguments: [
            ("http://shop", "shop", 80), ("http://shop:8080/", "shop", 8_080), ("http://[::1]:81", "::1", 81),
            ("http://[::1]", "::1", 80), ("http://127.0.0.1:65535", "127.0.0.1", 65_535),
        ])
    func parses(url: String, host: String, port: Int) throws {
        let endpoint = try #require(HTTPEndpoint(url: url))
        #expect(endpoint == HTTPEndpoint(host: host, port: port))
        #expect(endpoint.description == (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"))
    }

    @Test("The scheme decides the port that goes without saying, in the URL and in the host field")
    func schemes() throws {
        let plain = try #require(HTTPEndpoint(url: "http://shop:443"))
        let secure = try #require(HTTPEndpoint(url: "https://shop"))
        #expect(secure == HTTPEndpoint(scheme: .https, host: "shop", port: 443))
        #expect(secure != plain)
        #expect(secure.authority == "shop" && plain.authority == "shop:443")
        #expect(HTTPEndpoint(scheme: .https, host: "::1", port: 443).authority == "[::1]")
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "shop", "ftp://shop", "http://", "https://", "http://shop/path", "http://u@shop", "http://shop:",
            "http://shop:0",
            "http://shop:65536", "http://shop:-1", "http://shop:+80", "http://:80", "http://[::1", "http://[]:80",
            "http://[::1]x", "http://shop:80:81", "http://shop?x", "http://sh op",
        ])
    func refuses(url: String) {
        #expect(HTTPEndpoint(url: url) == nil)
    }
}
