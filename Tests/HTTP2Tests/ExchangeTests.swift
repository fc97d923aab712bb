import HTTP2
import HTTPCore
import Testing

@Suite("HTTP/2: exchanges")
struct ExchangeTests {
    @Test("A server begins with its settings and opens the connection's window")
    func serverPreface() {
        let frames = Frame.all(in: HTTP2Session(.server).output())
        #expect(
            frames.map(\.bytes) == [
                [0, 0, 36, 4, 0, 0, 0, 0, 0]
                    + [0, 4, 0, 4, 0, 0] + [0, 5, 0, 0, 0x40, 0] + [0, 1, 0, 0, 0x10, 0] + [0, 6, 0, 0, 0x40, 0]
                    + [0, 3, 0, 0, 0, 128] + [0, 9, 0, 0, 0, 1],
                [0, 0, 4, 8, 0, 0, 0, 0, 0] + [0, 0x0F, 0, 1],
            ])
    }

    @Test("A client begins with the preface and settings that forbid push")
    func clientPreface() {
        let output = HTTP2Session(.client).output()
        #expect(Array(output.prefix(24)) == Frame.preface)
        let settings = Frame.all(in: output.dropFirst(24))[0]
        #expect(
            settings.payload == [0, 4, 0, 4, 0, 0] + [0, 5, 0, 0, 0x40, 0] + [0, 1, 0, 0, 0x10, 0]
                + [0, 6, 0, 0, 0x40, 0] + [0, 2, 0, 0, 0, 0] + [0, 3, 0, 0, 0, 0])
    }

    @Test("A request is answered with a head, content and trailers, to the byte")
    func unary() {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1, "/a?b=c"))
        #expect(session.takeAll().map(\.text) == ["request 1 GET /a?b=c - last"])
        session.respond(to: 1, .ok, [.contentType: "text/plain"], length: nil, date: [], hasBody: true)
        session.write(Array("hello".utf8), to: 1)
        session.end(1, trailers: [.eTag: "x"])
        // 0x88: `:status: 200` of the static table. 0x5f: `content-type` of it, indexed, with a Huffman-coded value
        // (RFC 7541). 0x62: `etag`, which nghttp2 does not index.
        let huffman: [UInt8] = [0x49, 0x7C, 0xA5, 0x8A, 0xE8, 0x19, 0xAA]
        #expect(
            session.output() == [0, 0, 10, 1, 4, 0, 0, 0, 1, 0x88, 0x5F, 0x87] + huffman
                + [0, 0, 5, 0, 0, 0, 0, 0, 1] + Array("hello".utf8)
                + [0, 0, 4, 1, 5, 0, 0, 0, 1, 0x0F, 0x13, 0x01, 0x78])
        #expect(session.takeAll().map(\.text) == ["closed 1 NO_ERROR"])
    }

    @Test("An answer without content ends with its head")
    func headOnly() throws {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1))
        session.respond(to: 1, .noContent, .init(), length: nil, date: [], hasBody: false)
        let frame = try #require(session.frames().first)
        #expect(frame.kind == .headers && frame.endsStream && frame.payload == [0x89])
    }

    @Test("An interim answer comes before the final one, and a client passes it over")
    func interim() {
        let server = HTTP2Session.server()
        server.feed(Frame.post(1, [("expect", "100-continue")]))
        server.inform(1, 100)
        server.respond(to: 1, .ok, .init(), length: 0, date: [], hasBody: false)
        let client = HTTP2Session.client()
        _ = client.open(HTTPRequest(.get, "/"), authority: "a", length: nil, hasBody: false)
        _ = client.output()
        client.feed(server.output())
        #expect(client.takeAll().map(\.text).filter { $0 != "settings" }.first == "response 1 200 0 last")
    }

    @Test("Wherever the bytes are split, the events are the same")
    func everySplit() {
        let request =
            Frame.preface + Frame.settings().bytes
            + Frame.post(1, [("cookie", "a=1"), ("cookie", "b=2"), ("content-length", "5")]).bytes
            + Frame.data(1, "hello").bytes + Frame.headers(1, [("etag", "x")]).bytes + Frame.get(3).bytes
        let expected = [
            "settings", "request 1 POST / 5", "data 1 hello", "trailers 1 [\"etag: x\"]", "end 1",
            "request 3 GET / - last",
        ]
        for split in 0...request.count {
            let session = HTTP2Session(.server)
            session.feed(Array(request[..<split]))
            session.feed(Array(request[split...]))
            #expect(joined(session.takeAll()) == expected, "at \(split)")
        }
        let session = HTTP2Session(.server)
        for byte in request { session.feed([byte]) }
        #expect(joined(session.takeAll()) == expected)
    }

    /// The events with content that came in pieces put together.
    private func joined(_ events: [HTTP2Event]) -> [String] {
        var texts: [String] = []
        for event in events {
            if case .data(let id, let bytes) = event, let last = texts.last, last.hasPrefix("data \(id)") {
                texts[texts.count - 1] += String(decoding: bytes, as: UTF8.self)
            } else {
                texts.append(event.text)
            }
        }
        return texts
    }

    @Test("Cookies that came one in a field become one value")
    func cookies() throws {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1, "/", [("cookie", "a=1"), ("accept", "*/*"), ("cookie", "b=2")]))
        guard case .request(_, let request, _, _) = try #require(session.takeAll().first) else {
            Issue.record("no request")
            return
        }
        #expect(request.fields.values(of: .cookie) == ["a=1; b=2"])
        #expect(request.fields[.accept] == "*/*" && request.authority == "a.example" && request.version == .http2)
    }

    @Test("Both ends understand each other: bodies and trailers both ways")
    func loopback() throws {
        let client = HTTP2Session.client()
        let server = HTTP2Session.server()
        var request = HTTPRequest(.post, "/p?q", fields: [.accept: "x", .connection: "close", .host: "ignored"])
        request.authority = "real.example"
        let id = try #require(client.open(request, authority: "other", length: nil, hasBody: true))
        client.write(Array("ab".utf8), to: id)
        client.end(id, trailers: [.eTag: "t", .contentLength: "9"])
        server.feed(client.output())
        let events = server.takeAll()
        #expect(
            events.map(\.text) == [
                "request 1 POST /p?q -", "data 1 ab", "trailers 1 [\"etag: t\"]", "end 1",
            ])
        guard case .request(_, let received, _, _) = events[0] else { return }
        #expect(received.authority == "real.example" && !received.fields.contains(.connection))
        server.respond(to: 1, 418, [.retryAfter: "1"], length: 2, date: Array("now".utf8), hasBody: true)
        server.write(Array("yz".utf8), to: 1)
        server.end(1)
        client.feed(server.output())
        #expect(
            client.takeAll().map(\.text) == [
                "response 1 418 2", "data 1 yz", "end 1", "closed 1 NO_ERROR",
            ])
    }

    @Test("An answer that is complete before its request makes the server reset the stream without an error")
    func earlyAnswer() {
        let session = HTTP2Session.server()
        session.feed(Frame.post(1))
        session.respond(to: 1, .contentTooLarge, .init(), length: 0, date: [], hasBody: false)
        let frames = session.frames()
        #expect(frames.map(\.kind) == [.headers, .resetStream])
        #expect(frames.last?.word() == 0)
    }

    @Test("The peer's windows open as content is consumed, and not before")
    func windows() throws {
        let session = HTTP2Session.server {
            $0.streamWindowBytes = 65_535
            $0.connectionWindowBytes = 65_535
        }
        session.feed(Frame.post(1))
        for _ in 0..<3 { session.feed(Frame(.data, stream: 1, [UInt8](repeating: 7, count: 16_384))) }
        #expect(session.frames().isEmpty)
        session.consume(40_000, of: 1)
        let updates = session.frames()
        #expect(updates.map(\.kind) == [.windowUpdate, .windowUpdate])
        #expect(Set(updates.map(\.stream)) == [0, 1])
        #expect(updates.allSatisfy { $0.word() == 40_000 })
    }

    @Test("Content waits for the peer's window, and the writer is told when little is left")
    func outboundWindow() {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1))
        session.respond(to: 1, .ok, .init(), length: nil, date: [], hasBody: true)
        session.write([UInt8](repeating: 1, count: 100_000), to: 1)
        session.notify(1, below: 10_000)
        let sent = session.frames().filter { $0.kind == .data }.reduce(0) { $0 + $1.payload.count }
        #expect(sent == 65_535)
        #expect(session.outboundCount(of: 1) == 100_000 - 65_535)
        _ = session.takeAll()
        session.feed(
            Frame(.windowUpdate, stream: 0, Frame.word(30_000)), Frame(.windowUpdate, stream: 1, Frame.word(30_000)))
        _ = session.output()
        #expect(session.takeAll().map(\.text) == ["drained 1"])
    }

    @Test("A client's streams above the last one that counts end as refused when the peer goes away")
    func goAway() {
        let client = HTTP2Session.client()
        for _ in 0..<2 { _ = client.open(HTTPRequest(.get, "/"), authority: "a", length: nil, hasBody: false) }
        _ = client.output()
        client.feed(Frame(.goAway, Frame.word(1) + Frame.word(0)))
        #expect(client.takeAll().map(\.text) == ["goAway 1 NO_ERROR", "closed 3 REFUSED_STREAM"])
    }

    @Test("A server that goes away names the last stream it looks at, and passes over later ones")
    func serverGoesAway() {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1))
        session.goAway()
        let frame = session.frames().first
        #expect(frame?.kind == .goAway && frame?.word() == 1)
        _ = session.takeAll()
        session.feed(Frame.get(3))
        #expect(session.takeAll().isEmpty)
    }
}
