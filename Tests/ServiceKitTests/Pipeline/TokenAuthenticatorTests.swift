import HTTPCore
import Routing
import Security
import ServiceTesting
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Verifying access tokens")
struct TokenAuthenticatorTests {
    private let telemetry = TestTelemetry()
    private let issuer: TokenIssuer
    private let authenticator: TokenAuthenticator

    init() throws {
        let issuer = try TokenIssuer.first()
        self.issuer = issuer
        self.authenticator = TokenAuthenticator(keys: .local { issuer.keys }, telemetry: self.telemetry.telemetry)
    }

    /// How many tokens had this outcome.
    private func count(_ outcome: TokenOutcome) throws -> Double? {
        try self.telemetry.value("shop_access_tokens_total", ["outcome": outcome.rawValue])
    }

    private func refusal(_ fields: HTTPFields) async -> Problem? {
        await #expect(throws: Problem.self) { try await self.authenticator.identify(fields) }
    }

    @Test("A good token tells the user, the roles that are known, and is at hand for calls in the user's name")
    func identity() async throws {
        let token = try self.issuer.token(roles: ["customer", "admin", "emperor"])
        let identity = try await self.authenticator.identify(.bearer(token))
        #expect(identity.userID == TokenIssuer.subject)
        #expect(identity.roles == [.customer, .admin])
        #expect(identity.token == token)
    }

    @Test("A token is verified once and then known")
    func caches() async throws {
        let token = try self.issuer.token()
        for _ in 0..<3 { _ = try await self.authenticator.identify(.bearer(token)) }
        #expect(try self.count(.verified) == 1)
        #expect(try self.count(.cached) == 2)
        _ = try await self.authenticator.identify(
            .bearer(try self.issuer.token("0190a8b4-7c3e-7d21-9f00-00000000000b")))
        #expect(try self.count(.verified) == 2)
    }

    @Test("The scheme is written in any case", arguments: ["bearer", "BEARER", "BeArEr"])
    func scheme(scheme: String) async throws {
        let token = try self.issuer.token()
        let identity = try await self.authenticator.identify([.authorization: "\(scheme) \(token)"])
        #expect(identity.userID == TokenIssuer.subject)
    }

    @Test(
        "A field that is no bearer token is malformed, and refused before any cryptography",
        arguments: [
            "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer\ttoken", "bearertoken", "Tearer x", "Bearer:x",
        ])
    func malformed(value: String) async throws {
        let problem = await self.refusal([.authorization: value])
        #expect(problem?.status == .unauthorized)
        #expect(problem?.fields[.wwwAuthenticate]?.contains("error=\"invalid_request\"") == true)
        #expect(try self.count(.malformed) == 1)
    }

    @Test("Two authorization fields are refused, even if one of them, or both, would do")
    func repeated() async throws {
        var fields = HTTPFields.bearer(try self.issuer.token())
        fields.append(.authorization, "Bearer \(try self.issuer.token())")
        #expect(await self.refusal(fields)?.status == .unauthorized)
        #expect(try self.count(.malformed) == 1)
        #expect(try self.count(.verified) == 0)
    }

    @Test("An expired, foreign, tampered or senseless token is refused, each time anew")
    func refused() async throws {
        let good = try self.issuer.token()
        let tampered = String(good.dropLast(8)) + "AAAAAAAA"
        let tokens = [
            try self.issuer.token(expiresIn: -60), try self.issuer.token(audience: "another-api"),
            try TokenIssuer.second().token(), tampered, "x.y.z", "x", String(repeating: "a", count: 10_000),
        ]
        for token in tokens + tokens {
            let problem = await self.refusal(.bearer(token))
            #expect(problem?.status == .unauthorized)
            #expect(problem?.fields[.wwwAuthenticate]?.contains("error=\"invalid_token\"") == true)
            #expect(problem?.detail.contains(token) == false)
        }
        #expect(try self.count(.refused) == Double(2 * tokens.count))
        #expect(try self.count(.cached) == 0)
    }

    @Test("A key rotated in this process counts at once")
    func localRotation() async throws {
        let next = try TokenIssuer.second()
        let both = JWKSet(keys: [self.issuer.key.publicJWK, next.key.publicJWK])
        let authenticator = TokenAuthenticator(keys: .local { both }, telemetry: self.telemetry.telemetry)
        for issuer in [self.issuer, next] {
            #expect(try await authenticator.identify(.bearer(try issuer.token())).userID == TokenIssuer.subject)
        }
    }
}
