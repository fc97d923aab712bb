import HTTPCore
import JSON
import Routing
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Health probes")
struct HealthStateTests {
    private let health = HealthState(service: "order", version: "1.2.3")
    private let fixture: PipelineFixture

    init() {
        let health = self.health
        self.fixture = PipelineFixture(internalToken: PipelineFixture.internalToken) { health.register(on: &$0) }
    }

    private func probe(_ path: String = "/health/ready") async throws -> (status: Int, body: JSONObject) {
        let response = await self.fixture.send(.get, path)
        #expect(response.fields[.cacheControl] == "no-store")
        return (response.status.code, try await response.object())
    }

    private static let fine = ReadinessCheck("database") { nil }
    private static let broken = ReadinessCheck("database") { "disk full" }
    private static let absent = ReadinessCheck("product", isRequired: false) { "cannot be reached" }

    @Test("A process lives in every phase; it is ready only while it serves")
    func phases() async throws {
        func expect(ready: Int, phase: String?) async throws {
            #expect(try await self.probe("/health/live").status == 200)
            for path in ["/health", "/health/ready"] {
                let (status, body) = try await self.probe(path)
                #expect(status == ready)
                #expect(body["checks"]?.array?.first?["detail"]?.string == phase)
            }
        }
        try await expect(ready: 503, phase: "starting")
        self.health.beginServing([])
        try await expect(ready: 200, phase: nil)
        self.health.beginDraining()
        try await expect(ready: 503, phase: "draining")
    }

    @Test("The answer says who answers, for how long it has run, and what each check found")
    func answer() async throws {
        self.health.beginServing([Self.fine, Self.absent])
        let (_, body) = try await self.probe()
        #expect(body.keys == ["status", "service", "version", "uptime_seconds", "checks"])
        #expect(body["service"]?.string == "order")
        #expect(body["version"]?.string == "1.2.3")
        #expect((body["uptime_seconds"]?.int ?? -1) >= 0)
        let checks = try #require(body["checks"]?.array)
        #expect(checks.map { $0["name"]?.string } == ["database", "product"])
        #expect(checks.map { $0["status"]?.string } == ["ok", "degraded"])
        #expect(checks[1]["detail"]?.string == "cannot be reached")
    }

    @Test("What is required makes the service unavailable, what is not makes it degraded and keeps it ready")
    func degrees() async throws {
        for (checks, status, word) in [
            ([Self.fine], 200, "ok"), ([Self.fine, Self.absent], 200, "degraded"), ([Self.broken], 503, "unavailable"),
            ([Self.absent, Self.broken], 503, "unavailable"),
        ] {
            self.health.beginServing(checks)
            let answer = try await self.probe()
            #expect(answer.status == status)
            #expect(answer.body["status"]?.string == word)
        }
    }

    @Test("While draining the checks are not asked any more: their owners may be closing")
    func drainingAsksNothing() async throws {
        self.health.beginServing([
            ReadinessCheck("database") {
                Issue.record("asked while draining")
                return nil
            }
        ])
        self.health.beginDraining()
        #expect(try await self.probe().status == 503)
    }

    @Test("Probes leave nothing in the telemetry")
    func unobserved() async throws {
        for path in ["/health", "/health/live", "/health/ready"] { _ = try await self.probe(path) }
        #expect(self.fixture.telemetry.finishedSpans.isEmpty)
        #expect(self.fixture.telemetry.logLines.isEmpty)
        #expect(try self.fixture.durations.isEmpty)
    }
}
