import HTTPCore
import JSON
import Testing

@testable import UserService

@Suite("GET /api/v1/users")
struct UserListTests {
    @Test("Is for admins")
    func access() async throws {
        try await UserFixture.run { shop async throws in
            let ada = try await shop.person()
            #expect(await shop.send(.get, "/api/v1/users").status == 401)
            #expect(await shop.send(.get, "/api/v1/users", token: ada.token).status == 403)
        }
    }

    @Test("Pages newest first, by number and by cursor alike")
    func pages() async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            for index in 1...5 { #expect(await shop.register("user\(index)@example.com").status == 201) }
            func emails(_ answer: Answer) -> [String] { answer["items"].elements.compactMap { $0.at("email").text } }
            let first = await shop.send(.get, "/api/v1/users?limit=4", token: admin.token)
            #expect(emails(first) == (2...5).reversed().map { "user\($0)@example.com" })
            #expect(first["page"].integer == 1 && first["limit"].integer == 4 && first["total"].integer == 6)
            let second = await shop.send(.get, "/api/v1/users?limit=4&page=2", token: admin.token)
            #expect(emails(second) == ["user1@example.com", "root@example.com"])
            #expect(second["next_cursor"] == .null)
            let cursor = first.string("next_cursor")
            let next = await shop.send(.get, "/api/v1/users?limit=4&cursor=\(cursor)", token: admin.token)
            #expect(emails(next) == emails(second))
            let beyond = await shop.send(.get, "/api/v1/users?page=1000000&limit=100", token: admin.token)
            #expect(emails(beyond).isEmpty && beyond["total"].integer == 6)
            #expect(!first.text.contains("$2b$"))
        }
    }

    @Test("Searches addresses and names, with wildcards as letters")
    func search() async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            _ = await shop.register("ada_b@example.com")
            _ = await shop.register("adaxb@example.com")
            let body = #"{"email":"c@example.com","password":"correct-horse","last_name":"100% Babbage"}"#
            _ = await shop.send(.post, "/api/v1/auth/register", body)
            let found = ["ADA": 2, "a_b": 1, "100%25": 1, "babb": 1, "%25": 1, "zzz": 0, "": 4]
            for (query, count) in found {
                let answer = await shop.send(.get, "/api/v1/users?q=\(query)", token: admin.token)
                #expect(answer["total"].integer == count, "\(query)")
                #expect(answer["items"].elements.count == count, "\(query)")
            }
        }
    }

    @Test(
        "Refuses parameters out of range",
        arguments: [
            "page=0", "page=1000001", "limit=0", "limit=101", "page=x", "cursor=x",
            "cursor=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "q=" + String(repeating: "q", count: 101),
        ])
    func invalid(_ query: String) async throws {
        try await UserFixture.run { shop async throws in
            let admin = try await shop.admin()
            let answer = await shop.send(.get, "/api/v1/users?\(query)", token: admin.token)
            #expect(answer.status == 400)
            #expect(answer.errorFields.count == 1)
        }
    }
}
