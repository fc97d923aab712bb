import Protobuf
import RPC
import ServiceKit
import ServiceTesting
import ShopContracts
import TelemetryTesting
import Testing

@testable import UserService

@Suite("Accounts and tokens for other services")
struct UserRPCTests {
    private func client(_ shop: UserFixture) -> UserV1.UserServiceClient {
        UserV1.UserServiceClient(
            RPCClient(
                calling: .user, over: InProcessService.rpcTransport(to: shop.service, telemetry: shop.telemetry),
                internalToken: InProcessService.internalToken, telemetry: shop.telemetry.telemetry))
    }

    @Test("An account is found by its id")
    func user() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let client = self.client(shop)
            let user = try await client.getUser(UserV1.GetUserRequest(userID: person.id))
            #expect(user.id == person.id && user.email == person.email && user.role == .customer)
            for (id, code) in [("01900000-0000-7000-8000-00000000ffff", RPCCode.notFound), ("x", .invalidArgument)] {
                do throws(RPCError) {
                    _ = try await client.getUser(UserV1.GetUserRequest(userID: id))
                    Issue.record("\(id) was found")
                } catch { #expect(error.code == code) }
            }
        }
    }

    @Test("A token that counts says whose it is; another says why not")
    func tokens() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let admin = try await shop.admin()
            let client = self.client(shop)
            let good = try await client.validateToken(UserV1.ValidateTokenRequest(accessToken: person.token))
            #expect(good.isValid && good.userID == person.id && good.role == .customer && good.reason.isEmpty)
            #expect((good.expiresAt?.seconds ?? 0) > 0)
            let root = try await client.validateToken(UserV1.ValidateTokenRequest(accessToken: admin.token))
            #expect(root.isValid && root.role == .admin)
            let forged = try await client.validateToken(UserV1.ValidateTokenRequest(accessToken: person.token + "x"))
            #expect(!forged.isValid && !forged.reason.isEmpty && forged.userID.isEmpty)
            shop.clock.advance(by: .seconds(3_600))
            let old = try await client.validateToken(UserV1.ValidateTokenRequest(accessToken: person.token))
            #expect(!old.isValid && old.reason == "the token has expired")
            do throws(RPCError) {
                _ = try await client.validateToken(UserV1.ValidateTokenRequest())
                Issue.record("no token was accepted")
            } catch { #expect(error.code == .invalidArgument) }
        }
    }
}
