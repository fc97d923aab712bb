import HTTPCore
import JSON
import Routing
import Telemetry
import TelemetryTesting
import Testing

@testable import HTTPEngine
@testable import ServiceKit

@Suite("What a listener tells of peers that never made a request")
struct ListenerObserverTests {
    private let telemetry = TestTelemetry()
    private let observer: ListenerObserver

    init() { self.observer = ListenerObserver(telemetry: self.telemetry.telemetry) }

    private func refused(_ reason: String) throws -> Double? {
        try self.telemetry.value("shop_http_server_refused_messages_total", ["reason": reason])
    }

    @Test("A refused message is answered with a problem, counted by its reason, and logged without the peer's address")
    func message() async throws {
        for _ in 0..<2 {
            let response = self.observer.messageRefused(.contentTooLarge(10), remoteAddress: "203.0.113.9")
            #expect(response.status == .contentTooLarge)
            #expect(response.fields[.contentType] == "application/problem+json")
            #expect(try await response.object()["detail"]?.string == "The body is larger than 10 bytes.")
            #expect(try await response.object()["trace_id"] == nil)
        }
        #expect(try self.refused("contentTooLarge") == 2)
        #expect(self.telemetry.logLines.count == 2)
        #expect(self.telemetry.logLines.allSatisfy { !$0.contains("203.0.113.9") })
        #expect(self.telemetry.finishedSpans.isEmpty)
    }

    @Test("A refused connection is counted, and a warning")
    func connection() throws {
        self.observer.connectionRefused("too many open files")
        #expect(try self.telemetry.value("shop_http_server_refused_connections_total") == 1)
        let line = try JSONValue(parsing: self.telemetry.logLines.first ?? "")
        #expect(line["severity"]?.string == "WARN")
        #expect(line["error.message"]?.string == "too many open files")
    }

    @Test("A peer that was too slow is counted by what it was slow at")
    func slowPeer() throws {
        for phase: StaticString in ["head", "head", "body", "write"] {
            self.observer.peerTimedOut(phase, remoteAddress: "203.0.113.9")
        }
        #expect(try self.refused("slow head") == 2)
        #expect(try self.refused("slow body") == 1)
        #expect(try self.refused("slow write") == 1)
        #expect(self.telemetry.logLines.allSatisfy { !$0.contains("203.0.113.9") })
    }

    @Test("Nothing refused is zero from the start")
    func zero() throws {
        #expect(try self.telemetry.value("shop_http_server_refused_connections_total") == 0)
    }
}
