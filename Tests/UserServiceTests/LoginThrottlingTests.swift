import HTTPCore
import TelemetryTesting
import Testing

@testable import UserService

@Suite("Throttling of logins")
struct LoginThrottlingTests {
    @Test("Ten wrong passwords close the account to that address until the window ends")
    func closes() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            for _ in 0..<10 {
                #expect(await shop.logIn("ada@example.com", password: "wrong-password").status == 401)
            }
            shop.clock.advance(by: .seconds(60))
            let refused = await shop.logIn("ada@example.com")
            #expect(refused.status == 429)
            #expect(refused.fields[.retryAfter] == "840")
            // The owner, somewhere else, is not locked out.
            #expect(await shop.logIn("ada@example.com", from: "198.51.100.7").status == 200)
            shop.clock.advance(by: .seconds(840))
            #expect(await shop.logIn("ada@example.com").status == 200)
            #expect(try shop.telemetry.value("shop_logins_total", ["outcome": "bad_credentials"]) == 10)
            #expect(try shop.telemetry.value("shop_logins_total", ["outcome": "throttled"]) == 1)
            #expect(try shop.telemetry.value("shop_logins_total", ["outcome": "success"]) == 2)
        }
    }

    @Test("An unknown account is throttled like a known one, however it is written")
    func unknownAccount() async throws {
        try await UserFixture.run(["VITRINE_LOGIN_ATTEMPTS_MAX": "2"]) { shop async throws in
            #expect(await shop.logIn("nobody@example.com").status == 401)
            #expect(await shop.logIn(" Nobody@EXAMPLE.com ").status == 401)
            #expect(await shop.logIn("nobody@example.com").status == 429)
        }
    }

    @Test("Trying many accounts from one address is throttled too")
    func address() async throws {
        let settings = ["VITRINE_LOGIN_ATTEMPTS_MAX": "2", "VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX": "5"]
        try await UserFixture.run(settings) { shop async throws in
            for index in 0..<5 { #expect(await shop.logIn("user\(index)@example.com").status == 401) }
            #expect(await shop.logIn("user9@example.com").status == 429)
            #expect(await shop.logIn("user9@example.com", from: "192.0.2.2").status == 401)
        }
    }

    @Test("Guesses side by side do not slip through")
    func concurrent() async throws {
        try await UserFixture.run { shop async throws in
            _ = await shop.register("ada@example.com")
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask { await shop.logIn("ada@example.com", password: "wrong-password").status }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count == 10)
            #expect(statuses.filter { $0 == 429 }.count == 30)
        }
    }

    @Test("A right password begins the count anew; signing in often is no offence")
    func success() async throws {
        try await UserFixture.run(["VITRINE_LOGIN_ATTEMPTS_MAX": "3"]) { shop async throws in
            _ = await shop.register("ada@example.com")
            for _ in 0..<4 {
                for _ in 0..<2 {
                    #expect(await shop.logIn("ada@example.com", password: "wrong-password").status == 401)
                }
                #expect(await shop.logIn("ada@example.com").status == 200)
            }
            for _ in 0..<10 { #expect(await shop.logIn("ada@example.com").status == 200) }
        }
    }

    @Test("The window is a setting")
    func window() async throws {
        let settings = ["VITRINE_LOGIN_ATTEMPTS_MAX": "1", "VITRINE_LOGIN_WINDOW": "30s"]
        try await UserFixture.run(settings) { shop async throws in
            #expect(await shop.logIn("nobody@example.com").status == 401)
            #expect(await shop.logIn("nobody@example.com").fields[.retryAfter] == "30")
            shop.clock.advance(by: .seconds(30))
            #expect(await shop.logIn("nobody@example.com").status == 401)
        }
    }

    @Test(
        "Counts the address the gateway saw, not one the client made up",
        arguments: [
            (nil, "192.0.2.1", "192.0.2.1"),
            ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "10.0.0.1", "20:1:d:b8:0:1:0:2/64"),
            ("2001:db8:1:2:ffff::1", "10.0.0.1", "20:1:d:b8:0:1:0:2/64"),
            ("::ffff:203.0.113.9", "10.0.0.1", "203.0.113.9"),
            ("", "10.0.0.1", "10.0.0.1"),
            (String(repeating: "x", count: 1_000), "10.0.0.1", "unknown"),
        ] as [(String?, String, String)])
    func clientAddress(_ forwarded: String?, _ peer: String, _ expected: String) {
        var request = HTTPRequest(.post, "/")
        request.remoteAddress = peer
        request.fields[.xForwardedFor] = forwarded
        #expect(ClientAddress.group(of: request) == expected)
    }
}
