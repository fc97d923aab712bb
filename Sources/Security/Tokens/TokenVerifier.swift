/// Judges access tokens: RS256 signatures of known keys, and the claims of one issuer and audience.
///
/// The order is from cheap to dear, and nothing in a token is believed before its signature: size, structure, header
/// (algorithm, type, extensions, key name), key, signature, and only then the claims.
///
/// - SeeAlso: RFC 8725, "JSON Web Token Best Current Practices"; RFC 9068, section 4
public struct TokenVerifier: Sendable {
    /// Who must have signed.
    public let issuer: String
    /// Who the token must be meant for.
    public let audience: String
    /// By how many seconds clocks may disagree. Default 30.
    public let leeway: Int

    /// How large a token may be, in bytes.
    public static let tokenBytesMax = 8_192

    public init(issuer: String, audience: String, leeway: Int = 30) {
        precondition((0...3_600).contains(leeway), "Clocks that disagree by \(leeway) s are broken")
        self.issuer = issuer
        self.audience = audience
        self.leeway = leeway
    }

    /// The claims of a valid token.
    ///
    /// - Parameters:
    ///   - token: the compact form (RFC 7515, section 7.1), without `Bearer`.
    ///   - now: seconds since the epoch.
    /// - Throws: the first thing that is wrong.
    /// - Complexity: about 50 µs for a valid token with a key of 2048 bits: cache the result; see `TokenCache`.
    public func verify(
        _ token: UnsafeBufferPointer<UInt8>, keys: JWKSet, now: Int
    ) throws(TokenError) -> AccessTokenClaims {
        guard token.count <= Self.tokenBytesMax else { throw .tooLarge(bytesMax: Self.tokenBytesMax) }
        let parts = unsafe try CompactToken(token)
        let header = unsafe try TokenHeader(parts.header)
        guard let signature = unsafe Base64URL.bytes(parts.signature) else { throw .malformed(.signature) }
        guard let key = keys.key(header.keyID) else { throw .unknownKey }
        guard unsafe key.verifies(signature, of: parts.signedContent) else { throw .badSignature }
        guard let payload = unsafe Base64URL.bytes(parts.payload) else { throw .malformed(.payload) }
        let claims = try AccessTokenClaims(parsing: payload, audience: self.audience)
        try self.check(claims, now: now)
        return claims
    }

    /// The claims of a valid token; see above.
    public func verify(_ token: [UInt8], keys: JWKSet, now: Int) throws(TokenError) -> AccessTokenClaims {
        try unsafe token.withUnsafeBufferPointer { token in
            Result { () throws(TokenError) in unsafe try self.verify(token, keys: keys, now: now) }
        }.get()
    }

    /// The claims of a valid token; see above.
    public func verify(_ token: String, keys: JWKSet, now: Int) throws(TokenError) -> AccessTokenClaims {
        try unsafe token.utf8.withBytes { token in
            Result { () throws(TokenError) in unsafe try self.verify(token, keys: keys, now: now) }
        }.get()
    }

    /// Differences are taken on the side that cannot overflow: a claim may be any number.
    private func check(_ claims: AccessTokenClaims, now: Int) throws(TokenError) {
        guard claims.issuer == self.issuer else { throw .wrongIssuer }
        guard now - self.leeway < claims.expiresAt else { throw .expired }
        guard claims.issuedAt <= now + self.leeway else { throw .notYetValid }
        if let notBefore = claims.notBefore, notBefore > now + self.leeway { throw .notYetValid }
    }
}
