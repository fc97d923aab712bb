import HTTPCore
import TelemetryTesting
import Testing

@testable import UserService

@Suite("POST /api/v1/auth/refresh")
struct RefreshTests {
    @Test("Exchanges a token for new ones, again and again")
    func rotates() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            var token = person.refreshToken
            for _ in 0..<5 {
                shop.clock.advance(by: .seconds(900))
                let answer = await shop.refresh(token)
                #expect(answer.status == 200)
                #expect(answer.string("refresh_token") != token)
                #expect(answer.string("access_token") == answer.string("token"))
                #expect(answer.string("token_type") == "Bearer")
                #expect(answer["expires_in"].integer == 900)
                #expect(answer.fields[.cacheControl] == "no-store")
                token = answer.string("refresh_token")
                let me = await shop.send(.get, "/api/v1/users/me", token: answer.string("access_token"))
                #expect(me.string("id") == person.id)
            }
            #expect(try shop.telemetry.value("shop_token_refreshes_total", ["outcome": "success"]) == 5)
        }
    }

    @Test("The second use of a token ends every token of the same login, and of no other")
    func reuse() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let elsewhere = try await shop.signedIn(person.email)
            let second = await shop.refresh(person.refreshToken).string("refresh_token")
            let third = await shop.refresh(second).string("refresh_token")
            #expect(await shop.refresh(person.refreshToken).status == 401)
            #expect(await shop.refresh(third).status == 401)
            #expect(await shop.refresh(second).status == 401)
            #expect(await shop.refresh(elsewhere.refreshToken).status == 200)
            #expect(try shop.telemetry.value("shop_token_refreshes_total", ["outcome": "reused"]) == 1)
            #expect(try shop.telemetry.value("shop_token_refreshes_total", ["outcome": "unknown"]) == 2)
            let warnings = shop.telemetry.logLines.filter { $0.contains("refresh token used twice") }
            #expect(warnings.count == 1 && warnings[0].contains(person.id))
        }
    }

    @Test("Of many exchanges of one token at once exactly one succeeds, and the login ends")
    func concurrent() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let answers = await withTaskGroup(of: Answer.self) { group in
                for _ in 0..<12 { group.addTask { await shop.refresh(person.refreshToken) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = answers.filter { $0.status == 200 }
            #expect(winners.count == 1)
            #expect(answers.filter { $0.status == 401 }.count == 11)
            let successor = try #require(winners.first).string("refresh_token")
            #expect(await shop.refresh(successor).status == 401)
        }
    }

    @Test("A token expires 30 days after its issue; each exchange begins anew")
    func expires() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            shop.clock.advance(by: .seconds(30 * 86_400 - 1))
            let second = await shop.refresh(person.refreshToken)
            #expect(second.status == 200)
            shop.clock.advance(by: .seconds(30 * 86_400))
            #expect(await shop.refresh(second.string("refresh_token")).status == 401)
            #expect(try shop.telemetry.value("shop_token_refreshes_total", ["outcome": "expired"]) == 1)
        }
    }

    @Test(
        "What was never issued is refused with the same words",
        arguments: [
            String(repeating: "0", count: 64), "x", "%00", "' OR 1=1 --", "ada@example.com",
            String(repeating: "f", count: 512),
        ])
    func foreign(_ token: String) async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let answer = await shop.refresh(token)
            #expect(answer.status == 401)
            let accessToken = await shop.refresh(String(person.token.prefix(512)))
            #expect(accessToken.status == 401)
            #expect(accessToken.string("detail") == answer.string("detail"))
            #expect(await shop.refresh(person.refreshToken).status == 200)
        }
    }

    @Test("A token that is missing, empty, mistyped or too long is named")
    func invalid() async throws {
        try await UserFixture.run { shop async throws in
            let path = "/api/v1/auth/refresh"
            #expect(await shop.send(.post, path, "{}").status == 422)
            #expect(await shop.send(.post, path, #"{"refresh_token":""}"#).status == 422)
            #expect(await shop.send(.post, path, #"{"refresh_token":7}"#).status == 400)
            #expect(await shop.refresh(String(repeating: "f", count: 513)).errorFields == ["refresh_token"])
        }
    }

    @Test("Only digests are stored")
    func stored() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            #expect(try await shop.filesContain(person.refreshToken) == false)
            #expect(try await shop.filesContain(person.email))
        }
    }

    @Test("A changed role shows in the next access token")
    func role() async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            let person = try await shop.person()
            _ = await shop.send(.put, "/api/v1/users/\(person.id)/role", #"{"role":"admin"}"#, token: admin.token)
            #expect(await shop.send(.get, "/api/v1/users", token: person.token).status == 403)
            let token = await shop.refresh(person.refreshToken).string("access_token")
            #expect(await shop.send(.get, "/api/v1/users", token: token).status == 200)
        }
    }

    @Test("Another process on the same files honours and spends the same tokens")
    func twoProcesses() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            try await shop.withTwin { twin async throws in
                let answer = await twin.refresh(person.refreshToken)
                #expect(answer.status == 200)
                #expect(await shop.send(.get, "/api/v1/users/me", token: answer.string("token")).status == 200)
                #expect(await shop.refresh(person.refreshToken).status == 401)
                #expect(await twin.refresh(answer.string("refresh_token")).status == 401)
            }
        }
    }
}
