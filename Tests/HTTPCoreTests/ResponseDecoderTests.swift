import HTTPCore
import Testing

@Suite("Response decoder")
struct ResponseDecoderTests {
    @Test("A response is taken apart")
    func whole() throws {
        let result = decodeResponse(.wire(Golden.responses[0]))
        let head = try #require(result.head)
        #expect(head.status == .ok)
        #expect(head.version == .http11)
        #expect(head.fields["Content-Type"] == "text/plain")
        #expect(head.framing == .length(5))
        #expect(head.keepAlive)
        #expect(utf8(result.body) == "hello")
    }

    @Test("Trailers come after chunks")
    func trailers() {
        let result = decodeResponse(.wire(Golden.responses[1]))
        #expect(utf8(result.body) == "wikipedia ")
        #expect(result.trailers.lineTexts == ["server-timing: db;dur=1"])
    }

    @Test(
        "What can have no content ends with its head",
        arguments: [
            ("HTTP/1.1 204 No Content", HTTPMethod.get), ("HTTP/1.1 304 Not Modified", .get),
            ("HTTP/1.1 100 Continue", .post),
            ("HTTP/1.1 103 Early Hints", .get), ("HTTP/1.1 200 OK", .head), ("HTTP/1.1 404 Not Found", .head),
        ])
    func withoutContent(line: String, method: HTTPMethod) throws {
        for field in ["Content-Length: 5", "Transfer-Encoding: chunked", "X: y"] {
            let result = decodeResponse(.wire("\(line)\r\n\(field)\r\n\r\nHTTP/1.1"), to: method)
            #expect(try #require(result.head).framing == .none)
            #expect(result.isComplete)
            #expect(result.consumed == line.utf8.count + field.utf8.count + 6)
            #expect(result.head?.keepAlive == true)
        }
    }

    @Test(
        "A reason phrase may be anything visible, empty or missing with its space",
        arguments: [
            "HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.1 200 Tr\u{E8}s\tbien (1)", "HTTP/1.1 599 Odd",
        ])
    func reasons(line: String) {
        #expect(decodeResponse(.wire("\(line)\r\nContent-Length: 0\r\n\r\n")).isComplete)
    }

    @Test("Without a length the content goes on until the peer closes")
    func untilClose() throws {
        let bytes = [UInt8].wire("HTTP/1.1 200 OK\r\n\r\nall of it")
        let open = decodeResponse(bytes)
        #expect(open.head?.framing == .untilClose)
        #expect(open.head?.keepAlive == false)
        #expect(!open.isComplete)
        let closed = decodeResponse(bytes, closes: true)
        #expect(closed.isComplete)
        #expect(utf8(closed.body) == "all of it")
    }

    @Test(
        "A peer that closes early leaves a truncated message",
        arguments: [
            "Content-Length: 5\r\n\r\nhell", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n",
        ])
    func truncated(rest: String) {
        #expect(decodeResponse(.wire("HTTP/1.1 200 OK\r\n" + rest), closes: true).refusal == .truncated)
    }

    @Test(
        "Connection options decide whether the connection is kept",
        arguments: [
            ("1.1", "x", true), ("1.1", "close", false), ("1.0", "x", false), ("1.0", "keep-alive", true),
        ])
    func persistence(version: String, option: String, kept: Bool) {
        let text = "HTTP/\(version) 200 OK\r\nConnection: \(option)\r\nContent-Length: 0\r\n\r\n"
        #expect(decodeResponse(.wire(text)).head?.keepAlive == kept)
    }

    @Test(
        "A malformed response is refused",
        arguments: [
            ("\r\nHTTP/1.1 200 OK\r\n\r\n", .invalidStatusLine), ("ICY 200 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1\r\n\r\n", .invalidStatusLine), ("HTTP/1.1  200 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1 20 OK\r\n\r\n", .invalidStatusLine), ("HTTP/1.1 2000 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/1.1 099 No\r\n\r\n", .invalidStatusCode), ("HTTP/1.1 600 No\r\n\r\n", .invalidStatusCode),
            ("HTTP/1.1 2x0 OK\r\n\r\n", .invalidStatusCode), ("HTTP/1.1\t200 OK\r\n\r\n", .invalidStatusLine),
            ("HTTP/2.0 200 OK\r\n\r\n", .versionNotSupported), ("HTTX/1.1 200 OK\r\n\r\n", .invalidVersion),
            ("Http/1.1 200 OK\r\n\r\n", .invalidVersion), ("HTTP/1.1 200 O\u{0}K\r\n\r\n", .controlCharacter),
            ("HTTP/1.1 200 O\rK\r\n\r\n", .bareCarriageReturn), ("HTTP/1.1 200 OK\n\n", .bareLineFeed),
            ("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", .whitespaceBeforeColon),
            ("HTTP/1.1 200 OK\r\n X: y\r\n\r\n", .foldedLine),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .repeatedContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", .invalidContentLength),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                .contentLengthWithTransferEncoding
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", .invalidTransferEncoding),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX", .missingChunkEnd),
        ] as [(String, HTTP1Error.Kind)])
    func refusals(text: String, kind: HTTP1Error.Kind) {
        let bytes = [UInt8].wire(text)
        #expect(decodeResponse(bytes).refusal == kind)
        for stop in 0...bytes.count { #expect(decodeResponse(bytes, stops: [stop]).refusal == kind) }
    }
}
