import HTTPCore
import Telemetry
import TelemetryTesting
import Testing

@testable import UserService

@Suite("Telemetry of the user service")
struct UserTelemetryTests {
    @Test("Every series exists, at zero, from the start")
    func zero() async throws {
        try await UserFixture.run { shop async throws in
            for outcome in ["success", "bad_credentials", "throttled", "overloaded", "failed"] {
                #expect(try shop.telemetry.value("shop_logins_total", ["outcome": outcome]) == 0)
            }
            for outcome in ["success", "unknown", "expired", "reused", "failed"] {
                #expect(try shop.telemetry.value("shop_token_refreshes_total", ["outcome": outcome]) == 0)
            }
            #expect(try shop.telemetry.value("shop_users_registered_total") == 0)
            #expect(try shop.telemetry.value("shop_login_throttle_evictions_total") == 0)
            #expect(try shop.telemetry.value("shop_login_throttle_keys") == 0)
            #expect(try shop.telemetry.value("shop_signing_keys") == 1)
        }
    }

    @Test("Neither passwords nor tokens nor e-mail addresses are in logs, spans or metrics")
    func confidential() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            _ = await shop.register("ada@example.com")
            _ = await shop.logIn("ada@example.com", password: "wrong-password-42")
            _ = await shop.logIn("eve@example.com", password: "correct-horse")
            let second = await shop.refresh(ada.refreshToken)
            _ = await shop.refresh(ada.refreshToken)
            _ = await shop.send(.put, "/api/v1/users/me", #"{"email":"eve@example.com"}"#, token: ada.token)
            _ = await shop.send(.post, "/api/v1/auth/logout", token: ada.token)
            _ = await shop.send(.post, "/api/v1/auth/login", #"{"email":"ada@example.com","password":"correct-horse""#)
            let recorded =
                shop.telemetry.logLines.joined(separator: "\n") + "\(shop.telemetry.finishedSpans)"
                + shop.telemetry.exposition()
            #expect(shop.telemetry.logLines.contains { $0.contains("user registered") && $0.contains(ada.id) })
            #expect(shop.telemetry.logLines.contains { $0.contains("refresh token refused: reused") })
            for secret in [
                "ada@", "eve@", "correct-horse", "wrong-password-42", ada.token, ada.refreshToken,
                second.string("refresh_token"), second.string("access_token"), "$2b$", "PRIVATE KEY",
            ] {
                #expect(!secret.isEmpty && !recorded.contains(secret), "\(secret) is in the telemetry")
            }
        }
    }

    @Test("A sign-in is one trace: the request and what it asked of the store")
    func trace() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            _ = shop.telemetry.finishedSpans
            _ = await shop.logIn("ada@example.com")
            let tree = try #require(shop.telemetry.spanTrees.first { $0.span.name == "POST /api/v1/auth/login" })
            #expect(Set(tree.children.map(\.span.name)) == ["SELECT users", "INSERT refresh_tokens"])
            #expect(tree.children.count == 2)
        }
    }
}
