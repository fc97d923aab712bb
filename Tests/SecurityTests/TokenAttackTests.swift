import JSON
import Security
import Testing

/// RFC 8725, section 2, attack by attack.
@Suite("Attacks on access tokens")
struct TokenAttackTests {
    let fixtures: TokenFixtures

    init() throws { self.fixtures = try TokenFixtures() }

    private func parts(_ token: String) -> [String] {
        token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    @Test(
        "A token without signature is refused, however it spells none", arguments: ["none", "None", "NONE", "nOnE", ""])
    func algorithmNone(_ name: String) throws {
        let header = Base64URL.text(Array(#"{"alg":"\#(name)","typ":"JWT","kid":"\#(self.fixtures.key.keyID)"}"#.utf8))
        let payload = try self.parts(self.fixtures.token())[1]
        #expect(self.fixtures.refusal("\(header).\(payload).") == .unsupportedAlgorithm)
        #expect(self.fixtures.refusal("\(header).\(payload).AAAA") == .unsupportedAlgorithm)
        #expect(self.fixtures.refusal("\(header).\(payload)") == .malformed(.structure))
    }

    @Test("An HMAC keyed with the public key is refused", arguments: ["HS256", "HS384", "HS512"])
    func confusion(_ name: String) throws {
        let header = Base64URL.text(Array(#"{"alg":"\#(name)","typ":"JWT","kid":"\#(self.fixtures.key.keyID)"}"#.utf8))
        let signed = header + "." + (try self.parts(self.fixtures.token())[1])
        for secret in [Array(self.fixtures.keys.json()), Array(self.fixtures.key.publicJWK.modulus.utf8)] {
            let signature = Base64URL.text(hmacSHA256(Array(signed.utf8), key: secret))
            #expect(self.fixtures.refusal(signed + "." + signature) == .unsupportedAlgorithm)
        }
    }

    @Test("An HMAC under the name RS256 is a bad signature")
    func disguisedHMAC() throws {
        let parts = try self.parts(self.fixtures.token())
        let signed = parts[0] + "." + parts[1]
        let signature = Base64URL.text(
            hmacSHA256(Array(signed.utf8), key: Array(self.fixtures.key.publicJWK.modulus.utf8)))
        #expect(self.fixtures.refusal(signed + "." + signature) == .badSignature)
    }

    static let algorithms = [
        "\"RS384\"", "\"RS512\"", "\"PS256\"", "\"ES256\"", "\"EdDSA\"", "\"rs256\"", "\"RS256 \"", "null", "256",
        "[\"RS256\"]",
    ]

    @Test("Any other algorithm is refused before a key is touched", arguments: algorithms)
    func otherAlgorithms(_ algorithm: String) throws {
        let token = try self.fixtures.forged(
            header: #"{"alg":\#(algorithm),"kid":"\#(self.fixtures.key.keyID)"}"#, payload: TokenFixtures.payload())
        #expect(self.fixtures.refusal(token) == .unsupportedAlgorithm)
    }

    static let headers: [(String, TokenError)] = [
        (#"{"kid":"KID"}"#, .unsupportedAlgorithm), (#"{"alg":"RS256"}"#, .missingKeyID),
        (#"{"alg":"RS256","kid":""}"#, .missingKeyID),
        (#"{"alg":"RS256","kid":1}"#, .missingKeyID), (#"{"alg":"RS256","kid":["KID"]}"#, .missingKeyID),
        (#"{"alg":"RS256","kid":"KID","crit":["b64"],"b64":false}"#, .unsupportedExtension),
        (#"{"alg":"RS256","kid":"KID","crit":[]}"#, .unsupportedExtension),
        (#"{"alg":"RS256","kid":"KID","typ":"dpop+jwt"}"#, .unsupportedType),
        (#"{"alg":"RS256","kid":"KID","typ":"logout+jwt"}"#, .unsupportedType),
        (#"{"alg":"RS256","kid":"KID","typ":1}"#, .unsupportedType),
        (#"{"alg":"none","alg":"RS256","kid":"KID"}"#, .malformed(.header)),
        (#"{"alg":"RS256","kid":"KID","kid":"other"}"#, .malformed(.header)), ("[]", .malformed(.header)),
        ("", .malformed(.header)),
        ("{", .malformed(.header)), (#"{"alg":"RS256","kid":"KID"} x"#, .malformed(.header)),
        (#"{"alg":"RS256","kid":"KID","x":[[[[[[[[[1]]]]]]]]]}"#, .malformed(.header)),
        (#"{"alg":"RS256","kid":"../../etc/passwd"}"#, .unknownKey),
        (#"{"alg":"RS256","kid":"' OR 1=1 --"}"#, .unknownKey),
        (#"{"alg":"RS256","kid":"KID "}"#, .unknownKey),
    ]

    @Test("A header that is not exactly right is refused, rightly signed or not", arguments: headers)
    func judgesHeaders(_ header: String, _ expected: TokenError) throws {
        let header = header.split(separator: "KID", omittingEmptySubsequences: false).joined(
            separator: self.fixtures.key.keyID)
        #expect(
            self.fixtures.refusal(try self.fixtures.forged(header: header, payload: TokenFixtures.payload()))
                == expected)
    }

    @Test(
        "Types are compared without regard to case, as media types are",
        arguments: ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
    func types(_ type: String) throws {
        let header = #"{"alg":"RS256","kid":"\#(self.fixtures.key.keyID)","typ":"\#(type)"}"#
        #expect(
            self.fixtures.refusal(try self.fixtures.forged(header: header, payload: TokenFixtures.payload())) == nil)
    }

    @Test("A token signed with another key is refused, under its name and under ours")
    func otherKey() throws {
        let stranger = try SigningKey.generate()
        #expect(self.fixtures.refusal(try stranger.sign(TokenFixtures.claims)) == .unknownKey)
        let signed =
            Base64URL.text(Array(self.fixtures.header.utf8)) + "." + Base64URL.text(Array(TokenFixtures.payload().utf8))
        let signature = Base64URL.text(try stranger.signature(of: Array(signed.utf8)))
        #expect(self.fixtures.refusal(signed + "." + signature) == .badSignature)
        let both = JWKSet(keys: [self.fixtures.key.publicJWK, stranger.publicJWK])
        #expect(self.fixtures.refusal(try stranger.sign(TokenFixtures.claims), keys: both) == nil)
        #expect(self.fixtures.refusal(try self.fixtures.token(), keys: JWKSet(keys: [])) == .unknownKey)
    }

    @Test("A key that the token brings along is not used", arguments: ["jwk", "jku", "x5c", "x5u"])
    func embeddedKey(_ member: String) throws {
        let stranger = try SigningKey.generate()
        let jwk = String(decoding: JWKSet(keys: [stranger.publicJWK]).json().dropFirst(9).dropLast(2), as: UTF8.self)
        let brought =
            [
                "jwk": jwk, "jku": "\"https://example.com/jwks.json\"", "x5c": "[\"AAAA\"]",
                "x5u": "\"https://example.com\"",
            ][member] ?? ""
        for keyID in [self.fixtures.key.keyID, stranger.keyID] {
            let header = #"{"alg":"RS256","kid":"\#(keyID)","\#(member)":\#(brought)}"#
            let signed = Base64URL.text(Array(header.utf8)) + "." + Base64URL.text(Array(TokenFixtures.payload().utf8))
            let token = signed + "." + Base64URL.text(try stranger.signature(of: Array(signed.utf8)))
            #expect(self.fixtures.refusal(token) == (keyID == stranger.keyID ? .unknownKey : .badSignature))
        }
    }

    @Test("A changed claim is refused: the role, the user, the expiry")
    func tamperedPayload() throws {
        let parts = try self.parts(self.fixtures.token())
        for change in [["roles": "[\"admin\"]"], ["sub": "\"someone\""], ["exp": "99999999999"]] as [[String: String?]]
        {
            let payload = Base64URL.text(Array(TokenFixtures.payload(change).utf8))
            #expect(self.fixtures.refusal("\(parts[0]).\(payload).\(parts[2])") == .badSignature)
        }
    }

    @Test("A change of any one character is refused")
    func anyChange() throws {
        let token = Array(try self.fixtures.token().utf8)
        for position in token.indices {
            var changed = token
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(self.fixtures.refusal(String(decoding: changed, as: UTF8.self)) != nil, "changed at \(position)")
        }
    }

    @Test("Every truncation is refused, and so is anything added")
    func lengths() throws {
        let token = try self.fixtures.token()
        for count in 0..<token.utf8.count { #expect(self.fixtures.refusal(String(token.prefix(count))) != nil) }
        for addition in ["A", ".", "=", "==", " ", "\n", "\0", ".A"] {
            #expect(self.fixtures.refusal(token + addition) != nil)
            #expect(self.fixtures.refusal(addition + token) != nil)
        }
    }

    @Test("The parts must be three, and each of them canonical")
    func structure() throws {
        let parts = try self.parts(self.fixtures.token())
        for text in [
            "", ".", "..", "...", "a.b", "a.b.c.d", "\(parts[0]).\(parts[1])",
            "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])",
        ] {
            #expect([.malformed(.structure), .malformed(.header)].contains(self.fixtures.refusal(text)))
        }
        #expect(self.fixtures.refusal("\(parts[0])=.\(parts[1]).\(parts[2])") == .malformed(.header))
        #expect(self.fixtures.refusal("\(parts[0]).\(parts[1]).\(parts[2])=") == .malformed(.signature))
        #expect(self.fixtures.refusal("\(parts[0]).\(parts[1]).!\(parts[2])") == .malformed(.signature))
        #expect(self.fixtures.refusal("\(parts[0]).\(parts[1]).") == .badSignature)
        #expect(self.fixtures.refusal("\(parts[0]).\(parts[1]).AAAA") == .badSignature)
        #expect(self.fixtures.refusal("\(parts[0]).\(parts[1])=.\(parts[2])") == .badSignature)
    }

    @Test("A second spelling of the same signature is refused")
    func malleableSignature() throws {
        // 256 bytes are 342 letters, of which the last carries two bits: the four above it mean nothing.
        let token = Array(try self.fixtures.token().utf8)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        let value = try #require(token.last.flatMap { alphabet.firstIndex(of: $0) })
        for other in alphabet.indices where other != value {
            let spelled = String(decoding: token.dropLast() + [alphabet[other]], as: UTF8.self)
            let expected: TokenError = other & 0x0F == 0 ? .badSignature : .malformed(.signature)
            #expect(self.fixtures.refusal(spelled) == expected)
        }
    }

    @Test("A token past the size limit is refused before anything in it is read")
    func oversize() throws {
        var claims = TokenFixtures.claims
        claims.subject = String(repeating: "x", count: 9_000)
        #expect(self.fixtures.refusal(try self.fixtures.key.sign(claims)) == .tooLarge(bytesMax: 8_192))
        #expect(self.fixtures.refusal(String(repeating: ".", count: 8_193)) == .tooLarge(bytesMax: 8_192))
        #expect(self.fixtures.refusal(String(repeating: ".", count: 8_192)) == .malformed(.structure))
    }
}

/// HMAC (RFC 2104) over SHA-256: what an attacker would compute.
private func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let short = key.count > 64 ? SHA256.digest(key) : key
    let block = short + [UInt8](repeating: 0, count: 64 - short.count)
    return SHA256.digest(block.map { $0 ^ 0x5C } + SHA256.digest(block.map { $0 ^ 0x36 } + message))
}
