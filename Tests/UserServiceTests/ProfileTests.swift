import HTTPCore
import JSON
import Testing

@testable import UserService

@Suite("Profiles")
struct ProfileTests {
    @Test("Are for the user and for admins")
    func access() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let bob = try await shop.person("bob@example.com")
            let admin = try await shop.admin()
            let path = "/api/v1/users/\(ada.id)"
            for (token, status) in [(ada.token, 200), (admin.token, 200), (bob.token, 403), (nil, 401)] {
                #expect(await shop.send(.get, path, token: token).status == status)
                #expect(await shop.send(.put, path, #"{"name":"A"}"#, token: token).status == status)
            }
            #expect(await shop.send(.get, "/api/v1/users/\(ada.id.uppercased())", token: ada.token).status == 200)
            #expect(await shop.send(.get, "/api/v1/users/me").status == 401)
            #expect(await shop.send(.put, "/api/v1/users/me", "{}").status == 401)
        }
    }

    @Test("Of nobody are 404 for admins and 403 for everybody else")
    func missing() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let admin = try await shop.admin()
            let nobody = "/api/v1/users/01900000-0000-7000-8000-000000000000"
            #expect(await shop.send(.get, nobody, token: admin.token).status == 404)
            #expect(await shop.send(.put, nobody, "{}", token: admin.token).status == 404)
            #expect(await shop.send(.get, nobody, token: ada.token).status == 403)
            #expect(await shop.send(.get, "/api/v1/users/42", token: ada.token).status == 404)
        }
    }

    @Test("Keep what is left out, take what is given, clear what is null or empty")
    func change() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let path = "/api/v1/users/me"
            func put(_ body: String) async -> Answer { await shop.send(.put, path, body, token: ada.token) }
            shop.clock.advance(by: .seconds(1))
            var answer = await put(#"{"first_name":"Ada","last_name":"Byron","ignored":1}"#)
            #expect(answer.status == 200)
            #expect(answer.string("name") == "Ada Byron")
            #expect(answer.string("updated_at") == "2026-01-02T03:04:06.000000Z")
            #expect(answer.string("created_at") == "2026-01-02T03:04:05.000000Z")
            answer = await put(#"{"last_name":"King"}"#)
            #expect(answer.string("name") == "Ada King")
            answer = await put(#"{"name":" Countess of Lovelace "}"#)
            #expect(answer.string("name") == "Countess of Lovelace")
            #expect(answer.string("last_name") == "King")
            answer = await put(#"{"name":null,"first_name":""}"#)
            #expect(answer.string("name") == "King")
            #expect(answer["first_name"] == .null)
            answer = await put("{}")
            #expect(answer.string("name") == "King")
            #expect(await shop.send(.get, path, token: ada.token).json == answer.json)
        }
    }

    @Test("Take a new address, under which the user then signs in")
    func email() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            _ = try await shop.person("bob@example.com")
            let path = "/api/v1/users/\(ada.id)"
            let changed = await shop.send(.put, path, #"{"email":"Lovelace@Example.com"}"#, token: ada.token)
            #expect(changed.string("email") == "lovelace@example.com")
            #expect(await shop.logIn("lovelace@example.com").status == 200)
            #expect(await shop.logIn("ada@example.com").status == 401)
            let taken = await shop.send(.put, path, #"{"email":"bob@example.com"}"#, token: ada.token)
            #expect(taken.status == 409)
            #expect(taken.string("type") == "/problems/email-taken")
            let same = await shop.send(.put, path, #"{"email":"lovelace@example.com"}"#, token: ada.token)
            #expect(same.status == 200)
        }
    }

    @Test("Change neither role nor id nor password")
    func nothingElse() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let body = #"{"role":"admin","id":"x","password":"another-password","password_hash":"x","created_at":"x"}"#
            let answer = await shop.send(.put, "/api/v1/users/me", body, token: ada.token)
            #expect(answer.status == 200)
            #expect(answer.string("role") == "customer")
            #expect(answer.string("id") == ada.id)
            #expect(await shop.logIn("ada@example.com").status == 200)
        }
    }

    @Test("Name the fields at fault")
    func invalid() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let name = String(repeating: "n", count: 201)
            let bad = await shop.send(
                .put, "/api/v1/users/me", #"{"email":"x","name":"\#(name)"}"#, token: ada.token)
            #expect(bad.status == 422)
            #expect(bad.errorFields == ["email", "name"])
            #expect(await shop.send(.put, "/api/v1/users/me", #"{"name":{}}"#, token: ada.token).status == 400)
            #expect(await shop.send(.put, "/api/v1/users/me", token: ada.token).status == 400)
        }
    }

    @Test("Two users who take the same address at once: one gets it")
    func concurrentEmail() async throws {
        try await UserFixture.run { shop async throws in
            let people = [try await shop.person("a@example.com"), try await shop.person("b@example.com")]
            let statuses = await withTaskGroup(of: Int.self) { group in
                for person in people {
                    group.addTask {
                        let body = #"{"email":"c@example.com"}"#
                        return await shop.send(.put, "/api/v1/users/me", body, token: person.token).status
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 409])
        }
    }
}
