import HTTPEngine
import Testing

@testable import ServiceKit

@Suite("Settings of every process")
struct ProcessSettingsTests {
    private static let token = "sixteen-bytes-ok"

    private func settings(
        _ environment: [String: String], _ name: ServiceName = .cart, processors: Int = 4
    ) -> (settings: ProcessSettings, complaints: [String]) {
        let environment = ["INTERNAL_AUTH_TOKEN": Self.token].merging(environment) { $1 }
        let config = ConfigReader(environment)
        let settings = ProcessSettings(config: config, name: name, processors: processors)
        do throws(ConfigurationError) { try config.validate() } catch { return (settings, error.messages) }
        return (settings, [])
    }

    @Test("Only the internal token has to be set; the defaults are what .env.example says")
    func defaults() {
        let (settings, complaints) = self.settings([:])
        #expect(complaints.isEmpty)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.dataFolder == ".vitrine/data")
        #expect(settings.internalToken == Self.token)
        #expect(settings.drainTimeout == .seconds(8))
        #expect(settings.drainDelay == .zero)
        #expect(settings.requestTimeout == .seconds(10))
        #expect(settings.server.connectionsMax == 10_000)
        #expect(settings.server.idleTimeout == .seconds(75))
        #expect(settings.server.headTimeout == .seconds(10))
        #expect(settings.server.bodyTimeout == .seconds(10))
        #expect(settings.server.writeTimeout == .seconds(30))
        #expect(settings.server.bodyBytesMax == 8 << 20)
    }

    @Test(
        "Each service has ports of its own, the admin listener 1000 above",
        arguments: zip(ServiceName.allCases, [8000, 8001, 8002, 8003, 8004]))
    func ports(name: ServiceName, port: Int) {
        let (settings, _) = self.settings([:], name)
        #expect(settings.port == port)
        #expect(settings.adminPort == port + 1000)
        #expect(name.addressVariable == "VITRINE_\(name.rawValue.uppercased())_URL")
    }

    @Test(
        "There is an event loop for each processor, up to 16", arguments: [(0, 1), (1, 1), (2, 2), (16, 16), (64, 16)])
    func loops(processors: Int, expected: Int) {
        #expect(self.settings([:], processors: processors).settings.loops == expected)
    }

    @Test("What is set is used")
    func given() {
        let (settings, complaints) = self.settings([
            "VITRINE_HOST": "::1", "VITRINE_PORT": "0", "VITRINE_ADMIN_PORT": "65535", "VITRINE_LOOPS": "64",
            "VITRINE_DATA": "/srv/data", "VITRINE_DRAIN_TIMEOUT": "0s", "VITRINE_DRAIN_DELAY": "5s",
            "VITRINE_REQUEST_TIMEOUT": "1ms", "VITRINE_CONNECTIONS_MAX": "1", "VITRINE_IDLE_TIMEOUT": "10ms",
            "VITRINE_HEAD_TIMEOUT": "11ms", "VITRINE_BODY_TIMEOUT": "12ms", "VITRINE_WRITE_TIMEOUT": "1h",
            "VITRINE_BODY_BYTES_MAX": "1024",
        ])
        #expect(complaints.isEmpty)
        #expect(settings.host == "::1")
        #expect(settings.port == 0)
        #expect(settings.adminPort == 65_535)
        #expect(settings.loops == 64)
        #expect(settings.dataFolder == "/srv/data")
        #expect(settings.drainTimeout == .zero)
        #expect(settings.drainDelay == .seconds(5))
        #expect(settings.requestTimeout == .milliseconds(1))
        #expect(settings.server.connectionsMax == 1)
        #expect(settings.server.idleTimeout == .milliseconds(10))
        #expect(settings.server.headTimeout == .milliseconds(11))
        #expect(settings.server.bodyTimeout == .milliseconds(12))
        #expect(settings.server.writeTimeout == .seconds(3_600))
        #expect(settings.server.bodyBytesMax == 1_024)
    }

    @Test(
        "A value that cannot work stops the start, by its name",
        arguments: [
            ("VITRINE_HOST", "localhost"), ("VITRINE_HOST", "300.0.0.1"), ("VITRINE_PORT", "65536"),
            ("VITRINE_PORT", "-1"), ("VITRINE_ADMIN_PORT", "http"), ("VITRINE_LOOPS", "0"), ("VITRINE_LOOPS", "65"),
            ("INTERNAL_AUTH_TOKEN", ""), ("INTERNAL_AUTH_TOKEN", "fifteen-bytes-x"), ("VITRINE_DRAIN_TIMEOUT", "8"),
            ("VITRINE_DRAIN_TIMEOUT", "601s"), ("VITRINE_DRAIN_DELAY", "-1s"), ("VITRINE_REQUEST_TIMEOUT", "0ms"),
            ("VITRINE_REQUEST_TIMEOUT", "61m"), ("VITRINE_CONNECTIONS_MAX", "0"), ("VITRINE_IDLE_TIMEOUT", "9ms"),
            ("VITRINE_HEAD_TIMEOUT", "0s"), ("VITRINE_BODY_TIMEOUT", "2h"), ("VITRINE_WRITE_TIMEOUT", "never"),
            ("VITRINE_BODY_BYTES_MAX", "1023"), ("VITRINE_BODY_BYTES_MAX", "1073741825"),
        ])
    func refusals(name: String, value: String) {
        let (_, complaints) = self.settings([name: value])
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasPrefix("\(name): ") == true)
    }

    @Test("The complaint about the internal token does not show it")
    func keepsTheSecret() {
        let (_, complaints) = self.settings(["INTERNAL_AUTH_TOKEN": "short-secret"])
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("short-secret") == false)
    }
}
