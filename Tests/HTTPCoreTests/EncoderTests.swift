import HTTPCore
import Testing

@Suite("Encoder")
struct EncoderTests {
    private func encode(_ body: (inout [UInt8]) -> Void) -> String {
        var output: [UInt8] = []
        body(&output)
        return utf8(output)
    }

    @Test("Status lines")
    func statusLines() {
        #expect(self.encode { HTTP1Encoder.appendStatusLine(.ok, to: &$0) } == "HTTP/1.1 200 OK\r\n")
        #expect(self.encode { HTTP1Encoder.appendStatusLine(422, to: &$0) } == "HTTP/1.1 422 Unprocessable Content\r\n")
        #expect(self.encode { HTTP1Encoder.appendStatusLine(299, to: &$0) } == "HTTP/1.1 299 Unknown\r\n")
    }

    @Test("Every prerendered line is its code and phrase")
    func prerendered() {
        for code in 100...999 {
            let status = HTTPStatus(code)
            let line = self.encode { HTTP1Encoder.appendStatusLine(status, to: &$0) }
            #expect(line == "HTTP/1.1 \(code) \(status.reasonPhrase)\r\n")
        }
    }

    @Test("A response head reads back as it was")
    func responseRoundTrip() throws {
        var fields = HTTPFields()
        fields.append(.contentType, literal: "application/json")
        fields.append(.contentLength, decimal: 2)
        fields.append(.setCookie, "a=b")
        fields.append(.setCookie, "c=d, e")
        var bytes: [UInt8] = []
        HTTP1Encoder.appendResponseHead(.created, fields: fields, to: &bytes)
        let head = try #require(decodeResponse(bytes).head)
        #expect(head.status == .created)
        #expect(head.fields == fields)
        #expect(head.framing == .length(2))
    }

    @Test("A request reads back as it was, chunks and trailers included", arguments: Golden.requests)
    func requestRoundTrip(text: String) throws {
        let original = decodeRequest(.wire(text))
        let head = try #require(original.head)
        var bytes: [UInt8] = []
        HTTP1Encoder.appendRequestLine(head.method, path: head.path, query: head.query, to: &bytes)
        var fields = head.fields
        if head.authority == nil { fields[.host] = "a" }
        fields[.contentLength] = nil
        fields[.transferEncoding] = "chunked"
        fields.serialize(into: &bytes)
        bytes += .wire("\r\n")
        for byte in original.body { HTTP1Encoder.appendChunk([byte], to: &bytes) }
        HTTP1Encoder.appendLastChunk(trailers: original.trailers, to: &bytes)
        let again = decodeRequest(bytes)
        #expect(again.refusal == nil)
        #expect(again.isComplete)
        #expect(again.consumed == bytes.count)
        #expect(again.head?.method == head.method)
        #expect(again.head?.path == head.path)
        #expect(again.head?.query == head.query)
        #expect(again.head?.fields == fields)
        #expect(again.body == original.body)
        #expect(again.trailers == original.trailers)
    }

    @Test("An empty query stays a query and an empty path becomes the root")
    func emptyParts() {
        let line = { (path: String, query: String?) in
            self.encode { HTTP1Encoder.appendRequestLine(.get, path: path, query: query, to: &$0) }
        }
        #expect(line("/a", "") == "GET /a? HTTP/1.1\r\n")
        #expect(line("", "x") == "GET /?x HTTP/1.1\r\n")
        #expect(line("", nil) == "GET / HTTP/1.1\r\n")
    }

    @Test("Nothing a caller passes splits a request line")
    func injection() {
        let line = self.encode {
            HTTP1Encoder.appendRequestHead(
                method: .other("GE T\r\n"), target: "/a b\r\nX: y#\u{E9}\u{0}", fields: .init(), to: &$0)
        }
        #expect(line == "GE_T__ /a%20b%0D%0AX:%20y%23%C3%A9%00 HTTP/1.1\r\n\r\n")
        let empty = self.encode {
            HTTP1Encoder.appendRequestHead(method: .other(""), target: "", fields: .init(), to: &$0)
        }
        #expect(empty == "_ / HTTP/1.1\r\n\r\n")
    }

    @Test(
        "Chunk sizes are hexadecimal",
        arguments: [
            (1, "1\r\n"), (15, "F\r\n"), (16, "10\r\n"), (255, "FF\r\n"), (4_096, "1000\r\n"),
            (Int.max, "7FFFFFFFFFFFFFFF\r\n"),
        ])
    func chunkHeaders(size: Int, text: String) {
        #expect(self.encode { HTTP1Encoder.appendChunkHeader(size: size, to: &$0) } == text)
    }

    @Test("An empty chunk is not written, for it would end the message")
    func emptyChunk() {
        #expect(self.encode { HTTP1Encoder.appendChunk([], to: &$0) } == "")
    }

    @Test("The last chunk carries the trailers")
    func lastChunk() {
        #expect(self.encode { HTTP1Encoder.appendLastChunk(to: &$0) } == "0\r\n\r\n")
        let trailers: HTTPFields = ["grpc-status": "0"]
        #expect(
            self.encode { HTTP1Encoder.appendLastChunk(trailers: trailers, to: &$0) } == "0\r\ngrpc-status: 0\r\n\r\n")
    }
}
