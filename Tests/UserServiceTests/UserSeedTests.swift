import HTTPCore
import Routing
import ServiceTesting
import Testing

@testable import UserService

@Suite("Seeding accounts")
struct UserSeedTests {
    @Test("Creates the lab's admin and customer once")
    func idempotent() async throws {
        try await UserFixture.run { shop async throws in
            let seed = UserSeed(UserSeed.lab)
            #expect(try await seed.run(shop.platform) == UserSeed.Summary(created: 2, existing: 0))
            #expect(try await seed.run(shop.platform) == UserSeed.Summary(created: 0, existing: 2))
            let admin = try await shop.signedIn("admin@vitrine.dev", password: "admin-password")
            let demo = try await shop.signedIn("demo@vitrine.dev", password: "demo-password")
            #expect(await shop.send(.get, "/api/v1/users", token: admin.token)["total"].integer == 2)
            #expect(await shop.send(.get, "/api/v1/users", token: demo.token).status == 403)
        }
    }

    @Test("Leaves an account alone that somebody registered before")
    func existing() async throws {
        try await UserFixture.run { shop async throws in
            _ = try await shop.person("admin@vitrine.dev")
            #expect(try await UserSeed(UserSeed.lab).run(shop.platform).existing == 1)
            let squatter = try await shop.signedIn("admin@vitrine.dev")
            #expect(await shop.send(.get, "/api/v1/users", token: squatter.token).status == 403)
            #expect(await shop.logIn("admin@vitrine.dev", password: "admin-password").status == 401)
        }
    }

    @Test("Refuses what could not be registered either")
    func invalid() async throws {
        try await UserFixture.onPlatform { base async throws in
            let platform = base.platform
            await #expect(throws: UserSeedError.self) {
                try await UserSeed([.init(email: "nobody", password: "long-enough", role: .customer)]).run(platform)
            }
            await #expect(throws: UserSeedError.self) {
                try await UserSeed([.init(email: "a@b.co", password: "short", role: .customer)]).run(platform)
            }
        }
    }
}
