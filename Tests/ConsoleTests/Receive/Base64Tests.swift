import Testing

@testable import Console

@Suite("Base64")
struct Base64Tests {
    // RFC 4648, section 10.
    @Test(
        "The vectors of RFC 4648, both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(plain.utf8))
    }

    @Test("Both alphabets are read, and every byte comes back")
    func alphabets() {
        #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("-_-_") == [0xFB, 0xFF, 0xBF])
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
    }

    @Test("What is no Base64 is none", arguments: ["Z", "Zg=a", "Z g=", "Zm9v!", "Zg===", "Zm9vZ"])
    func faults(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
