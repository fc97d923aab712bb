import HTTPCore
import HTTPEngine
import JSON
import Telemetry
import TelemetryTesting
import Testing

@testable import Faults
@testable import ServiceKit

extension FaultRequest {
    static func parsed(_ json: String) throws -> FaultRequest {
        try FaultRequest(try #require(try JSONValue(parsing: json).object))
    }
}

@Suite("Faults of calls of an upstream", .timeLimit(.minutes(1)))
struct ClientFaultTests {
    private static let scope = #""point":"client","upstream":"cart","route":"GET /things/{id}""#

    @Test("A call that is refused, answered for, reset or late looks to the caller as a real one would")
    func failures() async throws {
        try await withFaultyService { service async throws in
            func status(_ json: String, timeout: Int? = nil) async throws -> Int {
                let id = try await service.set("\(Self.scope),\(json)")
                let status = try await service.get("/through", timeout: timeout).status
                #expect(try await service.injections(id) == 1)
                _ = try await service.faults(.delete)
                return status
            }
            #expect(try await status(#""kind":"error""#) == 503)
            #expect(try await status(#""kind":"error","status":418"#) == 418)
            #expect(try await status(#""kind":"reset""#) == 503)
            #expect(try await status(#""kind":"hang""#, timeout: 100) == 504)
            #expect(try await status(#""kind":"latency","latency_ms":5000"#, timeout: 100) == 504)
            let taken = try await duration { () async throws in
                #expect(try await status(#""kind":"latency","latency_ms":120"#) == 200)
            }
            #expect(taken >= .milliseconds(120))
            #expect(try await service.get("/through").text == "neighbour")
        }
    }

    @Test("The calls of other upstreams are spared")
    func others() async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(#""kind":"error","point":"client","upstream":"order""#)
            #expect(try await service.get("/through").status == 200)
            #expect(try await service.injections(id) == 0)
        }
    }

    // MARK: What the client says of it

    private let telemetry = TestTelemetry()
    private let transport = ScriptedTransport()

    private func client() -> (UpstreamClient, FaultRegistry) {
        let registry = FaultyService.registry(self.telemetry)
        let client = UpstreamClient(
            name: .cart, transport: self.transport, serverAddress: "10.0.0.7", serverPort: 8002,
            internalToken: "token", telemetry: self.telemetry.telemetry, faults: FaultInjector(registry))
        return (client, registry)
    }

    private func set(_ registry: FaultRegistry, _ json: String) throws {
        _ = try registry.set(
            .parsed(#"{"id":"f","point":"client","upstream":"cart","duration_seconds":1,\#(json)}"#))
    }

    @Test(
        "The span has the error that a real failure would leave, and the fault's mark",
        arguments: [
            (#""kind":"error""#, "connect_failed", true), (#""kind":"reset""#, "connection_lost", false),
            (#""kind":"hang""#, "timeout", false),
        ])
    func spans(json: String, type: String, isUnsent: Bool) async throws {
        let (client, registry) = self.client()
        try self.set(registry, json)
        let error = await #expect(throws: UpstreamError.self) {
            _ = try await client.send(HTTPRequest(.get, "/a"), deadline: .after(.milliseconds(50)))
        }
        #expect(error?.errorType == type)
        #expect(error?.requestWasNotSent == isUnsent)
        #expect(self.transport.requests.isEmpty)
        let span = try #require(self.telemetry.finishedSpans.first)
        #expect(span.attributes.contains(.errorType(type)))
        #expect(span.events.map(\.name) == ["chaos.fault.injected"])
    }

    @Test("An answer in the upstream's place has the status, and no call is made")
    func answer() async throws {
        let (client, registry) = self.client()
        try self.set(registry, #""kind":"error","status":502"#)
        #expect(try await client.send(HTTPRequest(.get, "/a"), deadline: .distantFuture).status == .badGateway)
        #expect(self.transport.requests.isEmpty)
        self.telemetry.advance(by: .seconds(1))
        #expect(try await client.send(HTTPRequest(.get, "/a"), deadline: .distantFuture).status == .noContent)
    }

    @Test("Calls that make no spans, such as probes, meet no faults")
    func suppressed() async throws {
        let (client, registry) = self.client()
        try self.set(registry, #""kind":"reset""#)
        let response = try await TelemetryContext.$current.withValue(TelemetryContext(isSuppressed: true)) {
            try await client.send(HTTPRequest(.get, "/a"), deadline: .distantFuture)
        }
        #expect(response.status == .noContent)
    }
}
