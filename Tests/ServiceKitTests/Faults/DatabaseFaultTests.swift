import HTTPCore
import JSON
import Synchronization
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Faults of the database", .timeLimit(.minutes(1)))
struct DatabaseFaultTests {
    @Test("A slow database slows what uses it, by any way", arguments: ["/read", "/read/thread", "/write"])
    func latency(path: String) async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(#""kind":"latency","point":"database","latency_ms":120"#)
            let taken = try await duration { () async throws in #expect(try await service.get(path).status < 300) }
            #expect(taken >= .milliseconds(120))
            #expect(try await service.injections(id) == 1)
            let labels = ["db_system_name": "sqlite", "db_namespace": "things", "error_type": ""]
            let seconds = try await service.scrape().series("db_client_operation_duration_seconds_sum").filter {
                sample in labels.allSatisfy { sample.labels[$0.key] ?? "" == $0.value }
            }.reduce(0) { $0 + $1.value }
            #expect(seconds >= 0.12)
        }
    }

    @Test("A slow database does not hold up the loop: others are answered in the meantime")
    func loop() async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(#""kind":"latency","point":"database","latency_ms":400"#)
            let isDone = Flag()
            async let slow = self.status("/read", of: service, then: isDone)
            while try await service.injections(id) != 1 { try Task.checkCancellation() }
            // One loop serves both.
            for _ in 0..<5 { #expect(try await service.get("/others").status == 200) }
            #expect(!isDone.isSet)
            #expect(try await slow == 200)
        }
    }

    private func status(_ path: String, of service: FaultyService, then flag: Flag) async throws -> Int {
        let status = try await service.get(path).status
        flag.set()
        return status
    }

    private final class Flag: Sendable {
        private let state = Atomic<Bool>(false)
        var isSet: Bool { self.state.load(ordering: .acquiring) }
        func set() { self.state.store(true, ordering: .releasing) }
    }

    @Test("A database that fails is answered for with 503", arguments: ["/read", "/read/thread", "/write"])
    func error(path: String) async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"error","point":"database","route":"SELECT things""#)
            try await service.set(#""kind":"error","point":"database","route":"UPDATE things""#)
            let answer = try await service.get(path)
            #expect(answer.status == 503)
            #expect(answer.text.contains("store-busy"))
            #expect(try await service.get("/others").status == 200)
        }
    }

    @Test("An operation that is named is hit, and no other")
    func route() async throws {
        try await withFaultyService { service async throws in
            try await service.set(#""kind":"error","point":"database","route":"UPDATE*""#)
            #expect(try await service.get("/read").status == 200)
            #expect(try await service.get("/write").status == 503)
        }
    }
}
