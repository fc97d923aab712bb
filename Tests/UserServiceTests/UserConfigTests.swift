import ServiceKit
import ServiceTesting
import TelemetryTesting
import Testing

@testable import UserService

@Suite("Settings of the user service")
struct UserConfigTests {
    private func errors(_ environment: [String: String]) -> [String] {
        let reader = ConfigReader(environment)
        _ = UserConfig(reader)
        do throws(ConfigurationError) { try reader.validate() } catch { return error.messages }
        return []
    }

    @Test("Have safe defaults")
    func defaults() {
        let config = UserConfig(ConfigReader([:]))
        #expect(config.bcryptCost == 12)
        #expect(config.loginAttemptsMax == 10)
        #expect(config.loginAddressAttemptsMax == 100)
        #expect(config.loginWindow == .seconds(900))
        #expect(config.accessTokenLifetime == .seconds(900))
        #expect(config.refreshTokenLifetime == .seconds(30 * 86_400))
        #expect(config.sessionsPerUserMax == 20)
        #expect(config.signingKeyRotation == .seconds(30 * 86_400))
    }

    @Test("A cheap bcrypt is for the lab only")
    func cost() {
        #expect(self.errors(["VITRINE_BCRYPT_COST": "9"]).count == 1)
        #expect(self.errors(["VITRINE_BCRYPT_COST": "9", "VITRINE_LAB": "1"]).isEmpty)
        #expect(self.errors(["VITRINE_BCRYPT_COST": "10"]).isEmpty)
        #expect(self.errors(["VITRINE_BCRYPT_COST": "3", "VITRINE_LAB": "1"]).count == 1)
        #expect(self.errors(["VITRINE_BCRYPT_COST": "17"]).count == 1)
    }

    @Test("The bound of an address follows that of an account")
    func addressBound() {
        #expect(UserConfig(ConfigReader(["VITRINE_LOGIN_ATTEMPTS_MAX": "7"])).loginAddressAttemptsMax == 70)
        let most = UserConfig(ConfigReader(["VITRINE_LOGIN_ATTEMPTS_MAX": "1000000000"]))
        #expect(most.loginAddressAttemptsMax == 1_000_000_000)
    }

    @Test(
        "A wrong value is one clear line",
        arguments: [
            ("VITRINE_LOGIN_ATTEMPTS_MAX", "0"), ("VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX", "many"),
            ("VITRINE_LOGIN_WINDOW", "15"), ("VITRINE_LOGIN_WINDOW", "2d"), ("VITRINE_ACCESS_TOKEN_LIFETIME", "2h"),
            ("VITRINE_REFRESH_TOKEN_LIFETIME", "1m"), ("VITRINE_SESSIONS_PER_USER_MAX", "0"),
            ("VITRINE_SIGNING_KEY_ROTATION", "1m"), ("VITRINE_LAB", "perhaps"),
        ])
    func wrong(_ name: String, _ value: String) {
        let errors = self.errors([name: value, "VITRINE_BCRYPT_COST": name == "VITRINE_LAB" ? "10" : "12"])
        if name == "VITRINE_LAB" {
            #expect(errors.isEmpty)
        } else {
            #expect(errors.count == 1 && errors[0].hasPrefix("\(name): "))
        }
    }

    @Test("A wrong value stops the start before a file is made")
    func stopsStart() async throws {
        try await UserFixture.onPlatform(["VITRINE_LOGIN_WINDOW": "soon"]) { base async throws in
            await #expect(throws: ConfigurationError.self) { _ = try await UserService(platform: base.platform) }
            #expect(try FileList.names(in: base.folder.path).isEmpty)
        }
    }
}
