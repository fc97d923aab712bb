import HTTPCore
import Testing

@testable import UserService

@Suite("POST /api/v1/auth/logout")
struct LogoutTests {
    private static let path = "/api/v1/auth/logout"

    @Test("Ends the session of the token it is given, and no other")
    func one() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let elsewhere = try await shop.signedIn(person.email)
            let newest = await shop.refresh(person.refreshToken).string("refresh_token")
            // A spent token names its session as well as the newest one does.
            let body = #"{"refresh_token":"\#(person.refreshToken)"}"#
            let answer = await shop.send(.post, Self.path, body, token: person.token)
            #expect(answer.status == 204)
            #expect(answer.text.isEmpty)
            #expect(await shop.refresh(newest).status == 401)
            #expect(await shop.refresh(elsewhere.refreshToken).status == 200)
        }
    }

    @Test("Ends every session of the user without one", arguments: [nil, "{}", #"{"refresh_token":null}"#])
    func all(_ body: String?) async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let elsewhere = try await shop.signedIn(person.email)
            let other = try await shop.person("bob@example.com")
            #expect(await shop.send(.post, Self.path, body, token: person.token).status == 204)
            #expect(await shop.refresh(person.refreshToken).status == 401)
            #expect(await shop.refresh(elsewhere.refreshToken).status == 401)
            #expect(await shop.refresh(other.refreshToken).status == 200)
        }
    }

    @Test("Cannot end somebody else's session, and does not tell whether there is one")
    func foreign() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            let other = try await shop.person("bob@example.com")
            let body = #"{"refresh_token":"\#(other.refreshToken)"}"#
            #expect(await shop.send(.post, Self.path, body, token: person.token).status == 204)
            let nonsense = #"{"refresh_token":"nonsense"}"#
            #expect(await shop.send(.post, Self.path, nonsense, token: person.token).status == 204)
            #expect(await shop.refresh(other.refreshToken).status == 200)
            #expect(await shop.refresh(person.refreshToken).status == 200)
        }
    }

    @Test("Needs an access token and a sound body")
    func refused() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            #expect(await shop.send(.post, Self.path).status == 401)
            #expect(await shop.send(.post, Self.path, token: person.token + "x").status == 401)
            #expect(await shop.send(.post, Self.path, "{", token: person.token).status == 400)
            #expect(await shop.send(.post, Self.path, #"{"refresh_token":1}"#, token: person.token).status == 400)
            #expect(await shop.send(.post, Self.path, #"{"refresh_token":""}"#, token: person.token).status == 422)
            #expect(await shop.refresh(person.refreshToken).status == 200)
        }
    }
}
