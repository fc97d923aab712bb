/// What an access token says (RFC 9068): who, in which roles, from when to when. No personal data.
public struct AccessTokenClaims: Sendable, Hashable {
    /// `sub`: the user's id.
    public var subject: String
    /// `roles`: what the user may do. At most 32.
    public var roles: [String]
    /// `iat`: seconds since the epoch.
    public var issuedAt: Int
    /// `exp`: seconds since the epoch, the first second at which the token is no longer valid.
    public var expiresAt: Int
    /// `jti`: names this token, for revoking it.
    public var tokenID: String
    /// `iss`: who signed it.
    public var issuer: String
    /// `aud`: who it is meant for.
    public var audience: String
    /// `nbf`: seconds since the epoch, the first second at which the token is valid; `nil` when it is from the start.
    public var notBefore: Int?

    public init(
        subject: String, roles: [String], issuedAt: Int, expiresAt: Int, tokenID: String, issuer: String,
        audience: String, notBefore: Int? = nil
    ) {
        self.subject = subject
        self.roles = roles
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.tokenID = tokenID
        self.issuer = issuer
        self.audience = audience
        self.notBefore = notBefore
    }
}
