import HTTPCore
import Testing

@Suite("Decoders: at a bound and one over it")
struct LimitTests {
    private func refusal(_ text: String, _ set: (inout HTTP1Limits) -> Void = { _ in }) -> HTTP1Error.Kind? {
        var limits = HTTP1Limits()
        set(&limits)
        let bytes = [UInt8].wire(text)
        let whole = decodeRequest(bytes, limits: limits)
        // A bound is passed at the same byte however they arrive.
        #expect(decodeRequest(bytes, stops: Array(0...bytes.count), limits: limits) == whole)
        if whole.refusal == nil { #expect(whole.isComplete) }
        return whole.refusal
    }

    @Test("Request line")
    func requestLine() {
        func text(_ count: Int) -> String {
            requestHead(line: "GET /\(String(repeating: "a", count: count - 16)) HTTP/1.1")
        }
        #expect(self.refusal(text(100)) { $0.requestLineBytesMax = 100 } == nil)
        #expect(self.refusal(text(101)) { $0.requestLineBytesMax = 100 } == .startLineTooLong)
        #expect(self.refusal(text(8_192)) == nil)
        #expect(self.refusal(text(8_193)) == .startLineTooLong)
    }

    @Test("Field line")
    func fieldLine() {
        func text(_ count: Int) -> String { requestHead("X: \(String(repeating: "a", count: count - 5))") }
        #expect(self.refusal(text(80)) { $0.fieldLineBytesMax = 80 } == nil)
        #expect(self.refusal(text(81)) { $0.fieldLineBytesMax = 80 } == .fieldLineTooLong)
    }

    @Test("Head, empty lines before it not counted")
    func head() {
        let text = requestHead("X: y")
        let count = text.utf8.count
        #expect(self.refusal(text) { $0.headBytesMax = count } == nil)
        #expect(self.refusal("\r\n" + text) { $0.headBytesMax = count } == nil)
        #expect(self.refusal(text) { $0.headBytesMax = count - 1 } == .headTooLarge)
    }

    @Test("Fields")
    func fields() {
        func text(_ count: Int) -> String { requestHead(String(repeating: "X: y\r\n", count: count - 2) + "Z: z") }
        #expect(self.refusal(text(100)) == nil)
        #expect(self.refusal(text(101)) == .tooManyFields)
    }

    @Test("Method")
    func method() {
        func text(_ count: Int) -> String { requestHead(line: "\(String(repeating: "M", count: count)) / HTTP/1.1") }
        #expect(self.refusal(text(32)) == nil)
        #expect(self.refusal(text(33)) == .methodTooLong)
    }

    @Test("Empty lines before a request line")
    func emptyLines() {
        #expect(self.refusal("\r\n\r\n" + requestHead()) == nil)
        #expect(self.refusal("\r\n\r\n\r\n" + requestHead()) == .tooManyEmptyLines)
        #expect(self.refusal("\r\n" + requestHead()) { $0.leadingEmptyLinesMax = 0 } == .tooManyEmptyLines)
    }

    @Test("Field name")
    func fieldName() {
        func text(_ count: Int) -> String { requestHead("\(String(repeating: "n", count: count)): v") }
        #expect(self.refusal(text(1_024)) == nil)
        #expect(self.refusal(text(1_025)) == .fieldLineTooLong)
    }

    private func chunked(_ body: String) -> String {
        requestHead("Transfer-Encoding: chunked", line: "POST / HTTP/1.1") + body
    }

    @Test("Chunk line, its line end included")
    func chunkLine() {
        func text(_ count: Int) -> String {
            self.chunked("1;\(String(repeating: "x", count: count - 4))\r\na\r\n0\r\n\r\n")
        }
        #expect(self.refusal(text(128)) == nil)
        #expect(self.refusal(text(129)) == .chunkLineTooLong)
    }

    @Test("Chunk extensions of a whole body")
    func chunkExtensions() {
        let text = self.chunked("1;abc\r\na\r\n1;defg\r\nb\r\n0\r\n\r\n")
        #expect(self.refusal(text) { $0.chunkExtensionBytesMax = 7 } == nil)
        #expect(self.refusal(text) { $0.chunkExtensionBytesMax = 6 } == .chunkExtensionsTooLarge)
    }

    @Test("Chunk size as large as a number can be")
    func chunkSize() {
        #expect(decodeRequest(.wire(self.chunked("7FFFFFFFFFFFFFFF\r\na"))).refusal == nil)
        #expect(decodeRequest(.wire(self.chunked("8000000000000000\r\na"))).refusal == .chunkSizeOverflow)
    }

    @Test("Trailers, the empty line included")
    func trailers() {
        let text = self.chunked("0\r\nX: abc\r\n\r\n")
        #expect(self.refusal(text) { $0.trailerBytesMax = 10 } == nil)
        #expect(self.refusal(text) { $0.trailerBytesMax = 9 } == .trailersTooLarge)
    }

    @Test("Content of declared length and in chunks")
    func content() {
        let counted = requestHead("Content-Length: 5", line: "POST / HTTP/1.1") + "hello"
        #expect(self.refusal(counted) { $0.bodyBytesMax = 5 } == nil)
        #expect(self.refusal(counted) { $0.bodyBytesMax = 4 } == .contentTooLarge)
        let chunks = self.chunked("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
        #expect(self.refusal(chunks) { $0.bodyBytesMax = 5 } == nil)
        #expect(self.refusal(chunks) { $0.bodyBytesMax = 4 } == .contentTooLarge)
    }

    @Test("Content that goes on until the peer closes")
    func contentUntilClose() {
        var limits = HTTP1Limits()
        limits.bodyBytesMax = 5
        let bytes = [UInt8].wire("HTTP/1.1 200 OK\r\n\r\nhello")
        #expect(decodeResponse(bytes, limits: limits, closes: true).isComplete)
        #expect(decodeResponse(bytes + [33], limits: limits).refusal == .contentTooLarge)
    }

    @Test("Bounds without bound do not overflow")
    func unlimited() {
        let refusal = self.refusal(self.chunked("0\r\nX: abc\r\n\r\n")) {
            $0.requestLineBytesMax = .max
            $0.headBytesMax = .max
            $0.fieldLineBytesMax = .max
            $0.fieldsMax = .max
            $0.trailerBytesMax = .max
            $0.chunkLineBytesMax = .max
            $0.chunkExtensionBytesMax = .max
            $0.leadingEmptyLinesMax = .max
        }
        #expect(refusal == nil)
    }
}
