import HTTPCore
import NetworkIO
import ServiceKit
import ServiceTesting
import TelemetryTesting
import Testing

@testable import UserService

@Suite("POST /api/v1/auth/login")
struct LoginTests {
    @Test("Hands out an access token that opens the caller's profile")
    func succeeds() async throws {
        try await UserFixture.run { shop async throws in
            let registered = await shop.register("ada@example.com")
            let answer = await shop.logIn(" ADA@Example.com ")
            #expect(answer.status == 200)
            #expect(answer.string("access_token") == answer.string("token"))
            #expect(answer.string("token_type") == "Bearer")
            #expect(answer["expires_in"].integer == 900)
            #expect(answer.string("refresh_token").utf8.count == 64)
            #expect(answer["user"] == registered.json)
            #expect(answer.fields[.cacheControl] == "no-store")
            let me = await shop.send(.get, "/api/v1/users/me", token: answer.string("access_token"))
            #expect(me.status == 200)
            #expect(me.json == registered.json)
        }
    }

    @Test("An access token says who, what for and how long, and nothing personal")
    func claims() async throws {
        try await UserFixture.run { shop async throws in
            let customer = try await shop.person()
            let claims = try AccessTokenReader.claims(of: customer.token)
            let now = shop.clock.now / 1_000_000
            #expect(claims.at("sub").text == customer.id)
            #expect(claims.at("roles").elements.compactMap(\.text) == ["customer"])
            #expect(claims.at("iss").text == "vitrine")
            #expect(claims.at("aud").text == "vitrine-api")
            #expect(claims.at("iat").integer == now)
            #expect(claims.at("exp").integer == now + 900)
            #expect(claims.at("jti").text?.isEmpty == false)
            #expect(claims.keys == ["sub", "roles", "iat", "exp", "jti", "iss", "aud"])
            let admin = try await shop.admin()
            let adminClaims = try AccessTokenReader.claims(of: admin.token)
            #expect(adminClaims.at("roles").elements.compactMap(\.text) == ["customer", "admin"])
        }
    }

    @Test("An unknown account and a wrong password get the same answer")
    func sameAnswer() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            let wrong = await shop.logIn("ada@example.com", password: "wrong-password")
            let unknown = await shop.logIn("nobody@example.com", password: "wrong-password")
            let nonsense = await shop.logIn("no address", password: "")
            let long = await shop.logIn("ada@example.com", password: String(repeating: "x", count: 500))
            for answer in [wrong, unknown, nonsense, long] {
                #expect(answer.status == 401)
                #expect(answer.string("detail") == wrong.string("detail"))
                #expect(answer.string("type") == wrong.string("type"))
                #expect(answer.fields[.wwwAuthenticate] == wrong.fields[.wwwAuthenticate])
            }
        }
    }

    @Test("An unknown account costs a comparison of the same price")
    func sameWork() async throws {
        try await UserFixture.onPlatform { base async throws in
            let vault = PasswordVault(cost: 8, blocking: base.platform.blocking)
            let hash = try await vault.hash(Password("correct-horse"), by: .distantFuture)
            #expect(!vault.isOutdated(hash))
            let account = Account(user: .sample, passwordHash: hash)
            #expect(vault.matches("correct-horse", account))
            #expect(!vault.matches("correct-horse", nil))
            func least(_ account: Account?) -> Int {
                (0..<5).map { _ in ThreadTime.spent { _ = vault.matches("wrong-password", account) } }.min() ?? 0
            }
            let (known, unknown) = (least(account), least(nil))
            // Without bcrypt an answer would be a thousand times faster.
            #expect(unknown > known / 2 && known > unknown / 2, "known \(known) ns, unknown \(unknown) ns")
        }
    }

    @Test("A comparison nobody waits for any more is not made")
    func pastDeadline() async throws {
        try await UserFixture.onPlatform { base async throws in
            let vault = PasswordVault(cost: 4, blocking: base.platform.blocking)
            await #expect(throws: SignInOverload.self) {
                _ = try await vault.hash(Password("correct-horse"), by: .after(.seconds(-1)))
            }
        }
    }

    @Test("What follows a NUL is not ignored")
    func nul() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            let answer = await shop.logIn("ada@example.com", password: #"correct-horse\u0000anything"#)
            #expect(answer.status == 401)
            #expect(await shop.logIn("ada@example.com", password: "correct-horse ").status == 401)
        }
    }

    @Test("Missing and mistyped fields are named")
    func invalid() async throws {
        try await UserFixture.run { shop async throws in
            let empty = await shop.send(.post, "/api/v1/auth/login", "{}")
            #expect(empty.status == 422)
            #expect(empty.errorFields == ["email", "password"])
            let wrong = await shop.send(.post, "/api/v1/auth/login", #"{"email":{},"password":[]}"#)
            #expect(wrong.status == 400)
            #expect(wrong.errorFields == ["email", "password"])
        }
    }

    @Test("A user keeps a bounded number of sessions, the newest ones")
    func sessionsMax() async throws {
        try await UserFixture.run(["VITRINE_SESSIONS_PER_USER_MAX": "3"]) { shop async throws in
            let other = try await shop.person("bob@example.com")
            var sessions = [try await shop.person()]
            for _ in 0..<4 {
                shop.clock.advance(by: .seconds(1))
                sessions.append(try await shop.signedIn("ada@example.com"))
            }
            var statuses: [Int] = []
            for session in sessions { statuses.append(await shop.refresh(session.refreshToken).status) }
            #expect(statuses == [401, 401, 200, 200, 200])
            #expect(await shop.refresh(other.refreshToken).status == 200)
            #expect(try shop.telemetry.value("shop_sessions_displaced_total") == 2)
        }
    }

    @Test("A hash of another cost is renewed when its owner signs in")
    func renewsHash() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            #expect(try await shop.passwordHash(of: "ada@example.com").hasPrefix("$2b$04$"))
            try await shop.withTwin(["VITRINE_BCRYPT_COST": "5"]) { dearer async throws in
                #expect(await dearer.logIn("ada@example.com", password: "wrong-password").status == 401)
                #expect(try await dearer.passwordHash(of: "ada@example.com").hasPrefix("$2b$04$"))
                #expect(await dearer.logIn("ada@example.com").status == 200)
                #expect(try await dearer.passwordHash(of: "ada@example.com").hasPrefix("$2b$05$"))
                #expect(await dearer.logIn("ada@example.com").status == 200)
            }
        }
    }

    @Test("Too many at once are turned away, and not for a wrong password")
    func overload() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            shop.platform.blocking.close()
            let answer = await shop.logIn("ada@example.com")
            #expect(answer.status == 503)
            #expect(answer.fields[.retryAfter] != nil)
            #expect(try shop.telemetry.value("shop_logins_total", ["outcome": "overloaded"]) == 1)
            #expect(try shop.telemetry.value("shop_logins_total", ["outcome": "bad_credentials"]) == 0)
        }
    }
}
