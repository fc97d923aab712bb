import HTTPCore
import Testing

@Suite("Request decoder: messages that are right")
struct RequestDecoderTests {
    private func head(_ text: String) throws -> HTTP1RequestHead {
        let result = decodeRequest(.wire(text))
        #expect(result.refusal == nil)
        return try #require(result.head)
    }

    @Test("A head is taken apart and what follows it is left alone")
    func pipelined() throws {
        let first = "GET /a/b?x=1&y=%20? HTTP/1.1\r\nHost: shop.example:8000\r\nAccept:  text/html \r\n\r\n"
        let result = decodeRequest(.wire(first + "GET /2 HTTP/1.1\r\n"))
        let head = try #require(result.head)
        #expect(result.consumed == first.utf8.count)
        #expect(head.method == .get)
        #expect(head.scheme == "http")
        #expect(head.path == "/a/b")
        #expect(head.query == "x=1&y=%20?")
        #expect(head.authority == "shop.example:8000")
        #expect(head.version == .http11)
        #expect(head.fields.lineTexts == ["host: shop.example:8000", "accept: text/html"])
        #expect(head.framing == .none)
        #expect(head.keepAlive)
        #expect(!head.expectsContinue)
    }

    @Test("One decoder reads one head after another")
    func sequence() throws {
        let bytes = [UInt8].wire("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /22 HTTP/1.1\r\nHost: b\r\n\r\n")
        var decoder = HTTP1RequestDecoder()
        try bytes.withUnsafeBytes { input in
            let first = try #require(try decoder.decodeHead(input))
            let rest = UnsafeRawBufferPointer(rebasing: input[first.consumed...])
            let second = try #require(try decoder.decodeHead(rest))
            #expect(first.head.path == "/1")
            #expect(second.head.path == "/22")
            #expect(second.head.method == .head)
            #expect(second.consumed == rest.count)
        }
    }

    @Test(
        "Methods are told apart with case",
        arguments: [
            ("GET", HTTPMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch),
            ("DELETE", .delete),
            ("OPTIONS", .options), ("TRACE", .trace), ("get", .other("get")), ("PROPFIND", .other("PROPFIND")),
            ("X", .other("X")),
        ])
    func methods(name: String, method: HTTPMethod) throws {
        let head = try self.head(requestHead(line: "\(name) / HTTP/1.1"))
        #expect(head.method == method)
        #expect(head.method.name == name)
        #expect(HTTPMethod(name) == method)
    }

    @Test("An absolute-form target decides over Host")
    func absoluteForm() throws {
        let head = try self.head(requestHead(line: "GET HTTP://Example.com:81/p?q HTTP/1.1", host: "other"))
        #expect(head.authority == "Example.com:81")
        #expect(head.fields.values(of: .host) == ["Example.com:81"])
        #expect(head.path == "/p")
        #expect(head.query == "q")
        #expect(head.scheme == "http")
    }

    @Test(
        "An absolute-form target may lack a path",
        arguments: [
            ("GET https://a HTTP/1.1", "/", nil), ("GET http://a?q=1 HTTP/1.1", "/", "q=1"),
            ("OPTIONS http://a HTTP/1.1", "*", nil), ("OPTIONS http://a/ HTTP/1.1", "/", nil),
            ("OPTIONS http://a?x HTTP/1.1", "/", "x"),
        ] as [(String, String, String?)])
    func absoluteFormWithoutPath(line: String, path: String, query: String?) throws {
        let head = try self.head(requestHead(line: line))
        #expect(head.path == path)
        #expect(head.query == query)
        #expect(head.scheme == (line.contains("https") ? "https" : "http"))
    }

    @Test("An empty query is not the same as none")
    func emptyQuery() throws {
        #expect(try self.head(requestHead(line: "GET /? HTTP/1.1")).query == "")
        #expect(try self.head(requestHead(line: "GET / HTTP/1.1")).query == nil)
    }

    @Test("HTTP/1.0 may lack a Host")
    func http10() throws {
        let head = try self.head(requestHead(line: "GET / HTTP/1.0", host: nil))
        #expect(head.authority == nil)
        #expect(head.version == .http10)
        #expect(!head.keepAlive)
    }

    @Test(
        "Connection options decide whether the connection stays",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false), ("HTTP/1.1", "keep-alive, CLOSE", false),
            ("HTTP/1.1", "closed", true), ("HTTP/1.1", "upgrade,, keep-alive", true), ("HTTP/1.0", "", false),
            ("HTTP/1.0", "Keep-Alive", true), ("HTTP/1.0", "x , keep-alive", true),
            ("HTTP/1.0", "keep-alive, close", false),
        ])
    func persistence(version: String, connection: String, stays: Bool) throws {
        let head = try self.head(requestHead("Connection: \(connection)", line: "GET / \(version)"))
        #expect(head.keepAlive == stays)
    }

    @Test(
        "Framing follows Content-Length and Transfer-Encoding",
        arguments: [
            ("Content-Length: 0", HTTP1BodyFraming.none), ("Content-Length: 7", .length(7)),
            ("CONTENT-LENGTH:0007", .length(7)),
            ("Content-Length: 9223372036854775807", .length(.max)), ("Transfer-Encoding: chunked", .chunked),
            ("transfer-encoding:\tCHUNKED ", .chunked), ("X: y", .none),
        ])
    func framing(line: String, framing: HTTP1BodyFraming) throws {
        #expect(try self.head(requestHead(line, line: "POST / HTTP/1.1")).framing == framing)
    }

    @Test("Only an HTTP/1.1 client with content waits for 100 Continue")
    func expectation() throws {
        let post = "POST / HTTP/1.1"
        #expect(try self.head(requestHead("Expect: 100-Continue", "Content-Length: 1", line: post)).expectsContinue)
        #expect(try !self.head(requestHead("Expect: 100-continue", line: post)).expectsContinue)
        #expect(
            try !self.head(requestHead("Expect: 100-continue", "Content-Length: 1", line: "POST / HTTP/1.0"))
                .expectsContinue)
    }

    @Test(
        "Host may be a name, an address and have a port",
        arguments: [
            "a", "localhost:8000", "shop-1.example_x.com", "127.0.0.1", "[::1]", "[2001:db8::1]:65535", "a:1",
            "[::ffff:1.2.3.4]:80",
        ])
    func hosts(host: String) throws {
        #expect(try self.head(requestHead(host: host)).authority == host)
    }

    @Test("What browsers and curl leave unescaped in a query is accepted")
    func lenientQuery() throws {
        let query = "a[]={}|\\^`\"<>'&%zz/?"
        #expect(try self.head(requestHead(line: "GET /?\(query) HTTP/1.1")).query == query)
    }

    @Test("Values may hold tabs and bytes over 0x7F")
    func obsText() throws {
        var bytes = [UInt8].wire("GET / HTTP/1.1\r\nHost: a\r\nX: a\tb")
        bytes += [0x80, 0xFF]
        bytes += .wire("\r\n\r\n")
        let head = try #require(decodeRequest(bytes).head)
        #expect(head.fields.withValue("x") { Array($0) } == [0x61, 0x09, 0x62, 0x80, 0xFF])
        #expect(head.fields["x"] == "a\tb\u{FFFD}\u{FFFD}")
    }

    @Test("Every token character may stand in a field name")
    func tokenNames() throws {
        let name = "!#$%&'*+-.^_`|~09azAZ"
        let head = try self.head(requestHead("\(name): 1"))
        #expect(head.fields.lineTexts.last == "\(name.lowercased()): 1")
    }
}
