import HTTPCore
import Protobuf
import RPC
import Security
import ServiceTesting
import ShopContracts
import Testing

@testable import UserService

@Suite("Users for other services")
struct UserRPCTests {
    private func client(_ shop: UserFixture) -> UserV1.UserServiceClient {
        UserV1.UserServiceClient(InProcessService(shop.service, telemetry: shop.telemetry).caller)
    }

    private struct CallSucceeded: Error {}

    /// What a call fails with.
    private func failure<T>(_ call: () async throws(RPCError) -> T) async throws -> RPCError {
        do throws(RPCError) { _ = try await call() } catch { return error }
        throw CallSucceeded()
    }

    // MARK: Users

    @Test("A user comes with address, name and role, and nothing that signs anybody in")
    func user() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let name = #"{"first_name":"Ada","last_name":"Lovelace"}"#
            #expect(await shop.send(.put, "/api/v1/users/me", name, token: ada.token).status == 200)
            let made = GoogleProtobuf.Timestamp(microseconds: shop.clock.now)
            let user = try await self.client(shop).getUser(.init(userID: ada.id.uppercased()))
            #expect(
                user
                    == UserV1.User(
                        id: ada.id, email: ada.email, firstName: "Ada", lastName: "Lovelace", role: .customer,
                        createdAt: made, updatedAt: made))
            let root = try await shop.admin()
            #expect(try await self.client(shop).getUser(.init(userID: root.id)).role == .admin)
        }
    }

    @Test("A user that nobody is, is not found; an id that is none names its field")
    func noUser() async throws {
        try await UserFixture.run { shop async throws in
            let client = self.client(shop)
            let unknown = try await self.failure { () async throws(RPCError) in
                try await client.getUser(.init(userID: "01900000-0000-7000-8000-00000000ffff"))
            }
            #expect(unknown.code == .notFound)
            for id in ["", "ada@example.com"] {
                let error = try await self.failure { () async throws(RPCError) in
                    try await client.getUser(.init(userID: id))
                }
                #expect(error.code == .invalidArgument && self.fields(error) == ["user_id"])
            }
        }
    }

    // MARK: Tokens

    @Test("A valid token tells whose it is, what they may, and until when")
    func valid() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let claims = try AccessTokenReader.claims(of: ada.token)
            let answer = try await self.client(shop).validateToken(.init(accessToken: ada.token))
            #expect(
                answer
                    == UserV1.ValidateTokenResponse(
                        isValid: true, userID: ada.id, role: .customer,
                        expiresAt: GoogleProtobuf.Timestamp(seconds: Int64(claims.at("exp").integer ?? 0))))
            let root = try await shop.admin()
            #expect(try await self.client(shop).validateToken(.init(accessToken: root.token)).role == .admin)
        }
    }

    @Test("An expired token is an answer, not an error: not valid, and why")
    func expired() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            shop.clock.advance(by: .seconds(86_400))
            let answer = try await self.client(shop).validateToken(.init(accessToken: ada.token))
            #expect(answer == UserV1.ValidateTokenResponse(isValid: false, reason: "\(TokenError.expired)"))
        }
    }

    @Test("A token of another signer, a changed one and what is none are not valid and name nobody")
    func forged() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let parts = ada.token.split(separator: ".").map(String.init)
            let now = shop.clock.now / 1_000_000
            let stranger = try SigningKey.generate().sign(
                AccessTokenClaims(
                    subject: ada.id, roles: ["admin"], issuedAt: now, expiresAt: now + 900,
                    tokenID: "01900000-0000-7000-8000-00000000000a", issuer: TokenIssuer.issuer,
                    audience: TokenIssuer.audience))
            let changed = [parts[0], stranger.split(separator: ".").map(String.init)[1], parts[2]]
            let client = self.client(shop)
            for token in [stranger, changed.joined(separator: "."), "x", "\(parts[0]).\(parts[1])."] {
                let answer = try await client.validateToken(.init(accessToken: token))
                #expect(!answer.isValid && !answer.reason.isEmpty)
                #expect(answer.userID.isEmpty && answer.role == .unspecified && answer.expiresAt == nil)
            }
        }
    }

    @Test("No token at all is a mistake of the caller's")
    func empty() async throws {
        try await UserFixture.run { shop async throws in
            let client = self.client(shop)
            let error = try await self.failure { () async throws(RPCError) in
                try await client.validateToken(.init())
            }
            #expect(error.code == .invalidArgument && self.fields(error) == ["access_token"])
        }
    }

    private func fields(_ error: RPCError) -> [String] {
        (error.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []).map(\.field)
    }
}
