import Security
import Testing

@Suite("base64url")
struct Base64URLTests {
    @Test("Bytes of every length come back")
    func roundTrip() {
        for length in 0...130 {
            let bytes = Random.bytes(length)
            let text = Base64URL.text(bytes)
            #expect(Base64URL.bytes(text.utf8) == bytes)
            #expect(
                text.utf8.allSatisfy { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") })
        }
        #expect(Base64URL.text([0xFB, 0xFF, 0xBF]) == "-_-_")
    }

    static let refused = [
        "A", "AAAAA", "Zg==", "Zg=", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9+", "Zm9/", "Zm9\u{e9}", "Zm9v.", "Zm\09v",
        "====",
        // Bits that stand for nothing: a second spelling of Zg and Zm8.
        "Zh", "Zi", "Zk", "Zo", "Z_", "Zm9", "Zm-",
    ]

    @Test("A text that the encoder would not have written is refused", arguments: refused)
    func nonCanonical(_ text: String) {
        #expect(Base64URL.bytes(text.utf8) == nil)
    }

    @Test("Of all texts of two letters exactly one stands for each byte")
    func unique() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        var spellings: [UInt8: Int] = [:]
        for first in alphabet {
            for second in alphabet {
                if let bytes = Base64URL.bytes("\(first)\(second)".utf8) { spellings[bytes[0], default: 0] += 1 }
            }
        }
        #expect(spellings.count == 256)
        #expect(spellings.values.allSatisfy { $0 == 1 })
    }
}
