import ServiceKit
import TelemetryTesting
import Testing

@testable import UserService

@Suite("Upkeep")
struct UpkeepTests {
    @Test("Expired sessions and spent tokens are forgotten")
    func prunes() async throws {
        try await UserFixture.run { shop async throws in
            let person = try await shop.person()
            _ = try await shop.signedIn(person.email)
            var token = person.refreshToken
            for _ in 0..<3 {
                shop.clock.advance(by: .seconds(86_400))
                token = await shop.refresh(token).string("refresh_token")
            }
            #expect(try await shop.rowCount("token_families") == 2)
            #expect(try await shop.rowCount("refresh_tokens") == 5)
            shop.clock.advance(by: .seconds(27 * 86_400))
            await shop.service.maintain()
            // The other session has expired, and so has the first token of this one.
            #expect(try await shop.rowCount("token_families") == 1)
            #expect(try await shop.rowCount("refresh_tokens") == 3)
            #expect(await shop.refresh(token).status == 200)
            shop.clock.advance(by: .seconds(31 * 86_400))
            await shop.service.maintain()
            #expect(try await shop.rowCount("token_families") == 0)
            #expect(try await shop.rowCount("refresh_tokens") == 0)
        }
    }

    @Test("A failing store is logged, and the service goes on")
    func failure() async throws {
        try await UserFixture.run { shop async throws in
            await shop.service.close()
            await shop.service.maintain()
            #expect(shop.telemetry.logLines.contains { $0.contains("expired sessions not removed") })
            var problems: [String] = []
            for check in shop.service.readiness { if await check.check() != nil { problems.append(check.name) } }
            #expect(problems == ["database"])
        }
    }

    @Test("Is ready when the store answers and a key is there")
    func ready() async throws {
        try await UserFixture.run { shop async throws in
            for check in shop.service.readiness { #expect(await check.check() == nil) }
        }
    }

    @Test("Ends when it is cancelled")
    func cancelled() async throws {
        try await UserFixture.run { shop async throws in
            let task = Task { await shop.service.run() }
            task.cancel()
            await task.value
        }
    }
}
