import CSystem
import HTTPCore
import Security

/// A key, and tokens signed with it as the user service signs them.
struct TokenIssuer {
    let key: SigningKey

    // A key is some work to make, and none of the tests changes one.
    private static let made = Result { try (0..<2).map { _ in TokenIssuer(key: try SigningKey.generate()) } }

    static func first() throws -> TokenIssuer { try self.made.get()[0] }
    static func second() throws -> TokenIssuer { try self.made.get()[1] }

    var keys: JWKSet { JWKSet(keys: [self.key.publicJWK]) }

    /// The answer of the user service's key route.
    static func answer(_ issuers: TokenIssuer...) -> HTTPResponse {
        HTTPResponse(.ok, body: .bytes(JWKSet(keys: issuers.map(\.key.publicJWK)).json()))
    }

    static let subject = "0190a8b4-7c3e-7d21-9f00-000000000001"

    /// - Parameters:
    ///   - id: tokens differ by it.
    ///   - expiresIn: seconds from now.
    func token(
        _ id: String = "0190a8b4-7c3e-7d21-9f00-00000000000a", roles: [String] = ["customer"], expiresIn: Int = 900,
        audience: String = "vitrine-api"
    ) throws -> String {
        let now = Int(vitrine_coarse_realtime_seconds())
        return try self.key.sign(
            AccessTokenClaims(
                subject: Self.subject, roles: roles, issuedAt: now - 10, expiresAt: now + expiresIn, tokenID: id,
                issuer: "vitrine", audience: audience))
    }
}

extension HTTPFields {
    static func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }
}
