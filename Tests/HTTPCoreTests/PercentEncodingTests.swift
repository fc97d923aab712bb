import HTTPCore
import Testing

@Suite("Percent-encoding and queries")
struct PercentEncodingTests {
    @Test(
        "Escapes decode, a plus stays",
        arguments: [
            ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%41%62", "Ab"), ("caf%C3%A9", "caf\u{E9}"),
            ("caf%c3%a9", "caf\u{E9}"),
            ("a+b", "a+b"), ("%25", "%"), ("%00", "\u{0}"), ("%2F", "/"), ("\u{E9}", "\u{E9}"),
        ])
    func decode(text: String, expected: String) {
        #expect(PercentEncoding.decode(text) == expected)
    }

    @Test(
        "A malformed escape and what is not UTF-8 decode to nothing",
        arguments: [
            "%", "%2", "a%", "%zz", "%2g", "%g2", "%%20", "% 20", "%+1", "%C3", "%FF", "%C0%AF", "%ED%A0%80", "a%C3b",
        ])
    func refused(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
        #expect(PercentEncoding.decode(text, plusIsSpace: true) == nil)
    }

    @Test("In forms a plus is a space")
    func forms() {
        #expect(PercentEncoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
        #expect(PercentEncoding.decode("xa+bx".dropFirst().dropLast(), plusIsSpace: true) == "a b")
    }

    @Test("Bytes that are not UTF-8 are not repaired")
    func bytes() {
        let bytes: [UInt8] = [0x61, 0xFF]
        #expect(bytes.withUnsafeBufferPointer { PercentEncoding.decode($0) } == nil)
    }

    @Test("Encoding keeps what is safe and nothing else")
    func encode() {
        #expect(PercentEncoding.encode("aZ09-._~") == "aZ09-._~")
        #expect(PercentEncoding.encode("a b/c+d&e=\u{E9}%") == "a%20b%2Fc%2Bd%26e%3D%C3%A9%25")
        #expect(PercentEncoding.encode("/a b/c+d?#", keeping: .path) == "/a%20b/c+d%3F%23")
        #expect(PercentEncoding.encode("\r\n\u{0}") == "%0D%0A%00")
    }

    @Test("What was encoded decodes to itself")
    func roundTrip() {
        let text = String((0..<0x250).compactMap { UnicodeScalar($0).map(Character.init) }) + "\u{1F600}"
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        #expect(PercentEncoding.decode(PercentEncoding.encode(text), plusIsSpace: true) == text)
        #expect(PercentEncoding.decode(PercentEncoding.encode(text, keeping: .path)) == text)
    }

    @Test(
        "A query is its pairs, in order",
        arguments: [
            (nil, []), ("", []), ("a=1", ["a=1"]), ("a=1&b=2", ["a=1", "b=2"]), ("&&a=1&&", ["a=1"]), ("a", ["a=nil"]),
            ("a=", ["a="]), ("=b", ["=b"]), ("a=b=c", ["a=b=c"]), ("a=1&a=2", ["a=1", "a=2"]), ("&", []),
        ] as [(String?, [String])])
    func pairs(query: String?, expected: [String]) {
        #expect(HTTPQuery(query).map { "\($0.rawName)=\($0.rawValue.map(String.init) ?? "nil")" } == expected)
    }

    @Test("Names and values decode as in forms")
    func decodedPairs() {
        let query = HTTPQuery("q=red+shoes%21&na%6De=x%26y&flag&bad=%zz&%zz=1&page=2")
        #expect(query.first("q") == "red shoes!")
        #expect(query.first("name") == "x&y")
        #expect(query.first("flag") == "")
        #expect(query.first("bad") == nil)
        #expect(query.first("page") == "2")
        #expect(query.first("missing") == nil)
        #expect(query.contains { $0.name == nil })
    }
}
