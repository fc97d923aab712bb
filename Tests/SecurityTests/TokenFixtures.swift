import JSON
import Security

/// One issuer with one key, and the means to forge what it would never sign.
struct TokenFixtures {
    /// The key of RFC 7515, appendix A.2, which spares each test the making of one.
    let key: SigningKey
    let verifier = TokenVerifier(issuer: "vitrine", audience: "vitrine-api")

    static let now = 1_700_000_000

    init() throws {
        self.key = try SigningKey(pem: RFCVectors.signingKeyPEM)
    }

    var keys: JWKSet { JWKSet(keys: [self.key.publicJWK]) }

    /// What a good token says.
    static let claims = AccessTokenClaims(
        subject: "0190a8b4-7c3e-7d21-9f00-000000000001", roles: ["customer"], issuedAt: now - 10, expiresAt: now + 890,
        tokenID: "0190a8b4-7c3e-7d21-9f00-00000000000a", issuer: "vitrine", audience: "vitrine-api")

    /// A good token.
    func token() throws -> String { try self.key.sign(Self.claims) }

    /// A token with any header and payload, rightly signed over them.
    func forged(header: String, payload: String) throws -> String {
        let signed = Base64URL.text(Array(header.utf8)) + "." + Base64URL.text(Array(payload.utf8))
        return signed + "." + Base64URL.text(try self.key.signature(of: Array(signed.utf8)))
    }

    /// The header of a good token.
    var header: String { #"{"alg":"RS256","typ":"at+jwt","kid":"\#(self.key.keyID)"}"# }

    /// The payload of a good token, with some members replaced (by any JSON) or left out (by `nil`).
    static func payload(_ changes: [String: String?] = [:]) -> String {
        let members: [(String, String)] = [
            ("iss", "\"vitrine\""), ("sub", "\"\(claims.subject)\""), ("aud", "\"vitrine-api\""),
            ("iat", "\(claims.issuedAt)"), ("exp", "\(claims.expiresAt)"), ("jti", "\"\(claims.tokenID)\""),
            ("roles", "[\"customer\"]"), ("nbf", ""),
        ]
        let written = members.compactMap { name, value -> String? in
            guard let change = changes[name] else { return value.isEmpty ? nil : "\"\(name)\":\(value)" }
            return change.map { "\"\(name)\":\($0)" }
        }
        return "{" + written.joined(separator: ",") + "}"
    }

    /// Why a token is refused; `nil` when it is not.
    func refusal(_ token: String, keys: JWKSet? = nil, now: Int = TokenFixtures.now) -> TokenError? {
        do throws(TokenError) {
            _ = try self.verifier.verify(token, keys: keys ?? self.keys, now: now)
            return nil
        } catch {
            return error
        }
    }
}
