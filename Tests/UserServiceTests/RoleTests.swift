import HTTPCore
import TelemetryTesting
import Testing

@testable import UserService

@Suite("PUT /api/v1/users/{id}/role")
struct RoleTests {
    private func path(_ person: Person) -> String { "/api/v1/users/\(person.id)/role" }

    @Test("Is for admins")
    func access() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            let admin = try await shop.admin()
            #expect(await shop.send(.put, self.path(ada), #"{"role":"admin"}"#).status == 401)
            #expect(await shop.send(.put, self.path(ada), #"{"role":"admin"}"#, token: ada.token).status == 403)
            let answer = await shop.send(.put, self.path(ada), #"{"role":"admin"}"#, token: admin.token)
            #expect(answer.status == 200)
            #expect(answer.string("role") == "admin")
            #expect(shop.telemetry.logLines.contains { $0.contains("role changed") && $0.contains(admin.id) })
        }
    }

    @Test("Leaves at least one admin")
    func lastAdmin() async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            let refused = await shop.send(.put, self.path(admin), #"{"role":"customer"}"#, token: admin.token)
            #expect(refused.status == 409)
            #expect(refused.string("type") == "/problems/last-admin")
            #expect(await shop.send(.put, self.path(admin), #"{"role":"admin"}"#, token: admin.token).status == 200)
            let second = try await shop.admin("second@example.com")
            #expect(await shop.send(.put, self.path(admin), #"{"role":"customer"}"#, token: second.token).status == 200)
        }
    }

    @Test("Admins who demote one another at once still leave one")
    func concurrent() async throws {
        try await UserFixture.run { shop async throws in
            let first = try await shop.admin("first@example.com")
            let second = try await shop.admin("second@example.com")
            let statuses = await withTaskGroup(of: Int.self) { group in
                for (actor, victim) in [(first, second), (second, first)] {
                    group.addTask {
                        await shop.send(.put, self.path(victim), #"{"role":"customer"}"#, token: actor.token).status
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 403 || $0 == 409 }.count == 1)
        }
    }

    @Test("A token of an admin who is none any more raises nobody")
    func demotedActor() async throws {
        try await UserFixture.run { shop async throws in
            let first = try await shop.admin("first@example.com")
            let second = try await shop.admin("second@example.com")
            let ada = try await shop.person()
            #expect(await shop.send(.put, self.path(second), #"{"role":"customer"}"#, token: first.token).status == 200)
            #expect(await shop.send(.put, self.path(ada), #"{"role":"admin"}"#, token: second.token).status == 403)
        }
    }

    @Test("Takes the roles there are, for users there are")
    func invalid() async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            #expect(await shop.send(.put, self.path(admin), #"{"role":"owner"}"#, token: admin.token).status == 422)
            #expect(await shop.send(.put, self.path(admin), "{}", token: admin.token).errorFields == ["role"])
            #expect(await shop.send(.put, self.path(admin), #"{"role":1}"#, token: admin.token).status == 400)
            let nobody = "/api/v1/users/01900000-0000-7000-8000-000000000000/role"
            #expect(await shop.send(.put, nobody, #"{"role":"admin"}"#, token: admin.token).status == 404)
        }
    }
}
