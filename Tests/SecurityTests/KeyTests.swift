import JSON
import Security
import Testing

@Suite("Keys and key sets")
struct KeyTests {
    @Test("A key comes back from PEM as the same key")
    func pem() throws {
        let key = try SigningKey.generate()
        let pem = try key.pem
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try SigningKey(pem: pem)
        #expect(again.keyID == key.keyID)
        #expect(again.publicJWK == key.publicJWK)
        #expect(again.keyID == key.publicJWK.thumbprint)
        let token = try again.sign(TokenFixtures.claims)
        let verifier = TokenVerifier(issuer: "vitrine", audience: "vitrine-api")
        #expect(
            try verifier.verify(token, keys: JWKSet(keys: [key.publicJWK]), now: TokenFixtures.now)
                == TokenFixtures.claims)
    }

    @Test("Two keys are two keys")
    func distinct() throws {
        #expect(try SigningKey.generate().keyID != SigningKey.generate().keyID)
    }

    static let pems: [(String, SigningKeyError)] = [
        ("", .malformed), ("not a key", .malformed),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", .malformed),
        (RFCVectors.curveKeyPEM, .notRSA), (RFCVectors.shortKeyPEM, .unsafeSize(bits: 1024)),
        (String(RFCVectors.signingKeyPEM.dropLast(200)), .malformed),
        (String(repeating: "x", count: 20_000), .malformed),
    ]

    @Test("What is no usable private RSA key is refused", arguments: pems)
    func refusedPEM(_ pem: String, _ expected: SigningKeyError) {
        #expect(throws: expected) { try SigningKey(pem: pem) }
    }

    @Test("An encrypted key is refused without a passphrase being asked for")
    func encrypted() {
        let pem = """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

            AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
            -----END RSA PRIVATE KEY-----
            """
        #expect(throws: SigningKeyError.malformed) { try SigningKey(pem: pem) }
    }

    @Test("A key of a size that is unsafe or unaffordable is not made", arguments: [0, 512, 1024, 2047, 8193, 1 << 40])
    func sizes(_ bits: Int) {
        #expect(throws: SigningKeyError.unsafeSize(bits: bits)) { try SigningKey.generate(bits: bits) }
    }

    @Test("A signing key shows its name and nothing of its secret")
    func secrecy() throws {
        let key = try SigningKey(pem: RFCVectors.signingKeyPEM)
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "SigningKey(\(key.keyID))")
        #expect(!dumped.contains("PRIVATE") && dumped.contains(key.keyID))
    }

    @Test("A key set is published and read back the same")
    func roundTrip() throws {
        let keys = [try SigningKey.generate().publicJWK, try SigningKey(pem: RFCVectors.signingKeyPEM).publicJWK]
        let set = JWKSet(keys: keys)
        let again = try JWKSet(parsing: set.json())
        #expect(again == set)
        #expect(again.key(keys[1].keyID) == keys[1])
        #expect(again.key("nobody") == nil)
        let first = try #require(try JSONValue(parsing: set.json())["keys"]?.array?.first?.object)
        #expect(first.keys == ["kty", "use", "alg", "kid", "n", "e"])
    }

    /// Members instead of those of a good key.
    static let unusable: [[String: String]] = [
        ["kty": "\"oct\""], ["kty": "\"EC\""], ["kty": "null"], ["use": "\"enc\""], ["alg": "\"HS256\""],
        ["alg": "\"RS512\""], ["key_ops": "[\"sign\"]"],
        ["key_ops": "[]"], ["kid": "1"], ["kid": "\"\""], ["kid": "\"" + String(repeating: "k", count: 129) + "\""],
        ["n": "1"], ["n": "\"\""], ["n": "\"AQAB\""],
        ["n": "\"" + RFCVectors.signingModulus + "=\""], ["n": "\"AA" + RFCVectors.signingModulus.dropFirst(2) + "\""],
        ["e": "\"AQ\""], ["e": "\"\""],
        ["e": "\"AAEAAQ\""], ["e": "\"AQAA\""], ["e": "\"" + String(repeating: "_", count: 12) + "\""],
        ["n": "\"" + String(repeating: "_", count: 1_368) + "\""],
    ]

    private static func jwk(_ changes: [String: String] = [:]) -> String {
        let good = ["kty": "\"RSA\"", "kid": "\"a\"", "n": "\"\(RFCVectors.signingModulus)\"", "e": "\"AQAB\""]
        let members = good.merging(changes) { $1 }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    @Test("A key that cannot or must not be used is left out, and the others stay", arguments: unusable)
    func leftOut(_ changes: [String: String]) throws {
        let document =
            "{\"keys\":[\(Self.jwk(changes)),\(Self.jwk(["kid": "\"good\"", "use": "\"sig\"", "key_ops": "[\"verify\"]"])),1,null]}"
        #expect(try JWKSet(parsing: Array(document.utf8)).keys.map(\.keyID) == ["good"])
    }

    @Test("What is no key set, or is too large, is refused")
    func refusedSets() {
        for document in [
            "", "[]", "{}", "{\"keys\":1}", "{\"keys\":{}}", "null",
            "{\"keys\":[" + String(repeating: "1,", count: 16) + "1]}",
        ] {
            #expect(throws: JWKError.self) { try JWKSet(parsing: Array(document.utf8)) }
        }
        let padding = [UInt8](repeating: 0x20, count: JWKSet.documentBytesMax)
        #expect(throws: JWKError.self) { try JWKSet(parsing: Array("{\"keys\":[]}".utf8) + padding) }
    }

    @Test("Of two keys with one name the first counts")
    func duplicateNames() throws {
        let other = try SigningKey.generate().publicJWK
        let document = "{\"keys\":[\(Self.jwk()),\(Self.jwk(["n": "\"\(other.modulus)\""]))]}"
        #expect(try JWKSet(parsing: Array(document.utf8)).key("a")?.modulus == RFCVectors.signingModulus)
    }
}
