import Testing

@testable import HTTPCore

@Suite("Field names")
struct HTTPFieldNameTests {
    @Test("Every well-known name is found by its text and carries its code")
    func table() {
        #expect(KnownFieldName.texts.count == KnownFieldName.allCases.count - 1)
        for (text, known) in zip(KnownFieldName.texts, KnownFieldName.allCases.dropFirst()) {
            let name = HTTPFieldName("\(text)".uppercased())
            #expect(name?.known == known)
            #expect(name?.rawValue == "\(text)")
        }
        #expect(Set(KnownFieldName.texts.map { "\($0)" }).count == KnownFieldName.texts.count)
    }

    @Test(
        "A constant is the name its text makes",
        arguments: [
            (HTTPFieldName.accept, "accept"), (.host, "host"), (.contentLength, "content-length"), (.eTag, "etag"),
            (.traceparent, "traceparent"), (.tracestate, "tracestate"), (.baggage, "baggage"), (.te, "te"),
            (.idempotencyKey, "idempotency-key"), (.xRequestID, "x-request-id"), (.xInternalToken, "x-internal-token"),
            (.xForwardedFor, "x-forwarded-for"), (.retryAfter, "retry-after"), (.serverTiming, "server-timing"),
            (.wwwAuthenticate, "www-authenticate"), (.xVitrineUserID, "x-vitrine-user-id"),
        ])
    func constants(name: HTTPFieldName, text: String) {
        #expect(name == HTTPFieldName(text))
        #expect(name.rawValue == text)
        #expect(name.hashValue == HTTPFieldName(text)?.hashValue)
    }

    @Test("What is no token is no name", arguments: ["", " ", "a b", "a:", "caf\u{E9}", "a\r\n", "(a)", "\u{0}"])
    func refused(text: String) {
        #expect(HTTPFieldName(text) == nil)
    }

    @Test("A name has a bound")
    func bound() {
        #expect(HTTPFieldName(String(repeating: "a", count: HTTPFieldName.bytesMax)) != nil)
        #expect(HTTPFieldName(String(repeating: "a", count: HTTPFieldName.bytesMax + 1)) == nil)
    }

    @Test("Unknown names differ by their text")
    func others() {
        #expect(HTTPFieldName("X-A") == "x-a")
        #expect(HTTPFieldName("x-a") != "x-b")
    }

    @Test("The table of token characters is that of RFC 9110")
    func tokens() {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            let isDigit = (0x30...0x39).contains(byte)
            let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let expected = isDigit || isLetter || marks.contains(byte) ? lowerCased(byte) : 0
            #expect(ByteTable.lowerCasedToken[byte] == expected)
        }
    }

    @Test("The table of target characters is that of RFC 3986")
    func targets() {
        let marks = Set("-._~".utf8)
        let plain = Set("!$&'()*+,;=:@/".utf8)
        for byte in UInt8.min...UInt8.max {
            let isDigit = (0x30...0x39).contains(byte)
            let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let meaning = ByteTable.targetClass[byte]
            if isDigit || isLetter || marks.contains(byte) {
                #expect(meaning == ByteTable.unreserved)
            } else if plain.contains(byte) {
                #expect(meaning == ByteTable.plain)
            } else if Set("?#% ".utf8).contains(byte) {
                #expect(meaning == byte)
            } else {
                #expect(meaning == ((0x21...0x7E).contains(byte) ? ByteTable.visible : 0))
            }
        }
    }

    @Test("Scanning a value stops at the first control character, wherever it is")
    func valueScan() {
        for count in 0..<40 {
            var bytes = [UInt8](repeating: 0x61, count: count + 1)
            #expect(bytes.withUnsafeBufferPointer { fieldValuePrefix($0.baseAddress!, count: count) } == count)
            for index in 0..<count {
                for byte in UInt8.min...UInt8.max {
                    bytes[index] = byte
                    let isBad = byte < 0x20 && byte != 9 || byte == 0x7F
                    let prefix = bytes.withUnsafeBufferPointer { fieldValuePrefix($0.baseAddress!, count: count) }
                    if prefix != (isBad ? index : count) { Issue.record("byte \(byte) at \(index) of \(count)") }
                }
                bytes[index] = 0x61
            }
        }
    }
}
