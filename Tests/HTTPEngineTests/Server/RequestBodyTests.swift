import HTTPCore
import HTTPEngine
import Testing

@Suite("Request bodies", .timeLimit(.minutes(1)))
struct RequestBodyTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: shop\r\n\r\n"

    @Test("A large body streams through, in parts that are never empty")
    func streams() async throws {
        let parts = Record<Int>()
        try await withServer(respond: { request in
            guard case .stream(let stream, let length) = request.body else { return .text("no stream") }
            do {
                var sum = 0
                while let part = try await stream.next() {
                    parts.append(part.count)
                    sum = part.reduce(sum) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
                }
                #expect(try await stream.next() == nil)
                return .text("\(length ?? -1) \(sum)")
            } catch {
                return .text("\(error)", status: .badRequest)
            }
        }) { server in
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }
            let sum = body.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
            try await onThread {
                let peer = try server.connect()
                try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: \(body.count)\r\n\r\n")
                try peer.socket.send(body)
                #expect(try peer.receive().text == "\(body.count) \(sum)")
                try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n")
                var rest = body[...]
                while !rest.isEmpty {
                    let chunk = rest.prefix(77_777)
                    try peer.send(String(chunk.count, radix: 16) + "\r\n")
                    try peer.socket.send(Array(chunk))
                    try peer.send("\r\n")
                    rest = rest.dropFirst(chunk.count)
                }
                try peer.send("0\r\n\r\n")
                #expect(try peer.receive().text == "-1 \(sum)")
            }
            #expect(parts.all.allSatisfy { $0 > 0 })
        }
    }

    @Test("Trailers follow the content; without any there are none")
    func givesTrailers() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            let head = "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
            let with = try await server.exchange(head + "ETag: \"v1\"\r\nContent-Length: 7\r\n\r\n")
            #expect(with.text == "hello")
            #expect(with["etag"] == "\"v1\"")
            let without = try await server.exchange(head + "\r\n")
            #expect(without["etag"] == nil)
        }
    }

    @Test("A body that is asked for brings 100 (Continue) first; the final answer follows")
    func invitesBodies() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            try await onThread {
                let peer = try server.connect()
                for framing in ["Content-Length: 5", "Transfer-Encoding: chunked"] {
                    try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\n\(framing)\r\n\r\n")
                    #expect(try peer.receive().startLine == "HTTP/1.1 100 Continue")
                    try peer.send(framing.hasPrefix("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n")
                    let answer = try peer.receive()
                    #expect(answer.status == 200)
                    #expect(answer.text == "hello")
                    #expect(!answer.closes)
                }
            }
        }
    }

    @Test("A client that does not wait for 100 (Continue) gets none")
    func doesNotInviteTwice() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello")
            #expect(answer.status == 200)
            #expect(answer.text == "hello")
        }
    }

    @Test("Without 100 (Continue) the final answer ends the connection: what follows may be the body or not")
    func closesUninvited() async throws {
        try await withServer(respond: { _ in .text("no", status: .forbidden) }) { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                let answer = try peer.receive()
                #expect(answer.status == 403)
                #expect(answer.closes)
                #expect(try peer.isAtEnd())
            }
        }
    }

    @Test("An unread body is read away, and the next request is understood")
    func discards() async throws {
        try await withServer(respond: { .text($0.path) }) { server in
            let peer = try await onThread { try server.connect() }
            let body = String(repeating: "x", count: 40_000)
            let cases = [
                "Content-Length: 40000\r\n\r\n\(body)",
                "Content-Length: 3\r\n\r\nabc",
            ]
            for message in cases {
                try peer.send("POST /first HTTP/1.1\r\nHost: shop\r\n\(message)\(Self.next)")
                try await onThread {
                    let first = try peer.receive()
                    #expect(first.text == "/first")
                    #expect(!first.closes)
                    #expect(try peer.receive().text == "/next")
                }
            }
        }
    }

    @Test("An unread body too long to be read away ends the connection, behind the answer")
    func givesUpOnLongBodies() async throws {
        try await withServer({ $0.discardBytesMax = 1_000 }, respond: { .text($0.path) }) { server in
            for message in ["Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n"] {
                try await onThread {
                    let peer = try server.connect()
                    try peer.send("POST /first HTTP/1.1\r\nHost: shop\r\n\(message)abc")
                    let first = try peer.receive()
                    #expect(first.text == "/first")
                    #expect(first.closes)
                    #expect(try peer.rest().isEmpty)
                }
            }
        }
    }

    @Test("A half-read body is read to its end before the next request")
    func discardsTheRest() async throws {
        try await withServer(respond: { request in
            guard case .stream(let stream, _) = request.body else { return .text(request.path) }
            let part = try? await stream.next()
            stream.cancel()
            return .text("\(part?.isEmpty == false)")
        }) { server in
            let peer = try await onThread { try server.connect() }
            let body = String(repeating: "x", count: 60_000)
            try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 60000\r\n\r\n\(body)\(Self.next)")
            try await onThread {
                #expect(try peer.receive().text == "true")
                let next = try peer.receive()
                #expect(next.text == "/next")
            }
        }
    }

    @Test("A body longer than the server takes is refused before it comes when its length is announced")
    func refusesAnnouncedLength() async throws {
        let asked = Record<String>()
        try await withServer(
            { $0.bodyBytesMax = 1_000 },
            respond: { request in
                asked.append(request.path)
                return await .echo(request)
            }
        ) { server in
            for expect in ["", "Expect: 100-continue\r\n"] {
                try await onThread {
                    let peer = try server.connect()
                    try peer.send("POST / HTTP/1.1\r\nHost: shop\r\n\(expect)Content-Length: 1001\r\n\r\n")
                    let answer = try peer.receive()
                    #expect(answer.status == 413)
                    #expect(answer.closes)
                    #expect(try peer.isAtEnd())
                }
            }
            #expect(asked.all.isEmpty)
            #expect(server.observer.refusals.all.map(\.reason) == ["contentTooLarge", "contentTooLarge"])
        }
    }

    @Test("A chunked body is cut off where it exceeds what the server takes")
    func refusesLongChunks() async throws {
        try await withServer({ $0.bodyBytesMax = 1_000 }, respond: { await .echo($0) }) { server in
            let chunk = "1F4\r\n\(String(repeating: "x", count: 500))\r\n"
            let head = "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n"
            #expect(try await server.exchange("\(head)\(chunk)\(chunk)0\r\n\r\n").body.count == 1_000)
            try await onThread {
                let peer = try server.connect()
                try peer.send("\(head)\(chunk)\(chunk)1\r\nx\r\n0\r\n\r\n")
                let answer = try peer.receive()
                #expect(answer.status == 413)
                #expect(answer.text == "contentTooLarge")
                #expect(answer.closes)
                #expect(try peer.isAtEnd())
            }
        }
    }

    @Test("A success that overlooks a broken body is not sent")
    func doesNotLie() async throws {
        try await withServer(
            { $0.bodyBytesMax = 10 },
            respond: { request in
                _ = try? await request.body.collect(upTo: .max)
                return .text("all is well")
            }
        ) { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\nB\r\nhello world\r\n0\r\n\r\n")
            #expect(answer.status == 413)
            let broken = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX")
            #expect(broken.status == 400)
            #expect(broken.closes)
        }
    }

    @Test("A body that ends before its length is refused as cut short")
    func tellsOfTruncation() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            for message in ["Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"] {
                try await onThread {
                    let peer = try server.connect()
                    try peer.send("POST / HTTP/1.1\r\nHost: shop\r\n\(message)")
                    peer.socket.endOutput()
                    let answer = try peer.receive()
                    #expect(answer.status == 400)
                    #expect(answer.text == "truncated")
                    #expect(try peer.isAtEnd())
                }
            }
        }
    }

    @Test("A body read by a task elsewhere is still read on the connection's loop")
    func hopsToTheLoop() async throws {
        try await withServer(respond: { request in
            let text = await Task { @MainActor in
                (try? await request.body.collect(upTo: .max)).map { String(decoding: $0, as: UTF8.self) } ?? "-"
            }.value
            return .text(text)
        }) { server in
            let peer = try await onThread { try server.connect() }
            for _ in 0..<20 {
                try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                await server.loop.turn()
                try peer.send("6\r\n world\r\n0\r\n\r\n")
                try await onThread {
                    let answer = try peer.receive()
                    #expect(answer.text == "hello world")
                }
            }
        }
    }
}
