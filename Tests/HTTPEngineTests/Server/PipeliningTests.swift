import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("Pipelined requests", .timeLimit(.minutes(2)))
struct PipeliningTests {
    /// Requests of every framing, one behind the other, and the bodies of their answers.
    static let requests =
        "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n"
        + "POST /b HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello"
        + "POST /c HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nETag: t\r\n\r\n"
        + "HEAD /d HTTP/1.1\r\nHost: shop\r\n\r\n"
        + "PUT /e HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n"

    private func check(_ peer: RawPeer) throws {
        #expect(try peer.receive().text.isEmpty)
        #expect(try peer.receive().text == "hello")
        let chunked = try peer.receive()
        #expect(chunked.text == "abcdefg")
        #expect(chunked["etag"] == "t")
        #expect(try peer.receive(isBodiless: true).status == 200)
        #expect(try peer.receive().text.isEmpty)
    }

    @Test("Requests sent at once are answered in order")
    func answersInOrder() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            try await onThread {
                let peer = try server.connect()
                for _ in 0..<50 { try peer.send(Self.requests) }
                for _ in 0..<50 { try self.check(peer) }
            }
        }
    }

    @Test("Wherever the bytes are split between two packets, the answers are the same")
    func isSplitAnywhere() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            let bytes = Array(Self.requests.utf8)
            let peer = try await onThread { try server.connect() }
            for position in 1..<bytes.count {
                try peer.socket.send(Array(bytes[..<position]))
                // The server has taken in the first part and waits for more.
                await server.loop.turn()
                try peer.socket.send(Array(bytes[position...]))
                try await onThread { try self.check(peer) }
            }
        }
    }

    @Test("Bytes that come one by one are as good as all at once")
    func comesByteByByte() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            let peer = try await onThread { try server.connect() }
            for byte in Self.requests.utf8 {
                try peer.socket.send([byte])
                await server.loop.turn()
            }
            try await onThread { try self.check(peer) }
        }
    }

    @Test("Nothing behind connection: close is answered")
    func stopsAtClose() async throws {
        let paths = Record<String>()
        try await withServer(respond: { request in
            paths.append(request.path)
            return .text("hello")
        }) { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send(
                    "GET /a HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: shop\r\n\r\n")
                #expect(try peer.receive().closes)
                #expect(try peer.isAtEnd())
            }
            #expect(paths.all == ["/a"])
        }
    }

    @Test("A peer that sends requests without pause leaves others their turn")
    func leavesOthersTheirTurn() async throws {
        let running = Record<String>()
        try await withServer(respond: { request in
            running.append(request.path)
            return .text("hello")
        }) { server in
            let request = "GET /greedy HTTP/1.1\r\nHost: shop\r\n\r\n"
            let greedy = try await onThread { try server.connect() }
            // More than one turn's share in one packet, then another's single request.
            try greedy.send(String(repeating: request, count: 300))
            let other = try await onThread { try server.connect() }
            try other.send("GET /other HTTP/1.1\r\nHost: shop\r\n\r\n")
            try await onThread {
                let answer = try other.receive()
                #expect(answer.text == "hello")
                for _ in 0..<300 { #expect(try greedy.receive().text == "hello") }
            }
            #expect(running.all.count == 301)
        }
    }

    @Test("A peer that sends requests and reads no answer is held back, and not for ever")
    func pushesBack() async throws {
        let answered = Record<Int>()
        let body = [UInt8](repeating: 0x61, count: 64 << 10)
        try await withServer(
            {
                $0.outboundHighWater = 128 << 10
                $0.writeTimeout = .milliseconds(50)
            },
            respond: { _ in
                answered.append(1)
                return HTTPResponse(.ok, fields: .init(), body: .bytes(body))
            }
        ) { server in
            let peer = try await onThread { try server.connect() }
            try await onThread {
                try peer.send(String(repeating: "GET / HTTP/1.1\r\nHost: shop\r\n\r\n", count: 2_000))
            }
            await server.turns { server.observer.timeouts.all == ["write"] }
            await server.turns { server.server.openConnections == 0 }
            // What the kernel's buffers take, and no more: far less than the 128 MB asked for.
            #expect(answered.all.count < 1_000)
        }
    }
}
