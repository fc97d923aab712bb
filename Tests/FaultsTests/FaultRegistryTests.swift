import JSON
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Faults

@Suite("The faults of a process")
struct FaultRegistryTests {
    private let telemetry = TestTelemetry(serviceName: "product")
    private let registry: FaultRegistry

    init() {
        let telemetry = self.telemetry
        self.registry = FaultRegistry(
            service: "product", telemetry: telemetry.telemetry, now: { telemetry.monotonicNanoseconds },
            unixMicroseconds: { 1_767_323_045_000_000 })
    }

    @discardableResult
    private func set(_ json: String) throws -> ActiveFault {
        try self.registry.set(try FaultRequest(try #require(try JSONValue(parsing: json).object)))
    }

    private static let reset = #"{"id":"r","kind":"reset","point":"server","duration_seconds":30,"label":"try"}"#

    private func inject(_ span: ActiveSpan? = nil) -> [FaultInjection] {
        self.registry.inject(at: .server, FaultCall("GET /a", baggage: .empty), span: span)
    }

    private func active(_ kind: String) throws -> Double? {
        try self.telemetry.value("chaos_fault_active", ["fault": kind, "service": "product"])
    }

    @Test("Every kind has its series at zero from the start")
    func zero() throws {
        for kind in FaultKind.allCases {
            let labels = ["fault": kind.rawValue, "service": "product"]
            #expect(try self.telemetry.value("chaos_fault_active", labels) == 0)
            #expect(try self.telemetry.value("chaos_fault_injections_total", labels) == 0)
        }
        #expect(FaultPoint.allCases.allSatisfy { !self.registry.isActive(at: $0) })
        #expect(self.inject().isEmpty)
    }

    @Test("A fault says until when, is counted while it is set, and leaves a line")
    func setting() throws {
        let fault = try self.set(Self.reset)
        #expect(fault.endsAtUnixMicroseconds == 1_767_323_075_000_000)
        #expect(self.registry.isActive(at: .server))
        #expect(!self.registry.isActive(at: .client))
        #expect(try self.active("reset") == 1)
        let line = try JSONValue(parsing: try #require(self.telemetry.logLines.last))
        #expect(line["message"]?.string == "fault set")
        #expect(line["severity"]?.string == "WARN")
        #expect(line["shop.fault.id"]?.string == "r")
        #expect(line["shop.fault.label"]?.string == "try")
        #expect(line["shop.fault.duration_s"]?.double == 30)
    }

    @Test("An injection is counted and marked on the span of the call")
    func injecting() throws {
        try self.set(Self.reset)
        let span = self.telemetry.tracer.startSpan("call")
        #expect(self.inject(span).map(\.id) == ["r"])
        span.end()
        let event = try #require(self.telemetry.span(named: "call")?.events.first)
        #expect(event.name == "chaos.fault.injected")
        #expect(event.attributes == [.faultID("r"), .faultKind(.reset)])
        let labels = ["fault": "reset", "service": "product"]
        #expect(try self.telemetry.value("chaos_fault_injections_total", labels) == 1)
        #expect(self.registry.faults.map(\.injections) == [1])
    }

    @Test("A fault ends at its time without anybody's doing, and is taken out at the next look")
    func expiry() throws {
        try self.set(Self.reset)
        self.telemetry.advance(by: .seconds(30) - .nanoseconds(1))
        #expect(self.inject().count == 1)
        #expect(self.registry.expire().isEmpty)
        self.telemetry.advance(by: .nanoseconds(1))
        #expect(self.inject().isEmpty)
        #expect(self.registry.faults.isEmpty)
        #expect(!self.registry.isActive("r"))
        #expect(self.registry.expire().map(\.id) == ["r"])
        #expect(!self.registry.isActive(at: .server))
        #expect(try self.active("reset") == 0)
        let line = try JSONValue(parsing: try #require(self.telemetry.logLines.last))
        #expect(line["message"]?.string == "fault expired")
        #expect(line["shop.fault.injections"]?.int == 1)
        #expect(self.registry.clear("r") == nil)
    }

    @Test("Faults that are over make room for others")
    func room() throws {
        for _ in 0..<FaultTable.faultsMax {
            try self.set(#"{"kind":"reset","point":"server","duration_seconds":1}"#)
        }
        #expect(throws: FaultRefusal.full(limit: 64)) { try self.set(Self.reset) }
        self.telemetry.advance(by: .seconds(1))
        try self.set(Self.reset)
        #expect(self.registry.faults.map(\.id) == ["r"])
    }

    @Test("One is cleared by its id, and all at once")
    func clearing() throws {
        try self.set(Self.reset)
        try self.set(#"{"id":"h","kind":"hang","point":"client","upstream":"cart","duration_seconds":1}"#)
        try self.set(#"{"kind":"hang","point":"server","duration_seconds":1}"#)
        #expect(self.registry.clear("unknown") == nil)
        #expect(self.registry.clear("h")?.id == "h")
        #expect(!self.registry.isActive(at: .client))
        #expect(self.registry.clearAll().count == 2)
        #expect(self.registry.faults.isEmpty)
        #expect(FaultPoint.allCases.allSatisfy { !self.registry.isActive(at: $0) })
        #expect(self.telemetry.logLines.count { $0.contains("fault cleared") } == 3)
        #expect(try self.active("hang") == 0)
    }

    @Test("A fault without an id gets a short one of its own")
    func ids() throws {
        let json = #"{"kind":"reset","point":"server","duration_seconds":1}"#
        let ids = Set(try (0..<20).map { _ in try self.set(json).id })
        #expect(ids.count == 20)
        #expect(ids.allSatisfy { $0.count == 8 })
    }

    @Test("Faults can be set, met and cleared from many tasks at once")
    func concurrency() async throws {
        let request = try FaultRequest(try #require(try JSONValue(parsing: Self.reset).object))
        await withDiscardingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for round in 0..<200 {
                        _ = try? self.registry.set(request)
                        _ = self.inject()
                        if round.isMultiple(of: 3) { _ = self.registry.clearAll() }
                    }
                }
            }
        }
        _ = self.registry.clearAll()
        #expect(!self.registry.isActive(at: .server))
        #expect(try self.active("reset") == 0)
    }
}
