import JSON
import Security
import Testing

@Suite("Access tokens")
struct TokenVerifierTests {
    let fixtures: TokenFixtures

    init() throws { self.fixtures = try TokenFixtures() }

    @Test("A token that was signed is accepted, and says what was signed")
    func accepts() throws {
        let token = try self.fixtures.token()
        let claims = try self.fixtures.verifier.verify(token, keys: self.fixtures.keys, now: TokenFixtures.now)
        #expect(claims == TokenFixtures.claims)
        let bytes = Array(token.utf8)
        #expect(
            try self.fixtures.verifier.verify(bytes, keys: self.fixtures.keys, now: TokenFixtures.now) == claims)
    }

    @Test("Claims survive whatever is in them")
    func escapes() throws {
        var claims = TokenFixtures.claims
        claims.subject = "a\"b\\c\u{0}\n😀"
        claims.roles = ["customer", "admin", "\u{1f}"]
        claims.notBefore = TokenFixtures.now - 5
        let token = try self.fixtures.key.sign(claims)
        #expect(try self.fixtures.verifier.verify(token, keys: self.fixtures.keys, now: TokenFixtures.now) == claims)
    }

    @Test("The header says RS256, the type and the key, and nothing else")
    func header() throws {
        let token = try self.fixtures.token()
        let bytes = try #require(Base64URL.bytes(token.utf8.prefix { $0 != UInt8(ascii: ".") }))
        let header = try #require(try JSONValue(parsing: bytes).object)
        #expect(header.keys == ["alg", "typ", "kid"])
        #expect(header["kid"]?.string == self.fixtures.key.keyID)
    }

    // MARK: - Time

    static let times: [(Int, TokenError?)] = [
        (TokenFixtures.claims.expiresAt - 1, nil), (TokenFixtures.claims.expiresAt, nil),
        (TokenFixtures.claims.expiresAt + 29, nil), (TokenFixtures.claims.expiresAt + 30, .expired),
        (TokenFixtures.claims.expiresAt + 1_000_000, .expired), (TokenFixtures.claims.issuedAt - 30, nil),
        (TokenFixtures.claims.issuedAt - 31, .notYetValid), (0, .notYetValid),
    ]

    @Test("A token is valid from its issue to its expiry, with the leeway on both sides", arguments: times)
    func time(_ now: Int, _ expected: TokenError?) throws {
        #expect(self.fixtures.refusal(try self.fixtures.token(), now: now) == expected)
    }

    @Test("A token with nbf is not valid before it")
    func notBefore() throws {
        var claims = TokenFixtures.claims
        claims.notBefore = TokenFixtures.now + 100
        let token = try self.fixtures.key.sign(claims)
        #expect(self.fixtures.refusal(token, now: TokenFixtures.now) == .notYetValid)
        #expect(self.fixtures.refusal(token, now: TokenFixtures.now + 69) == .notYetValid)
        #expect(self.fixtures.refusal(token, now: TokenFixtures.now + 70) == nil)
    }

    // MARK: - Claims

    static let claims: [([String: String?], TokenError?)] = [
        ([:], nil),
        (["iss": "\"someone\""], .wrongIssuer), (["iss": "\"vitrine \""], .wrongIssuer),
        (["iss": nil], .malformedClaim("iss")),
        (["iss": "1"], .malformedClaim("iss")), (["iss": "[\"vitrine\"]"], .malformedClaim("iss")),
        (["aud": "\"other\""], .wrongAudience), (["aud": "[]"], .wrongAudience),
        (["aud": "[\"other\",\"vitrine-api\"]"], nil),
        (["aud": nil], .malformedClaim("aud")), (["aud": "{}"], .malformedClaim("aud")),
        (["aud": "[1]"], .malformedClaim("aud")),
        (["sub": nil], .malformedClaim("sub")), (["sub": "\"\""], .malformedClaim("sub")),
        (["sub": "7"], .malformedClaim("sub")),
        (["jti": nil], .malformedClaim("jti")), (["exp": nil], .malformedClaim("exp")),
        (["exp": "\"1700000890\""], .malformedClaim("exp")),
        (["exp": "null"], .malformedClaim("exp")), (["exp": "1e400"], .malformedClaim("exp")),
        (["exp": "1e30"], .malformedClaim("exp")),
        (["exp": "1700000890.5"], nil), (["exp": "1.7000008900e9"], nil), (["exp": "9223372036854775807"], nil),
        (["exp": "-1"], .expired),
        (["exp": "-9223372036854775808"], .expired), (["iat": nil], .malformedClaim("iat")),
        (["iat": "9223372036854775807"], .notYetValid),
        (["iat": "true"], .malformedClaim("iat")), (["nbf": "1700000031"], .notYetValid),
        (["nbf": "\"0\""], .malformedClaim("nbf")),
        (["roles": nil], nil), (["roles": "[]"], nil), (["roles": "\"admin\""], .malformedClaim("roles")),
        (["roles": "[1]"], .malformedClaim("roles")),
        (["roles": "[" + String(repeating: "\"r\",", count: 32) + "\"r\"]"], .malformedClaim("roles")),
    ]

    @Test("Each claim is demanded and judged, rightly signed or not", arguments: claims)
    func judgesClaims(_ changes: [String: String?], _ expected: TokenError?) throws {
        let token = try self.fixtures.forged(header: self.fixtures.header, payload: TokenFixtures.payload(changes))
        #expect(self.fixtures.refusal(token) == expected)
    }

    @Test(
        "A payload that is not a JSON object is refused, rightly signed or not",
        arguments: ["", "[]", "1", "{", "{\"a\":1,\"a\":1}", "\u{FEFF}{}"])
    func payloads(_ payload: String) throws {
        let token = try self.fixtures.forged(header: self.fixtures.header, payload: payload)
        #expect(self.fixtures.refusal(token) == .malformed(.payload))
    }

    @Test("Roles that a token does not have are not made up")
    func noRoles() throws {
        let token = try self.fixtures.forged(
            header: self.fixtures.header, payload: TokenFixtures.payload(["roles": nil]))
        #expect(try self.fixtures.verifier.verify(token, keys: self.fixtures.keys, now: TokenFixtures.now).roles == [])
    }

    @Test("Every error has a sentence that repeats nothing of the token")
    func sentences() {
        let errors: [TokenError] = [
            .tooLarge(bytesMax: 1), .malformed(.structure), .malformed(.header), .unsupportedAlgorithm,
            .unsupportedType, .unsupportedExtension,
            .missingKeyID, .unknownKey, .badSignature, .malformedClaim("exp"), .wrongIssuer, .wrongAudience, .expired,
            .notYetValid,
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(errors.allSatisfy { $0.description.hasPrefix("the token") })
    }
}
