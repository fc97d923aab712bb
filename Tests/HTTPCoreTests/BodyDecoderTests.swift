import HTTPCore
import Testing

@Suite("Body decoder")
struct BodyDecoderTests {
    private func decode(
        _ decoder: inout HTTP1BodyDecoder, _ text: String, upTo outputMax: Int = .max
    ) throws -> (consumed: Int, output: String) {
        var output: [UInt8] = []
        let consumed = try [UInt8].wire(text).withUnsafeBytes { input in
            try decoder.decode(input, into: &output, upTo: outputMax)
        }
        return (consumed, utf8(output))
    }

    @Test("Without content nothing is consumed")
    func none() throws {
        var decoder = HTTP1BodyDecoder(.none)
        #expect(decoder.isComplete)
        #expect(try self.decode(&decoder, "GET /").consumed == 0)
        try decoder.finish()
    }

    @Test("Counted content ends where it says")
    func counted() throws {
        var decoder = HTTP1BodyDecoder(.length(5))
        #expect(try self.decode(&decoder, "hel") == (3, "hel"))
        #expect(!decoder.isComplete)
        #expect(try self.decode(&decoder, "loGET /") == (2, "lo"))
        #expect(decoder.isComplete)
        #expect(try self.decode(&decoder, "GET /") == (0, ""))
    }

    @Test("No more is taken out than was asked for, and the end is still seen")
    func bounded() throws {
        var decoder = HTTP1BodyDecoder(.chunked)
        let text = "5\r\nhello\r\n0\r\n\r\n"
        #expect(try self.decode(&decoder, text, upTo: 0) == (3, ""))
        #expect(try self.decode(&decoder, String(text.dropFirst(2)), upTo: 2) == (2, "he"))
        #expect(try self.decode(&decoder, "llo\r\n0\r\n\r\nGET", upTo: 3) == (10, "llo"))
        #expect(decoder.isComplete)
        #expect(decoder.trailers.isEmpty)
    }

    @Test("Output is appended to what is there")
    func appends() throws {
        var decoder = HTTP1BodyDecoder(.length(2))
        var output: [UInt8] = [1]
        let input: [UInt8] = [2, 3]
        _ = try input.withUnsafeBytes { try decoder.decode($0, into: &output) }
        #expect(output == [1, 2, 3])
    }

    @Test(
        "Fields that must not come in trailers are dropped",
        arguments: [
            "Content-Length: 5", "Transfer-Encoding: chunked", "Host: b", "Authorization: Bearer x", "Cookie: a=b",
            "Set-Cookie: a=b", "Content-Type: text/html", "Connection: close", "TE: trailers", "Trailer: x",
            "X-Internal-Token: secret", "X-Forwarded-For: 1.2.3.4", "Traceparent: 00", "Expect: 100-continue",
        ])
    func forbiddenTrailers(line: String) throws {
        var decoder = HTTP1BodyDecoder(.chunked)
        _ = try self.decode(&decoder, "0\r\nGrpc-Status: 0\r\n\(line)\r\nx-checksum: abc\r\n\r\n")
        #expect(decoder.isComplete)
        #expect(decoder.trailers.lineTexts == ["grpc-status: 0", "x-checksum: abc"])
    }

    @Test("Chunk extensions are passed over")
    func extensions() throws {
        var decoder = HTTP1BodyDecoder(.chunked)
        let text = "2;a=b;c=\"d;\t\u{E9}\"\r\nhi\r\n0;x\r\n\r\n"
        #expect(try self.decode(&decoder, text).output == "hi")
        #expect(decoder.isComplete)
    }

    @Test("Errors say which side they come from")
    func origin() {
        var decoder = HTTP1BodyDecoder(.chunked, in: .response)
        #expect {
            try self.decode(&decoder, "x")
        } throws: {
            ($0 as? HTTP1Error)?.status == .badGateway && "\($0)".hasPrefix("response refused:")
        }
    }
}
