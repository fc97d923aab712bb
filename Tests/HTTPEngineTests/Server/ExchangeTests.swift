import HTTPCore
import HTTPEngine
import Testing

@Suite("Requests and answers over a socket", .timeLimit(.minutes(1)))
struct ExchangeTests {
    @Test("A connection carries one request after another")
    func keepsAlive() async throws {
        try await withServer(respond: { .text($0.path) }) { server in
            try await onThread {
                let peer = try server.connect()
                for number in 0..<100 {
                    try peer.send("GET /\(number) HTTP/1.1\r\nHost: shop\r\n\r\n")
                    let answer = try peer.receive()
                    #expect(answer.startLine == "HTTP/1.1 200 OK")
                    #expect(answer.text == "/\(number)")
                    #expect(answer["content-length"] == "\(answer.body.count)")
                    #expect(answer["date"]?.hasSuffix("GMT") == true)
                    #expect(answer["connection"] == nil)
                }
            }
        }
    }

    @Test("connection: close is honoured and said")
    func closesWhenAsked() async throws {
        try await withServer { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                let answer = try peer.receive()
                #expect(answer.closes)
                #expect(answer.text == "hello")
                #expect(try peer.isAtEnd())
            }
        }
    }

    @Test("A client that ends its side after the request still gets the answer")
    func answersHalfClosed() async throws {
        try await withServer { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
                peer.socket.endOutput()
                #expect(try peer.receive().text == "hello")
                #expect(try peer.isAtEnd())
            }
        }
    }

    @Test("HEAD is answered like GET without the body, and the connection goes on")
    func answersHead() async throws {
        let respond: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            switch request.path {
            case "/stream": HTTPResponse(.ok, fields: .init(), body: .stream(PartsStream("abc"), length: 3))
            case "/chunked": HTTPResponse(.ok, fields: .init(), body: .stream(PartsStream("abc"), length: nil))
            case "/known": HTTPResponse(.ok, fields: [.contentLength: "1234"], body: .empty)
            case "/unknown": HTTPResponse(.ok, fields: .init(), body: .empty)
            default: .text("hello")
            }
        }
        try await withServer(respond: respond) { server in
            try await onThread {
                let peer = try server.connect()
                let expected: [(String, String?, String?)] = [
                    ("/", "5", nil), ("/stream", "3", nil), ("/chunked", nil, "chunked"), ("/known", "1234", nil),
                    // Nothing is better than 0, which would be a lie about what GET gives.
                    ("/unknown", nil, nil),
                ]
                for (path, length, coding) in expected {
                    try peer.send("HEAD \(path) HTTP/1.1\r\nHost: shop\r\n\r\n")
                    let answer = try peer.receive(isBodiless: true)
                    #expect(answer.status == 200)
                    #expect(answer["content-length"] == length, "\(path)")
                    #expect(answer["transfer-encoding"] == coding, "\(path)")
                }
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
                #expect(try peer.receive().text == "hello")
            }
        }
    }

    @Test("Statuses without a body have none, and no length", arguments: [204, 304])
    func leavesOutBodies(code: Int) async throws {
        let bodies: [@Sendable () -> HTTPBody] = [
            { .empty }, { .bytes([1, 2]) }, { .stream(PartsStream("ab"), length: 2) },
            { .stream(PartsStream("ab"), length: nil) },
        ]
        for body in bodies {
            try await withServer(respond: { request in
                request.path == "/" ? .text("next") : HTTPResponse(HTTPStatus(code), fields: .init(), body: body())
            }) { server in
                try await onThread {
                    let peer = try server.connect()
                    try peer.send("GET /x HTTP/1.1\r\nHost: shop\r\n\r\nGET / HTTP/1.1\r\nHost: shop\r\n\r\n")
                    let answer = try peer.receive()
                    #expect(answer.status == code)
                    #expect(answer["content-length"] == nil)
                    #expect(answer["transfer-encoding"] == nil)
                    #expect(try peer.receive().text == "next")
                }
            }
        }
    }

    @Test("HTTP/1.0 without keep-alive closes behind the answer, a streamed one without a length too")
    func answersHTTP10() async throws {
        try await withServer(respond: { request in
            request.path == "/stream"
                ? HTTPResponse(.ok, fields: .init(), body: .stream(PartsStream("ab", "cd"), length: nil))
                : .text("hello")
        }) { server in
            let plain = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(plain.closes)
            #expect(plain["content-length"] == "5")
            for keepAlive in ["", "Connection: keep-alive\r\n"] {
                let streamed = try await server.exchange("GET /stream HTTP/1.0\r\n\(keepAlive)\r\n")
                #expect(streamed.closes)
                #expect(streamed["transfer-encoding"] == nil)
                #expect(streamed.text == "abcd")
            }
        }
    }

    @Test("HTTP/1.0 with keep-alive carries on, and says so")
    func keepsHTTP10Alive() async throws {
        try await withServer { server in
            try await onThread {
                let peer = try server.connect()
                for _ in 0..<3 {
                    try peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    let answer = try peer.receive()
                    #expect(answer["connection"] == "keep-alive")
                    #expect(answer.text == "hello")
                }
            }
        }
    }

    @Test("An absolute target gives path, query and authority, whatever Host says")
    func takesAbsoluteForm() async throws {
        try await withServer(respond: { request in
            .text("\(request.scheme) \(request.authority ?? "-") \(request.path) \(request.query ?? "-")")
        }) { server in
            let answer = try await server.exchange(
                "GET http://example.org:81/a/b?c=d HTTP/1.1\r\nHost: other\r\n\r\n")
            #expect(answer.text == "http example.org:81 /a/b c=d")
        }
    }

    @Test("A responder sees the client's numeric address")
    func tellsTheAddress() async throws {
        try await withServer(respond: { .text($0.remoteAddress ?? "-") }) { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            #expect(answer.text == "127.0.0.1")
        }
    }

    @Test("Framing fields that an answer brings along are not sent beside the server's own")
    func writesFramingOnce() async throws {
        try await withServer(respond: { _ in
            HTTPResponse(
                .ok,
                fields: [
                    .contentLength: "99", .transferEncoding: "chunked", .connection: "upgrade", .keepAlive: "timeout=1",
                    .date: "yesterday", .eTag: "\"x\"",
                ], body: .bytes([0x61]))
        }) { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            #expect(answer.text == "a")
            #expect(answer.count("content-length") == 1)
            #expect(answer.count("date") == 1)
            #expect(answer["transfer-encoding"] == nil)
            #expect(answer["keep-alive"] == nil)
            #expect(answer["connection"] == nil)
            #expect(answer["etag"] == "\"x\"")
        }
    }

    @Test("A connection ends after as many requests as it may carry")
    func boundsRequests() async throws {
        try await withServer({ $0.requestsPerConnectionMax = 3 }) { server in
            try await onThread {
                let peer = try server.connect()
                for number in 1...3 {
                    try peer.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
                    #expect(try peer.receive().closes == (number == 3))
                }
                #expect(try peer.isAtEnd())
            }
        }
    }
}
