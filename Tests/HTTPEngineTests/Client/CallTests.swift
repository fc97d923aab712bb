import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("Calls to an upstream", .timeLimit(.minutes(1)))
struct CallTests {
    /// Has a hand-written server answer the only request of the only connection.
    private func call(
        answer: String, ending: Bool = false, method: HTTPMethod = .get,
        _ body: (HTTPResponse, TestClient) async throws -> Void
    ) async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let peer = onThread { () -> RawPeer in
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send(answer)
                if ending { peer.socket.endOutput() }
                return peer
            }
            let response = try await client.upstream.send(HTTPRequest(method, "/"), deadline: .after(.seconds(20)))
            try await body(response, client)
            _ = try await peer
        }
    }

    @Test("A request arrives as it was meant, with host and length")
    func sendsRequests() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let requests = onThread { () -> [RawPeer.Message] in
                let peer = try listener.accept()
                return try (0..<5).map { _ in
                    let request = try peer.receive()
                    try peer.send("HTTP/1.1 204 No Content\r\n\r\n")
                    return request
                }
            }
            let calls = [
                HTTPRequest(.get, "/a?b=c", fields: [.accept: "x"]),
                HTTPRequest(.post, "/", body: .bytes([0x61, 0x62])),
                HTTPRequest(.post, "/", body: .empty),
                HTTPRequest(.put, "/", body: .stream(PartsStream("ab", "", "c"), length: 3)),
                HTTPRequest(
                    .put, "/", fields: [.contentLength: "7", .transferEncoding: "gzip", .connection: "close"],
                    body: .stream(PartsStream("ab", "cde", trailers: [.eTag: "t"]), length: nil)),
            ]
            for call in calls {
                let response = try await client.upstream.send(call, deadline: .after(.seconds(20)))
                #expect(response.status == .noContent)
            }
            let seen = try await requests
            #expect(
                seen.map(\.startLine) == ["GET /a?b=c", "POST /", "POST /", "PUT /", "PUT /"].map { "\($0) HTTP/1.1" })
            #expect(seen.allSatisfy { $0["host"] == "127.0.0.1:\(listener.port)" })
            #expect(seen.map { $0["content-length"] } == [nil, "2", "0", "3", nil])
            #expect(seen.map(\.text) == ["", "ab", "", "abc", "abcde"])
            #expect(seen[0]["accept"] == "x")
            #expect(seen[4]["transfer-encoding"] == "chunked")
            #expect(seen[4].count("transfer-encoding") == 1)
            #expect(seen[4]["connection"] == nil)
            #expect(seen[4].trailers.map(\.value) == ["t"])
        }
    }

    @Test("A chunked answer comes with its trailers, and the connection goes back to the pool")
    func readsChunks() async throws {
        try await self.call(
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nETag: t\r\n\r\n"
        ) { response, client in
            guard case .stream(let stream, nil) = response.body else {
                Issue.record("no stream: \(response.body)")
                return
            }
            #expect(stream.trailers == nil)
            var bytes: [UInt8] = []
            while let part = try await stream.next() {
                #expect(!part.isEmpty)
                bytes += part
            }
            #expect(bytes == Array("abcde".utf8))
            #expect(stream.trailers?[.eTag] == "t")
            #expect(try await stream.next() == nil)
            await client.turns { client.upstream.connections == (1, 0) }
        }
    }

    @Test("An answer without length or chunks goes on to the end of the connection")
    func readsUntilClose() async throws {
        for version in ["1.0", "1.1"] {
            try await self.call(answer: "HTTP/\(version) 200 OK\r\n\r\nabcde", ending: true) { response, client in
                guard case .stream(let stream, nil) = response.body else {
                    Issue.record("no stream: \(response.body)")
                    return
                }
                var bytes: [UInt8] = []
                while let part = try await stream.next() { bytes += part }
                #expect(bytes == Array("abcde".utf8))
                #expect(try await stream.next() == nil)
                await client.isEmpty()
            }
        }
    }

    @Test("Answers before the answer are passed over")
    func skipsInterimAnswers() async throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        try await self.call(answer: "\(interim)HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") { response, _ in
            #expect(response.status == .ok)
            let bytes = try await response.body.collect(upTo: 10)
            #expect(bytes == Array("ok".utf8))
        }
    }

    @Test("An answer to HEAD has the length that GET would have, and no body")
    func readsHead() async throws {
        try await self.call(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method: .head) { response, client in
            #expect(response.fields[.contentLength] == "5")
            guard case .empty = response.body else {
                Issue.record("a body: \(response.body)")
                return
            }
            #expect(client.upstream.connections == (1, 0))
        }
    }

    @Test("A long answer streams, and its consumer's pace is the sender's")
    func pushesBack() async throws {
        let listener = try RawListener()
        let part = [UInt8](repeating: 0x61, count: 64 << 10)
        try await withClient(of: listener.port) { client in
            let sent = Record<Int>()
            async let server: Void = onThread {
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(400 * part.count)\r\n\r\n")
                for number in 0..<400 {
                    try peer.socket.send(part)
                    sent.append(number)
                }
            }
            let response = try await client.get()
            var seen = -1
            while sent.all.count != seen {
                seen = sent.all.count
                for _ in 0..<50 { await client.loop.turn() }
            }
            #expect(seen < 300)
            #expect(try await response.body.collect(upTo: .max).count == 400 * part.count)
            try await server
        }
    }

    @Test(
        "An answer that breaks the rules is an error, and its connection closed",
        arguments: [
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        ])
    func refusesNonsense(answer: String) async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let isAtEnd = onThread { () -> Bool in
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send(answer)
                return try peer.isAtEnd()
            }
            #expect(await failure { _ = try await client.text() } == "invalid_response")
            let ended = try await isAtEnd
            #expect(ended)
            await client.isEmpty()
        }
    }

    @Test(
        "An answer cut short is an error",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        ])
    func noticesTruncation(answer: String) async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send(answer)
            }
            #expect(await failure { _ = try await client.text() } == "incomplete_response")
            try await served
            await client.isEmpty()
        }
    }

    @Test("A deadline ends the wait for the head, and closes the connection")
    func timesOutHeads() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let isAtEnd = onThread { () -> Bool in
                let peer = try listener.accept()
                // On a busy machine the time may be over before the request has come.
                _ = try? peer.receive()
                return try peer.isAtEnd()
            }
            #expect(await failure { _ = try await client.get(within: .milliseconds(30)) } == "timeout")
            let ended = try await isAtEnd
            #expect(ended)
            await client.isEmpty()
        }
    }

    @Test("A deadline ends the wait for the rest of a body")
    func timesOutBodies() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            // On its thread before the time begins to run: the tasks of other tests may keep an `async let` waiting.
            let ready = Latch()
            async let isAtEnd = onThread { () -> Bool in
                ready.open()
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
                return try peer.isAtEnd()
            }
            await ready.wait()
            let response = try await client.get(within: .seconds(1))
            #expect(await failure { _ = try await response.body.collect(upTo: 10) } == "timeout")
            let ended = try await isAtEnd
            #expect(ended)
            await client.isEmpty()
        }
    }

    @Test("A deadline that has passed already fails the call at once")
    func refusesLateCalls() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            #expect(await failure { _ = try await client.get(within: .seconds(-1)) } == "timeout")
            await client.isEmpty()
        }
    }

    @Test(
        "A body that is dropped or cancelled closes its connection and frees its place", arguments: ["drop", "cancel"])
    func freesAbandonedBodies(kind: String) async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let isAtEnd = onThread { () -> Bool in
                let peer = try listener.accept()
                _ = try peer.receive()
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
                return try peer.isAtEnd()
            }
            var response: HTTPResponse? = try await client.get()
            #expect(client.upstream.connections == (1, 1))
            guard case .stream(let stream, _)? = response?.body else {
                Issue.record("no stream")
                return
            }
            #expect(try await stream.next() == Array("abc".utf8))
            if kind == "cancel" {
                stream.cancel()
                stream.cancel()
                #expect(await failure { _ = try await stream.next() } != nil)
            }
            response = nil
            // `stream` goes with this scope in the other case.
            if kind == "cancel" { await client.isEmpty() }
            _ = consume stream
            let ended = try await isAtEnd
            #expect(ended)
            await client.isEmpty()
        }
    }

    @Test("A request body that fails ends the call, and the upstream sees a broken request rather than a short one")
    func stopsBrokenRequests() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                let peer = try listener.accept()
                #expect(throws: RawPeer.Malformed.self) { try peer.receive() }
            }
            let request = HTTPRequest(.post, "/", body: .stream(PartsStream("abc", breaks: true), length: nil))
            let reason = await failure { _ = try await client.upstream.send(request, deadline: .after(.seconds(20))) }
            #expect(reason == "request_body")
            try await served
            await client.isEmpty()
        }
    }

    @Test("A refusal that comes before the request's body is through is the answer")
    func readsEarlyRefusals() async throws {
        let listener = try RawListener()
        let part = [UInt8](repeating: 0x61, count: 64 << 10)
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                let peer = try listener.accept()
                while try !peer.line().isEmpty {}
                // Refuses and closes with most of the body unread, which resets the connection.
                try peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            }
            let stream = PartsStream(Array(repeating: part, count: 2_000))
            let request = HTTPRequest(.post, "/", body: .stream(stream, length: 2_000 * part.count))
            let response = try await client.upstream.send(request, deadline: .after(.seconds(20)))
            #expect(response.status == .contentTooLarge)
            #expect(try await response.body.collect(upTo: 10) == Array("no".utf8))
            #expect(stream.isCancelled)
            #expect(stream.taken < 2_000)
            try await served
        }
    }

    @Test("The same for a body that is at hand")
    func readsEarlyRefusalsOfLargeBodies() async throws {
        let listener = try RawListener()
        try await withClient(of: listener.port) { client in
            async let served: Void = onThread {
                let peer = try listener.accept()
                while try !peer.line().isEmpty {}
                try peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            }
            let request = HTTPRequest(.post, "/", body: .bytes([UInt8](repeating: 0x61, count: 64 << 20)))
            let response = try await client.upstream.send(request, deadline: .after(.seconds(20)))
            #expect(response.status == .contentTooLarge)
            try await served
            await client.isEmpty()
        }
    }

    @Test("A call from the main actor runs on a loop all the same, body included")
    @MainActor
    func hopsFromActors() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            try await withClient(of: server.port) { client in
                for _ in 0..<20 {
                    let body = [UInt8](repeating: 0x61, count: 300_000)
                    let request = HTTPRequest(.post, "/", body: .bytes(body))
                    let response = try await client.upstream.send(request, deadline: .after(.seconds(20)))
                    guard case .stream(let stream, _) = response.body else {
                        Issue.record("no stream")
                        return
                    }
                    var count = 0
                    while let part = try await stream.next() { count += part.count }
                    #expect(count == body.count)
                }
            }
        }
    }
}
