import HTTP2
import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("HTTP/2: a client's peers", .timeLimit(.minutes(1)))
struct HTTP2PeerTests {
    /// Plays the server on the next connection of `listener`: takes the first request in.
    private static func accept(_ listener: RawListener) throws -> SessionPeer {
        let peer = try SessionPeer(accepting: listener.accept().socket)
        _ = try peer.read { $0.contains { if case .request = $0 { true } else { false } } }
        return peer
    }

    private static func answer(_ peer: SessionPeer, _ id: HTTP2StreamID) throws {
        peer.session.respond(to: id, .ok, .init(), length: 0, date: [], hasBody: false)
        try peer.flush()
    }

    @Test("A request that a peer going away did not look at is sent again on a new connection")
    func goneAway() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port) { client in
            let server = Task {
                try await onThread {
                    let first = try SessionPeer(accepting: listener.accept().socket)
                    // GOAWAY that accepts no stream at all.
                    _ = try first.read { $0.contains { if case .request = $0 { true } else { false } } }
                    try first.socket.send([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
                    let second = try Self.accept(listener)
                    try Self.answer(second, 1)
                    _ = try second.read { _ in false }
                }
            }
            let response = try await client.get()
            #expect(response.status == 200)
            await client.turns { client.upstream.streams == 0 }
            client.upstream.closeIdle()
            try await server.value
        }
    }

    @Test("A peer that goes away finishes the calls it has accepted, and new ones go elsewhere")
    func goAway() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port) { client in
            let gone = Latch()
            let server = Task {
                try await onThread {
                    let first = try Self.accept(listener)
                    first.session.goAway()
                    try first.flush()
                    gone.open()
                    let second = try Self.accept(listener)
                    try Self.answer(second, 1)
                    try Self.answer(first, 1)
                    _ = try first.read { _ in false }
                    _ = try second.read { _ in false }
                }
            }
            let old = Task { try await client.get("/old") }
            await gone.wait()
            let new = try await client.get("/new")
            let first = try await old.value
            #expect(new.status == 200 && first.status == 200)
            await client.turns { client.upstream.streams == 0 }
            client.upstream.closeIdle()
            try await server.value
        }
    }

    @Test("A refused stream is told apart as one that was not carried out")
    func refused() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port) { client in
            let server = Task {
                try await onThread {
                    let peer = try Self.accept(listener)
                    peer.session.reset(1, .refusedStream)
                    try peer.flush()
                    _ = try peer.read { _ in false }
                }
            }
            do {
                _ = try await client.get()
                Issue.record("an answer to a refused stream")
            } catch let error as HTTPClientError {
                #expect(error.errorType == "stream_refused" && error.requestWasNotSent)
            }
            client.upstream.closeIdle()
            try await server.value
        }
    }

    @Test("A connection that breaks fails its calls, and the next call opens another")
    func reconnect() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port) { client in
            let server = Task {
                try await onThread {
                    do {
                        let first = try Self.accept(listener)
                        first.socket.resetOnClose()
                    }
                    let second = try Self.accept(listener)
                    try Self.answer(second, 1)
                    _ = try second.read { _ in false }
                }
            }
            #expect(await failure { _ = try await client.get() } == "connection_lost")
            let response = try await client.get()
            #expect(response.status == 200)
            await client.turns { client.upstream.streams == 0 }
            client.upstream.closeIdle()
            try await server.value
        }
    }

    @Test("A peer that falls silent is noticed by its missing answer to a PING")
    func blackHole() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(
            of: listener.port,
            configure: {
                $0.keepAliveInterval = .milliseconds(50)
                $0.keepAliveTimeout = .milliseconds(50)
            }
        ) { client in
            let done = Latch()
            let server = Task {
                let peer = try await onThread { try Self.accept(listener) }
                await done.wait()
                _ = peer
            }
            #expect(await failure { _ = try await client.get() } == "connection_lost")
            done.open()
            try await server.value
        }
    }

    @Test(
        "A peer that speaks something else, or nothing, is no connection", arguments: ["HTTP/1.1 400 Bad\r\n\r\n", ""])
    func otherProtocol(text: String) async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port, configure: { $0.connectTimeout = .milliseconds(100) }) { client in
            let server = Task {
                try await onThread {
                    let peer = try listener.accept()
                    try peer.send(text)
                    _ = try? peer.rest()
                }
            }
            do {
                _ = try await client.get()
                Issue.record("an answer in another protocol")
            } catch let error as HTTPClientError {
                #expect(error.errorType == "connect_failed" && error.requestWasNotSent)
            }
            try await server.value
        }
    }

    @Test("Interim answers are passed over")
    func interim() async throws {
        let listener = try RawListener()
        try await withHTTP2Client(of: listener.port) { client in
            let server = Task {
                try await onThread {
                    let peer = try Self.accept(listener)
                    peer.session.inform(1, 103)
                    try peer.flush()
                    try Self.answer(peer, 1)
                    _ = try peer.read { _ in false }
                }
            }
            let response = try await client.get()
            #expect(response.status == 200)
            await client.turns { client.upstream.streams == 0 }
            client.upstream.closeIdle()
            try await server.value
        }
    }

    @Test("A connection without calls closes after its idle timeout")
    func idle() async throws {
        try await withServer { server in
            try await withHTTP2Client(of: server.port, configure: { $0.idleTimeout = .milliseconds(50) }) { client in
                _ = try await client.text()
                await client.turns { client.upstream.connections == 0 }
                let text = try await client.text()
                #expect(text == "hello")
            }
        }
    }

    @Test("A queue that is full refuses at once")
    func queueFull() async throws {
        let gate = Latch()
        try await withServer(
            { $0.http2.concurrentStreamsMax = 1 },
            respond: { _ in
                await gate.wait()
                return .text("ok")
            }
        ) { server in
            try await withHTTP2Client(
                of: server.port,
                configure: {
                    $0.queueMax = 1
                    $0.connectionsPerAddressMax = 1
                }
            ) { client in
                let first = Task { try await client.text() }
                await client.turns { client.upstream.streams == 1 }
                let second = Task { try await client.text() }
                await client.turns { client.upstream.waiting == 1 }
                #expect(await failure { _ = try await client.text() } == "pool_exhausted")
                gate.open()
                let texts = try await [first.value, second.value]
                #expect(texts == ["ok", "ok"])
            }
        }
    }
}
