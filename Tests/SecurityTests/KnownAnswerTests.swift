import JSON
import Security
import Testing

@Suite("Published vectors")
struct KnownAnswerTests {
    @Test("RS256 verifies the signature of RFC 7515, appendix A.2, and no other")
    func verifiesRFC7515() throws {
        let key = try JWK(keyID: "a2", modulus: RFCVectors.signingModulus, exponent: "AQAB")
        let content = Array(RFCVectors.signedContent.utf8)
        let signature = try #require(Base64URL.bytes(RFCVectors.signature.utf8))
        func verifies(_ signature: [UInt8], _ content: [UInt8]) -> Bool {
            content.withUnsafeBufferPointer { key.verifies(signature, of: $0) }
        }
        #expect(verifies(signature, content))
        for position in signature.indices where position % 16 == 0 {
            var changed = signature
            changed[position] ^= 1
            #expect(!verifies(changed, content))
        }
        #expect(!verifies(signature, content + [0x20]))
        #expect(!verifies(signature.dropLast(), content))
        #expect(!verifies([0] + signature, content))
        #expect(!verifies([], content))
    }

    @Test("RS256 signs as RFC 7515, appendix A.2, does")
    func signsRFC7515() throws {
        let key = try SigningKey(pem: RFCVectors.signingKeyPEM)
        #expect(key.publicJWK.modulus == RFCVectors.signingModulus)
        #expect(key.publicJWK.exponent == "AQAB")
        #expect(Base64URL.text(try key.signature(of: Array(RFCVectors.signedContent.utf8))) == RFCVectors.signature)
    }

    @Test("The thumbprint is that of RFC 7638, section 3.1")
    func thumbprint() throws {
        let key = try JWK(keyID: "2011-04-29", modulus: RFCVectors.thumbprintModulus, exponent: "AQAB")
        #expect(key.thumbprint == RFCVectors.thumbprint)
    }

    @Test("SHA-256 gives the digests of FIPS 180-4's examples")
    func sha256() {
        #expect(SHA256.hexDigest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hexDigest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hexDigest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            SHA256.hexDigest(String(repeating: "a", count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(SHA256.digest(Array("abc".utf8)).prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
    }

    /// From the test suite of pyca/bcrypt.
    static let bcrypt: [(String, String)] = [
        ("Kk4DQuMMfZL9o", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"),
        ("9IeRXmnGxMYbs", "$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy"),
        ("xVQVbwa1S0M8r", "$2b$04$SQe9knOzepOVKoYXo9xTteNYr6MBwVz4tpriJVe3PNgYufGIsgKcW"),
        ("Zfgr26LWd22Za", "$2b$04$eH8zX.q5Q.j2hO1NkVYJQOM6KxntS/ow3.YzVmFrE4t//CoF4fvne"),
        ("Tg4daC27epFBE", "$2b$04$ahiTdwRXpUG2JLRcIznxc.s1.ydaPGD372bsGs8NqyYjLY1inG5n2"),
        ("xhQPMmwh5ALzW", "$2b$04$nQn78dV0hGHf5wUBe0zOFu8n07ZbWWOKoGasZKRspZxtt.vBRNMIy"),
        ("59je8h5Gj71tg", "$2b$04$cvXudZ5ugTg95W.rOjMITuM1jC0piCl3zF5cmGhzCibHZrNHkmckG"),
    ]

    @Test("bcrypt finds known passwords right and others wrong", arguments: bcrypt)
    func knownPassword(_ password: String, _ hash: String) {
        let hasher = PasswordHasher(cost: 4)
        #expect(hasher.verify(password, hash))
        #expect(!hasher.verify(password + "x", hash))
        #expect(!hasher.verify(password.lowercased(), hash))
    }

    /// RFC 4648, section 10, in the URL alphabet and without padding.
    static let base64: [(String, String)] = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("base64url gives the texts of RFC 4648, section 10", arguments: base64)
    func base64url(_ plain: String, _ encoded: String) {
        #expect(Base64URL.text(Array(plain.utf8)) == encoded)
        #expect(Base64URL.bytes(encoded.utf8) == Array(plain.utf8))
    }
}
