import Security
import Testing

@Suite("Random bytes and comparisons")
struct SecretsTests {
    @Test("As many random bytes come as were asked for, and not the same twice")
    func random() {
        for count in [0, 1, 16, 32, 1_000] { #expect(Random.bytes(count).count == count) }
        #expect(Random.bytes(16) != Random.bytes(16))
        #expect(Set(Random.bytes(10_000)).count == 256)
    }

    @Test("Hexadecimal has two lower-case digits a byte")
    func hex() {
        let text = Random.hex(20)
        #expect(text.utf8.count == 40)
        #expect(text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
    }

    @Test("Bytes are equal when all of them are")
    func equality() {
        let secret = Random.bytes(40)
        #expect(constantTimeEquals(secret, secret))
        #expect(constantTimeEquals(secret[...], Array(secret)))
        for position in secret.indices {
            var other = secret
            other[position] ^= 0x80
            #expect(!constantTimeEquals(secret, other))
        }
        #expect(!constantTimeEquals(secret, Array(secret.dropLast())))
        #expect(!constantTimeEquals(secret, []))
        #expect(constantTimeEquals([UInt8](), []))
    }

    @Test("Text is compared as bytes, not as Unicode sees it")
    func text() {
        #expect(constantTimeEquals("token", "token"))
        #expect(!constantTimeEquals("token", "Token"))
        #expect(!constantTimeEquals("\u{212A}", "K"))
        #expect(constantTimeEquals("", ""))
    }

    @Test("Memory that is not in one piece is compared all the same")
    func scattered() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(constantTimeEquals(bytes.reversed(), [3, 2, 1]))
        #expect(bytes.withUnsafeBufferPointer { constantTimeEquals($0, [1, 2, 3]) })
    }
}
