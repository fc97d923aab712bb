import HTTP2
import Testing

@Suite("HTTP/2: the preface")
struct PrefaceTests {
    private func match(_ text: String) -> HTTP2Preface.Match { Array(text.utf8).withUnsafeBytes { HTTP2Preface.match($0) } }

    @Test("It is recognised with its last byte, and undecided at every one before")
    func everyLength() {
        let text = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        for count in 0..<24 { #expect(self.match(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == .undecided) }
        #expect(self.match(text) == .yes && self.match(text + "more") == .yes)
    }

    @Test("Anything else is told apart at its first byte that differs", arguments: ["G", "PO", "PRI * HTTP/1", "\r"])
    func others(text: String) { #expect(self.match(text) == .no) }
}
