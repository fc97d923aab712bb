import HTTPCore
import Security
import Testing

@testable import UserService

@Suite("Signing keys")
struct KeySetTests {
    @Test(
        "Are published, without their private part, where libraries look for them",
        arguments: [
            "/api/v1/auth/jwks", "/.well-known/jwks.json",
        ])
    func published(_ path: String) async throws {
        try await UserFixture.run(ownKey: true) { shop async throws in
            let answer = await shop.send(.get, path)
            #expect(answer.status == 200)
            #expect(answer.fields[.cacheControl] == "public, max-age=300")
            let keys = answer["keys"].elements
            #expect(keys.count == 1)
            #expect(keys[0].at("kty").text == "RSA")
            #expect(keys[0].at("alg").text == "RS256")
            #expect(keys[0].at("use").text == "sig")
            #expect(keys[0].keys.isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi"]))
            let person = try await shop.person()
            #expect(try AccessTokenReader.keyID(of: person.token) == keys[0].at("kid").text)
        }
    }

    @Test("Stay the same over a restart")
    func restart() async throws {
        try await UserFixture.run(ownKey: true) { shop async throws in
            let person = try await shop.person()
            let keys = shop.service.tokenKeys?().json()
            try await shop.withTwin { again async throws in
                #expect(again.service.tokenKeys?().json() == keys)
                #expect(await again.send(.get, "/api/v1/users/me", token: person.token).status == 200)
            }
        }
    }

    @Test("Rotate: the next is published before it signs, the former until its tokens have expired")
    func rotation() async throws {
        try await UserFixture.run(["VITRINE_SIGNING_KEY_ROTATION": "1d"], ownKey: true) { shop async throws in
            let person = try await shop.person()
            let first = try AccessTokenReader.keyID(of: person.token)
            func ids() async -> [String] {
                await shop.send(.get, "/api/v1/auth/jwks")["keys"].elements.compactMap { $0.at("kid").text }
            }
            func signer() async throws -> String {
                try AccessTokenReader.keyID(of: try await shop.signedIn(person.email).token)
            }
            shop.clock.advance(by: .seconds(86_400 - 601))
            await shop.service.maintain()
            #expect(await ids() == [first])
            shop.clock.advance(by: .seconds(1))
            await shop.service.maintain()
            let both = await ids()
            #expect(both.count == 2 && both[0] == first)
            // Published, but not signing yet.
            #expect(try await signer() == first)
            shop.clock.advance(by: .seconds(599))
            let last = try await shop.signedIn(person.email).token
            #expect(try AccessTokenReader.keyID(of: last) == first)
            shop.clock.advance(by: .seconds(1))
            #expect(try await signer() == both[1])
            #expect(await shop.send(.get, "/api/v1/users/me", token: last).status == 200)
            shop.clock.advance(by: .seconds(890))
            await shop.service.maintain()
            #expect(await shop.send(.get, "/api/v1/users/me", token: last).status == 200)
            shop.clock.advance(by: .seconds(3_600))
            await shop.service.maintain()
            #expect(await ids() == [both[1]])
            #expect(await shop.send(.get, "/api/v1/users/me", token: last).status == 401)
        }
    }

    @Test("Of two processes only one makes the next key, and the other takes it over")
    func twoProcesses() async throws {
        try await UserFixture.run(["VITRINE_SIGNING_KEY_ROTATION": "1d"], ownKey: true) { shop async throws in
            try await shop.withTwin(["VITRINE_SIGNING_KEY_ROTATION": "1d"]) { twin async throws in
                #expect(twin.service.tokenKeys?().json() == shop.service.tokenKeys?().json())
                shop.clock.advance(by: .seconds(86_400))
                await withTaskGroup { group in
                    group.addTask { await shop.service.maintain() }
                    group.addTask { await twin.service.maintain() }
                }
                await shop.service.maintain()
                await twin.service.maintain()
                let keys = await shop.send(.get, "/api/v1/auth/jwks")
                #expect(keys["keys"].elements.count == 2)
                #expect(await twin.send(.get, "/api/v1/auth/jwks").text == keys.text)
            }
        }
    }
}

@Suite("Access tokens")
struct AccessTokenTests {
    @Test("Open nothing once they have expired, or when they were touched or made elsewhere")
    func attacks() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let elsewhere = try await UserFixture.run(ownKey: true) { other in try await other.person() }
            let parts = ada.token.split(separator: ".").map(String.init)
            let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\(parts[1])."
            for token in [elsewhere.token, unsigned, "\(parts[0]).\(parts[1])", ada.refreshToken, "x.y.z"] {
                #expect(await shop.send(.get, "/api/v1/users/me", token: token).status == 401)
            }
            #expect(await shop.send(.get, "/api/v1/users/me", token: ada.token).status == 200)
            shop.clock.advance(by: .seconds(900 + 60))
            #expect(await shop.send(.get, "/api/v1/users/me", token: ada.token).status == 401)
            // And an expired one does not keep anybody from signing in again.
            let body = #"{"email":"ada@example.com","password":"correct-horse"}"#
            let login = await shop.send(.post, "/api/v1/auth/login", body, token: ada.token)
            #expect(login.status == 200)
        }
    }
}
