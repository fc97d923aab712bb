import HTTPCore
import JSON
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The admin port's faults", .timeLimit(.minutes(1)))
struct FaultRoutesTests {
    private static let reset = #""kind":"reset","point":"server","route":"/others""#

    @Test("Fault injection is off unless it is switched on, and leaves no metrics then", arguments: [nil, false])
    func disabled(setting: Bool?) async throws {
        try await withFaultyService(faults: setting) { service async throws in
            let list = try await service.faults(.get)
            #expect(list.status == 200)
            #expect(list.json["enabled"]?.bool == false)
            #expect(list.json["service"]?.string == "product")
            #expect(list.json["faults"]?.array?.isEmpty == true)
            for (method, path) in [(HTTPMethod.post, "/faults"), (.delete, "/faults"), (.delete, "/faults/x")] {
                let answer = try await service.faults(method, path, #"{"duration_seconds":1,\#(Self.reset)}"#)
                #expect(answer.status == 409)
                #expect(answer.json["type"]?.string == "/problems/faults-disabled")
            }
            #expect(try await service.scrape().families.keys.allSatisfy { !$0.hasPrefix("chaos_") })
            #expect(try await service.get("/others").status == 200)
        }
    }

    @Test("Whoever lacks the internal token may look and change nothing", arguments: [nil, "", "not-the-token"])
    func token(token: String?) async throws {
        try await withFaultyService { service async throws in
            let id = try await service.set(Self.reset)
            #expect(try await service.faults(.get, token: token).json["faults"]?.array?.count == 1)
            for (method, path) in [(HTTPMethod.post, "/faults"), (.delete, "/faults"), (.delete, "/faults/\(id)")] {
                let answer = try await service.faults(
                    method, path, token: token, #"{"duration_seconds":1,\#(Self.reset)}"#)
                #expect(answer.status == 403)
            }
            #expect(try await service.faults(.get).json["faults"]?.array?.count == 1)
        }
    }

    @Test("A fault is set, listed, replaced and cleared; its metrics follow")
    func life() async throws {
        try await withFaultyService { service async throws in
            func active() async throws -> Double? {
                try await service.scrape().value("chaos_fault_active", ["fault": "error", "service": "product"])
            }
            #expect(try await active() == 0)
            let body =
                #"{"id":"mine","kind":"error","point":"server","route":"/others","status":500,"percentage":10,"#
                + #""duration_seconds":20,"label":"first"}"#
            let set = try await service.faults(.post, "/faults", body)
            #expect(set.status == 201)
            #expect(set.json["id"]?.string == "mine")
            #expect(set.json["label"]?.string == "first")
            #expect(set.json["injections"]?.int == 0)
            let left = try #require(set.json["remaining_seconds"]?.double)
            #expect(left > 10 && left <= 20)
            #expect(RFC3339.parse(set.json["active_until"]?.string ?? "") != nil)
            #expect(try await active() == 1)
            let raised = body.replacing("10,", with: "100,")
            #expect(try await service.faults(.post, "/faults", raised).status == 201)
            let list = try await service.faults(.get).json
            #expect(list["enabled"]?.bool == true)
            #expect(list["faults"]?.array?.compactMap { $0["percentage"]?.int } == [100])
            #expect(try await service.get("/others").status == 500)
            #expect(try await service.injections("mine") == 1)
            let labels = ["fault": "error", "service": "product"]
            #expect(try await service.scrape().value("chaos_fault_injections_total", labels) == 1)
            #expect(try await service.faults(.delete, "/faults/nobody").status == 404)
            let cleared = try await service.faults(.delete, "/faults/mine")
            #expect(cleared.status == 200)
            #expect(cleared.json["injections"]?.int == 1)
            #expect(try await service.get("/others").status == 200)
            _ = try await service.set(Self.reset)
            _ = try await service.set(Self.reset)
            #expect(try await service.faults(.delete).json["cleared"]?.int == 2)
            #expect(try await service.faults(.delete).json["cleared"]?.int == 0)
            #expect(try await active() == 0)
        }
    }

    @Test("A wrong fault is answered with a problem that names each field")
    func mistakes() async throws {
        try await withFaultyService { service async throws in
            func errors(_ body: String) async throws -> (Int, Set<String>) {
                let answer = try await service.faults(.post, "/faults", body)
                return (
                    answer.status, Set((answer.json["errors"]?.array ?? []).compactMap { $0["field"]?.string })
                )
            }
            let wrong = #"{"kind":"latency","point":"server","latency_ms":0,"percentage":200,"colour":1}"#
            #expect(
                try await errors(wrong) == (422, ["duration_seconds", "latency_ms", "percentage", "colour"]))
            #expect(
                try await errors(#"{"kind":"reset","point":"client","upstream":"moon","duration_seconds":1}"#)
                    == (422, ["upstream"]))
            #expect(
                try await errors(#"{"kind":"payment_decline","point":"payment","duration_seconds":1}"#)
                    == (422, ["point"]))
            #expect(
                try await errors(#"{"kind":"memory_growth","point":"process","mebibytes":1024,"duration_seconds":1}"#)
                    .0 == 201)
            #expect(
                try await errors(#"{"kind":"memory_growth","point":"process","mebibytes":1,"duration_seconds":1}"#)
                    == (422, ["mebibytes"]))
            _ = try await service.faults(.delete)
            #expect(try await errors("{").0 == 400)
            #expect(try await errors("[]").0 == 400)
            #expect(try await errors(#"{"label":"\#(String(repeating: "x", count: 17_000))"}"#).0 == 413)
            #expect(try await service.faults(.get).json["faults"]?.array?.isEmpty == true)
        }
    }

    @Test("A fault more than may be is refused, and the others go on")
    func full() async throws {
        try await withFaultyService { service async throws in
            for _ in 0..<64 { try await service.set(Self.reset) }
            let answer = try await service.faults(.post, "/faults", #"{"duration_seconds":1,\#(Self.reset)}"#)
            #expect(answer.status == 409)
            #expect(answer.json["type"]?.string == "/problems/too-many-faults")
            #expect(try await service.faults(.get).json["faults"]?.array?.count == 64)
        }
    }

    @Test("A fault ends at its time though nobody asks, and says so")
    func expiry() async throws {
        let log = LogMemory()
        try await withFaultyService(log: log) { service async throws in
            let body = #"{"kind":"reset","point":"server","duration_seconds":0.2}"#
            #expect(try await service.faults(.post, "/faults", body).status == 201)
            // A scrape only reads what the process has done by itself.
            let labels = ["fault": "reset", "service": "product"]
            while try await service.scrape().value("chaos_fault_active", labels) != 0 { try Task.checkCancellation() }
            #expect(try await service.get("/others").status == 200)
        }
        #expect(log.all.contains { $0.contains("fault expired") })
    }
}
