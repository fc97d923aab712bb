import Faults
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Routing
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Faults of requests", .timeLimit(.minutes(1)))
struct ServerFaultTests {
    @Test("A delayed request takes that long, and others do not wait with it")
    func latency() async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(#""kind":"latency","point":"server","route":"/things*","latency_ms":150"#)
            let taken = try await duration { () async throws in
                #expect(try await service.get("/things/1").text == FaultyShop.body)
            }
            #expect(taken >= .milliseconds(150))
            #expect(try await service.get("/others").status == 200)
            #expect(try await service.injections(id) == 1)
        }
    }

    @Test("A failing request is answered with the status and the time that were set")
    func error() async throws {
        try await withFaultyService { service async throws in
            try await service.set(
                #""kind":"error","point":"server","route":"GET /others","status":429,"retry_after_seconds":7"#)
            let answer = try await service.get("/others")
            #expect(answer.status == 429)
            #expect(answer.fields[.retryAfter] == "7")
            #expect(answer.fields[.contentType] == "application/problem+json")
            #expect(answer.text.contains("/problems/fault-injected"))
            try await service.set(#""kind":"error","point":"server","route":"/things/{id}""#)
            #expect(try await service.get("/things/1").status == 503)
            #expect(try await service.get("/nothing").status == 204)
        }
    }

    @Test("A request that hangs is let go at its deadline")
    func hang() async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"hang","point":"server","route":"/others""#)
            let taken = try await duration { () async throws in
                #expect(try await service.get("/others", timeout: 120).status == 504)
            }
            #expect(taken >= .milliseconds(120))
        }
    }

    @Test("A request that hangs goes on when the fault is cleared")
    func hangCleared() async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(#""kind":"hang","point":"server","route":"/others""#)
            async let answer = service.get("/others")
            while try await service.injections(id) != 1 { try Task.checkCancellation() }
            #expect(try await service.faults(.delete).json["cleared"]?.int == 1)
            #expect(try await answer.status == 200)
        }
    }

    @Test("A connection that is reset ends in an error, before a byte of an answer")
    func reset() async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"reset","point":"server","route":"/others""#)
            #expect(try await service.failure("/others") == "connection_lost")
            #expect(try await service.get("/things/1").status == 200)
        }
    }

    @Test("A truncated answer names its whole length, and breaks off with an error", arguments: [0, 10, 1_000])
    func truncate(after: Int) async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"truncate","point":"server","after_bytes":\#(after)"#)
            let (text, error) = try await RawExchange.get("/others", port: service.shop.address.port)
            #expect(error == ECONNRESET)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            #expect(parts.first?.hasPrefix("HTTP/1.1 200 OK") == true)
            #expect(parts.first?.contains("content-length: 100") == true)
            #expect(parts.last ?? "" == FaultyShop.body.prefix(min(after, 99)))
        }
    }

    @Test("A truncated answer of unknown length misses its end; one without a body is broken off whole")
    func truncateOthers() async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"truncate","point":"server","after_bytes":1000"#)
            #expect(try await service.failure("/chunks") == "connection_lost")
            #expect(try await service.failure("/nothing") == "connection_lost")
        }
    }

    @Test("A slow body comes whole, and slowly")
    func slowBody() async throws {
        try await withFaultyService { service async throws in
            try await service.set(
                #""kind":"slow_body","point":"server","route":"/others","bytes_per_second":200"#)
            let taken = try await duration { () async throws in
                #expect(try await service.get("/others").text == FaultyShop.body)
            }
            // Five pieces of 20 bytes, the first one at once.
            #expect(taken >= .milliseconds(400))
        }
    }

    @Test("Health and metrics meet no faults, on either port")
    func exempt() async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"reset","point":"server""#)
            try await service.set(#""kind":"error","point":"database""#)
            for path in ["/health", "/health/live", "/health/ready"] {
                #expect(try await service.get(path).status == 200, "\(path)")
                #expect(try await service.faults(.get, path).status == 200, "\(path)")
            }
            #expect(try await service.scrape().families["chaos_fault_active"] != nil)
            #expect(try await service.failure("/others") == "connection_lost")
        }
    }

    @Test("A fault for one person's baggage hits that person alone, also behind the next hop")
    func baggage() async throws {
        try await withFaultyService { service async throws in
            let scope = #""baggage":{"key":"shop.chaos","value":"alice"}"#
            try await service.set(#""kind":"error","point":"server","route":"/others",\#(scope)"#)
            #expect(try await service.get("/others", baggage: "shop.chaos=alice").status == 503)
            #expect(try await service.get("/others", baggage: "shop.chaos=bob").status == 200)
            #expect(try await service.get("/others").status == 200)
            try await service.set(#""kind":"error","point":"server","status":501,\#(scope)"#, ofNeighbour: true)
            #expect(try await service.get("/through", baggage: "shop.chaos=alice").status == 501)
            #expect(try await service.get("/through", baggage: "shop.chaos=bob").status == 200)
        }
    }

    @Test("The span of a request says which fault hit it")
    func spanEvent() async throws {
        let telemetry = TestTelemetry()
        let registry = FaultyService.registry(telemetry)
        let fixture = PipelineFixture(telemetry: telemetry, faults: FaultInjector(registry)) { routes in
            routes.get("/a") { _, _ in .noContent }
        }
        let fault = try registry.set(.parsed(#"{"kind":"error","point":"server","duration_seconds":1,"status":500}"#))
        #expect(await fixture.send(.get, "/a").status == 500)
        let span = try fixture.span
        #expect(span.events.map(\.name) == ["chaos.fault.injected"])
        #expect(span.events.first?.attributes.first?.value == .string(fault.id))
        let line = try JSONValue(parsing: try #require(telemetry.logLines.last))
        #expect(line["error.type"]?.string == "fault-injected")
        #expect(await fixture.send(.get, "/unknown").status == 404)
        telemetry.advance(by: .seconds(1))
        #expect(await fixture.send(.get, "/a").status == 204)
    }
}
