import HTTP2
import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import Testing

@Suite("HTTP/2: the server", .timeLimit(.minutes(1)))
struct HTTP2ServerTests {
    private static let hello =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        // GET / http a, each as a literal or from the static table (RFC 7541).
        + [0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 0x01, 0x61]

    @Test("However a client's first bytes are split, its request is answered")
    func everySplit() async throws {
        try await withServer { server in
            for split in 0..<Self.hello.count {
                let isAnswered = try await onThread {
                    let socket = try RawSocket(port: server.port)
                    try socket.send(Array(Self.hello[..<split]))
                    // The first part is read by itself: an acknowledgement of the kernel's would not tell.
                    try socket.send(Array(Self.hello[split...]))
                    var received: [UInt8] = []
                    while received.count < 5 || !String(decoding: received, as: UTF8.self).contains("hello") {
                        let part = try socket.receive()
                        if part.isEmpty { return false }
                        received += part
                    }
                    return true
                }
                #expect(isAnswered, "at \(split)")
            }
        }
    }

    @Test(
        "What only begins like HTTP/2 is answered as HTTP/1.1",
        arguments: [
            ("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 505), ("PRI / HTTP/1.1\r\nhost: a\r\n\r\n", 200),
            ("PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", 200),
            (
                "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n",
                200
            ),
        ])
    func notHTTP2(text: String, status: Int) async throws {
        try await withServer { server in
            let answer = try await server.exchange(text)
            #expect(answer.startLine.hasPrefix("HTTP/1.1") && answer.status == status)
        }
    }

    @Test("A unary answer of head, content and trailers leaves in one send with those of the other streams")
    func oneSend() async throws {
        try await withServer(respond: { _ in
            HTTPResponse(.ok, body: .stream(PartsStream("answer", trailers: [.eTag: "0"]), length: nil))
        }) { server in
            let parts = try await onThread {
                let peer = try SessionPeer(port: server.port)
                try peer.read { $0.contains { if case .settings = $0 { true } else { false } } }
                for _ in 0..<3 {
                    _ = peer.session.open(HTTPRequest(.get, "/"), authority: "a", length: nil, hasBody: false)
                }
                try peer.flush()
                // One read holds all three answers, because one write did.
                let bytes = try peer.socket.receive()
                bytes.withUnsafeBytes { peer.session.receive($0, now: 1) }
                var events: [HTTP2Event] = []
                peer.session.takeEvents(into: &events)
                return events.count { if case .closed = $0 { true } else { false } }
            }
            #expect(parts == 3)
        }
    }

    @Test(
        "A reset stream cancels its task, and the end of the connection those of all streams", arguments: [true, false])
    func cancellation(byReset: Bool) async throws {
        let begun = Atomic<Int>(0)
        let cancelled = Atomic<Int>(0)
        try await withServer(respond: { _ in
            begun.wrappingAdd(1, ordering: .relaxed)
            await untilCancelled()
            cancelled.wrappingAdd(1, ordering: .relaxed)
            return .text("late")
        }) { server in
            let peer = try await onThread {
                let peer = try SessionPeer(port: server.port)
                for _ in 0..<2 { try peer.open(HTTPRequest(.get, "/")) }
                return peer
            }
            await server.turns { begun.load(ordering: .relaxed) == 2 }
            if byReset {
                peer.session.reset(1, .cancel)
                try peer.flush()
                await server.turns { cancelled.load(ordering: .relaxed) == 1 }
                peer.session.reset(3, .cancel)
                try peer.flush()
            } else {
                peer.socket.endOutput()
            }
            await server.turns { cancelled.load(ordering: .relaxed) == 2 }
        }
    }

    @Test("An answer given before the request's body ended resets the stream without an error")
    func earlyAnswer() async throws {
        try await withServer(respond: { _ in .text("no", status: 413) }) { server in
            let (status, code) = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.post, "/"), hasBody: true)
                let code = try peer.readToClose(of: id)
                return (peer.status(of: id), code)
            }
            #expect(status == 413 && code == .noError)
        }
    }

    @Test("A body larger than allowed is refused, announced or not", arguments: [true, false])
    func tooLarge(isAnnounced: Bool) async throws {
        try await withServer({ $0.bodyBytesMax = 100 }, respond: HTTPResponse.echo) { server in
            try await withHTTP2Client(of: server.port) { client in
                let stream = PartsStream([[UInt8](repeating: 1, count: 101)])
                let body = HTTPBody.stream(stream, length: isAnnounced ? 101 : nil)
                let response = try await client.send(HTTPRequest(.post, "/", body: body))
                #expect(response.status == 413)
            }
        }
    }

    @Test("A request that HTTP/1.1 would refuse is answered like there")
    func refused() async throws {
        try await withServer { server in
            try await withHTTP2Client(of: server.port) { client in
                let response = try await client.get("/a#b")
                #expect(response.status == 400)
            }
            #expect(server.observer.refusals.all.map(\.reason) == ["targetHasFragment"])
        }
    }

    @Test("A header list that is too large is answered 431, and the connection goes on")
    func largeHead() async throws {
        try await withServer { server in
            try await withHTTP2Client(of: server.port) { client in
                var request = HTTPRequest(.get, "/")
                request.fields.append(.userAgent, String(repeating: "x", count: 17_000))
                #expect(try await client.send(request).status.code == 431)
                let text = try await client.text()
                #expect(text == "hello")
                #expect(client.upstream.connections == 1)
            }
        }
    }

    @Test("A client that waits for it is invited to send its body")
    func expectContinue() async throws {
        try await withServer(respond: HTTPResponse.echo) { server in
            let content = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.post, "/", fields: [.expect: "100-continue"]), hasBody: true)
                // The interim answer makes no event: the first bytes behind the settings are it.
                peer.session.write(Array("body".utf8), to: id)
                peer.session.end(id)
                try peer.flush()
                _ = try peer.readToClose(of: id)
                return peer.content(of: id)
            }
            #expect(content == Array("body".utf8))
        }
    }

    // MARK: Bounds

    @Test("Rapid resets end the connection with ENHANCE_YOUR_CALM, and few of their requests reach the responder")
    func rapidReset() async throws {
        let begun = Atomic<Int>(0)
        try await withServer(
            { $0.http2.budgets.resets = .init(burst: 50, perSecond: 0) },
            respond: { _ in
                begun.wrappingAdd(1, ordering: .relaxed)
                return .text("x")
            }
        ) { server in
            let code = try await onThread {
                let peer = try SessionPeer(port: server.port)
                try peer.read { $0.contains { if case .settings = $0 { true } else { false } } }
                for _ in 0..<60 {
                    let id = try peer.open(HTTPRequest(.get, "/"))
                    peer.session.reset(id, .cancel)
                }
                try? peer.flush()
                _ = try? peer.read { _ in false }
                return peer.goAway?.code
            }
            #expect(code == .enhanceYourCalm)
            #expect(server.observer.http2.all == [.rapidReset])
        }
    }

    @Test("Tasks that do not heed their cancellation count as streams")
    func stubbornTasks() async throws {
        let gate = Latch()
        let begun = Atomic<Int>(0)
        try await withServer(
            { $0.http2.concurrentStreamsMax = 4 },
            respond: { _ in
                begun.wrappingAdd(1, ordering: .relaxed)
                await gate.wait()
                return .text("x")
            }
        ) { server in
            let peer = try await onThread { try SessionPeer(port: server.port) }
            for number in 1...4 {
                let id = try peer.open(HTTPRequest(.get, "/"))
                await server.turns { begun.load(ordering: .relaxed) == number }
                peer.session.reset(id, .cancel)
                try peer.flush()
            }
            let code = try await onThread { try peer.readToClose(of: peer.open(HTTPRequest(.get, "/"))) }
            #expect(code == .refusedStream)
            #expect(server.observer.http2.all == [.concurrentStreams])
            gate.open()
        }
    }

    @Test("A peer that takes nothing of an answer is cut off from the stream, and one that reads nothing from all")
    func zeroWindow() async throws {
        try await withServer(
            { $0.writeTimeout = .milliseconds(100) },
            respond: { _ in
                HTTPResponse(.ok, body: .bytes([UInt8](repeating: 1, count: 1 << 20)))
            }
        ) { server in
            let code = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.get, "/"))
                // Reads, but opens no window.
                return try peer.readToClose(of: id)
            }
            #expect(code == .cancel)
            #expect(server.observer.timeouts.all == ["write"])
        }
    }

    @Test("A body that stops is answered 408")
    func slowBody() async throws {
        try await withServer({ $0.bodyTimeout = .milliseconds(50) }, respond: HTTPResponse.echo) { server in
            let status = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.post, "/"), hasBody: true)
                _ = try peer.readToClose(of: id)
                return peer.status(of: id)
            }
            #expect(status == 408)
            #expect(server.observer.timeouts.all == ["body"])
        }
    }

    @Test("Who converses may pause behind a message, for longer than a body may and for no longer than a conversation")
    func conversation() async throws {
        try await withServer(
            {
                $0.bodyTimeout = .milliseconds(20)
                $0.conversationTimeout = .milliseconds(200)
                $0.isConversation = { $0.contains(.accept) }
            }, respond: HTTPResponse.echo
        ) { server in
            let start = ContinuousClock.now
            let status = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.post, "/", fields: [.accept: "x"]), hasBody: true)
                peer.session.write([1], to: id)
                try peer.flush()
                _ = try peer.readToClose(of: id)
                return peer.status(of: id)
            }
            #expect(status == 408)
            #expect(start.duration(to: .now) >= .milliseconds(200))
        }
    }

    @Test("A responder that is cancelled waits for the rest of a body no longer")
    func cancelledReader() async throws {
        let respond: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            let reader = Task { try await request.body.collect(upTo: 10) }
            reader.cancel()
            guard case .failure(let error) = await reader.result else { return .text("read") }
            return .text(error is CancellationError ? "cancelled" : "\(error)")
        }
        try await withServer({ $0.bodyTimeout = .seconds(3_600) }, respond: respond) { server in
            let answer = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.post, "/"), hasBody: true)
                _ = try peer.readToClose(of: id)
                return String(decoding: peer.content(of: id), as: UTF8.self)
            }
            #expect(answer == "cancelled")
        }
    }

    @Test("A head that stops in the middle ends the connection")
    func slowHead() async throws {
        try await withServer({ $0.headTimeout = .milliseconds(50) }) { server in
            try await onThread {
                let socket = try RawSocket(port: server.port)
                // HEADERS without END_HEADERS, and no CONTINUATION.
                var bytes = Self.hello
                bytes[bytes.count - 11] = 1
                try socket.send(bytes)
                while try !socket.receive().isEmpty {}
            }
            #expect(server.observer.timeouts.all == ["head"])
        }
    }

    @Test("A connection that rests is told to go away and closed")
    func idle() async throws {
        try await withServer({ $0.idleTimeout = .milliseconds(50) }) { server in
            let (status, goAway) = try await onThread {
                let peer = try SessionPeer(port: server.port)
                let id = try peer.open(HTTPRequest(.get, "/"))
                _ = try peer.read { _ in false }
                return (peer.status(of: id), peer.goAway?.code)
            }
            #expect(status == 200 && goAway == .noError)
        }
    }

    @Test("A peer that does not answer a PING is cut off")
    func keepAlive() async throws {
        let gate = Latch()
        try await withServer(
            {
                $0.keepAliveInterval = .milliseconds(50)
                $0.keepAliveTimeout = .milliseconds(50)
            },
            respond: { _ in
                await gate.wait()
                return .text("x")
            }
        ) { server in
            try await onThread {
                let socket = try RawSocket(port: server.port)
                try socket.send(Self.hello)
                do { while try !socket.receive().isEmpty {} } catch is RawSocket.Failure {}
            }
            #expect(server.observer.timeouts.all == ["ping"])
            gate.open()
        }
    }

    // MARK: Drain

    @Test("Draining ends idle connections at once and lets requests under way end, losing none")
    func drain() async throws {
        let gate = Latch()
        let begun = Atomic<Int>(0)
        try await withServer(respond: { request in
            begun.wrappingAdd(1, ordering: .relaxed)
            await gate.wait()
            return .text(request.path)
        }) { server in
            let idle = try await onThread {
                let peer = try SessionPeer(port: server.port)
                try peer.read { $0.contains { if case .settings = $0 { true } else { false } } }
                return peer
            }
            try await withHTTP2Client(of: server.port) { client in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for number in 0..<10 { group.addTask { try await client.text("/\(number)") } }
                    await server.turns { begun.load(ordering: .relaxed) == 10 }
                    async let cut = server.server.drain(within: .seconds(20))
                    try await onThread { _ = try idle.read { _ in false } }
                    #expect(idle.goAway?.code == .noError)
                    gate.open()
                    var texts: Set<String> = []
                    for try await text in group { texts.insert(text) }
                    #expect(texts.count == 10)
                    #expect(await cut == 0)
                }
            }
        }
    }

    @Test("What does not end in time is cut off, and its task is cancelled")
    func drainDeadline() async throws {
        let begun = Latch()
        let cancelled = Latch()
        try await withServer(respond: { _ in
            begun.open()
            await untilCancelled()
            cancelled.open()
            return .text("x")
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                let call = Task { try await client.get() }
                await begun.wait()
                #expect(await server.server.drain(within: .milliseconds(50)) == 1)
                await cancelled.wait()
                #expect(await failure { _ = try await call.value } != nil)
            }
        }
    }
}
