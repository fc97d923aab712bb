import JSON
import Testing

@testable import Faults

@Suite("Faults as they are asked for")
struct FaultSpecTests {
    private func request(_ json: String) throws -> FaultRequest {
        try FaultRequest(try #require(try JSONValue(parsing: json).object))
    }

    private func mistakes(_ json: String) throws -> [String] {
        do {
            _ = try self.request(json)
            return []
        } catch let error as FaultSpecError {
            return error.mistakes.map { "\($0.field) \($0.message)" }
        }
    }

    /// One of each kind at each point it can have.
    static let accepted = [
        #"{"kind":"latency","point":"server","duration_seconds":30,"latency_ms":300}"#,
        #"{"kind":"latency","point":"database","duration_seconds":0.1,"latency_ms":1,"route":"SELECT products"}"#,
        #"{"kind":"latency","point":"payment","duration_seconds":3600,"latency_ms":60000}"#,
        #"{"kind":"latency","point":"client","upstream":"product","duration_seconds":1.5,"latency_ms":2.5,"#
            + #""jitter_ms":1,"distribution":"normal"}"#,
        #"{"kind":"latency","point":"server","duration_seconds":1,"latency_ms":10,"distribution":"exponential"}"#,
        #"{"kind":"latency","point":"server","duration_seconds":1,"latency_ms":10,"distribution":"pareto"}"#,
        #"{"kind":"error","point":"server","duration_seconds":1,"status":503,"grpc_status":14,"#
            + #""retry_after_seconds":1,"route":"/api/v1/products*","percentage":12.5,"seed":7,"label":"x"}"#,
        #"{"kind":"error","point":"client","upstream":"cart","duration_seconds":1}"#,
        #"{"kind":"error","point":"database","duration_seconds":1}"#,
        #"{"kind":"reset","point":"server","duration_seconds":1,"baggage":{"key":"shop.chaos","value":"alice"}}"#,
        #"{"kind":"reset","point":"client","upstream":"user","duration_seconds":1}"#,
        #"{"kind":"hang","point":"server","duration_seconds":1}"#,
        #"{"kind":"hang","point":"client","upstream":"user","duration_seconds":1}"#,
        #"{"kind":"truncate","point":"server","duration_seconds":1,"after_bytes":100}"#,
        #"{"kind":"slow_body","point":"server","duration_seconds":1,"bytes_per_second":200}"#,
        #"{"kind":"payment_decline","point":"payment","duration_seconds":1}"#,
        #"{"kind":"payment_timeout_after_success","point":"payment","duration_seconds":1,"percentage":50}"#,
        #"{"kind":"payment_unavailable","point":"payment","duration_seconds":1}"#,
        #"{"kind":"cpu_burn","point":"process","duration_seconds":1,"share":0.8}"#,
        #"{"kind":"loop_block","point":"process","duration_seconds":1,"block_ms":200,"every_ms":1000}"#,
        #"{"kind":"memory_growth","point":"process","duration_seconds":1,"mebibytes":64}"#,
    ]

    @Test("What is written reads back as the same fault", arguments: accepted)
    func roundTrip(json: String) throws {
        let request = try self.request(json)
        let fault = ActiveFault(id: "abc", spec: request.spec, endsAt: 5_000_000_000, endsAtUnixMicroseconds: 0)
        var writer = JSONWriter(capacity: 256)
        fault.write(to: &writer, now: 1_500_000_000)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let again = try self.request(text)
        #expect(again.id == "abc")
        #expect(again.spec == request.spec)
        let value = try JSONValue(parsing: text)
        #expect(value["remaining_seconds"]?.double == 3.5)
        #expect(value["active_until"]?.string == "1970-01-01T00:00:00.000000Z")
        #expect(value["injections"]?.int == 0)
    }

    @Test("Every kind is accepted at each of its points and at no other", arguments: FaultKind.allCases)
    func points(kind: FaultKind) throws {
        let bare = #""latency_ms":1,"status":500,"bytes_per_second":1,"share":0.5,"block_ms":1,"mebibytes":1"#
        for point in FaultPoint.allCases {
            let upstream = point == .client ? #","upstream":"cart""# : ""
            let json =
                #"{"kind":"\#(kind.rawValue)","point":"\#(point.rawValue)","duration_seconds":1\#(upstream),\#(bare)}"#
            let isRefused = try self.mistakes(json).contains { $0.hasPrefix("point must be") }
            #expect(isRefused != kind.points.contains(point))
        }
    }

    @Test("All mistakes are named at once")
    func all() throws {
        let json = #"""
            {"id":"No Spaces","kind":"latency","point":"client","route":"a*b","percentage":101,"seed":-1,
            "baggage":{"key":"","vlaue":"x"},"duration_seconds":0.05,"label":"","latency_ms":0,"jitter_ms":-1,
            "distribution":"gauss","status":503,"colour":"red"}
            """#
        #expect(
            Set(try self.mistakes(json)) == [
                "id must consist of a to z, 0 to 9, - and _", "upstream is required",
                "route may have a * at its end only",
                "percentage must be a number from 0 to 100", "seed must be a whole number from 0 to 9007199254740991",
                "baggage.key must have from 1 to 256 characters", "baggage.value is required",
                "baggage.vlaue is no field of a fault", "duration_seconds must be a number from 0.1 to 3600",
                "label must have from 1 to 64 characters", "latency_ms must be a number from 1 to 60000",
                "jitter_ms must be a number from 0 to 60000",
                "distribution must be one of fixed, uniform, normal, exponential, pareto",
                "status has no meaning where kind is latency and point client", "colour is no field of a fault",
            ])
    }

    @Test(
        "A field that is missing, of the wrong type, out of range or out of place is named",
        arguments: [
            ("{}", ["kind is required", "point is required", "duration_seconds is required"]),
            (
                #"{"kind":1,"point":"moon","duration_seconds":"1"}"#,
                [
                    "kind must be one of \(FaultKind.allCases.map(\.rawValue).joined(separator: ", "))",
                    "point must be one of server, client, database, payment, process",
                    "duration_seconds must be a number from 0.1 to 3600",
                ]
            ),
            (
                #"{"kind":"error","point":"server","duration_seconds":3600.5,"status":200,"grpc_status":17}"#,
                [
                    "duration_seconds must be a number from 0.1 to 3600",
                    "status must be a whole number from 400 to 599",
                    "grpc_status must be a whole number from 1 to 16",
                ]
            ),
            (
                #"{"kind":"error","point":"server","duration_seconds":1,"retry_after_seconds":0}"#,
                [
                    "retry_after_seconds must be a whole number from 1 to 3600"
                ]
            ),
            (
                #"{"kind":"error","point":"database","duration_seconds":1,"status":503}"#,
                [
                    "status has no meaning where kind is error and point database"
                ]
            ),
            (
                #"{"kind":"error","point":"server","duration_seconds":1,"upstream":"cart","percentage":0}"#,
                [
                    "percentage must be above 0", "upstream has no meaning where kind is error and point server",
                ]
            ),
            (
                #"{"kind":"latency","point":"server","duration_seconds":1,"latency_ms":5,"jitter_ms":1,"#
                    + #""distribution":"fixed"}"#, ["jitter_ms has no meaning where distribution is fixed"]
            ),
            (
                #"{"kind":"truncate","point":"server","duration_seconds":1,"after_bytes":-1}"#,
                [
                    "after_bytes must be a whole number from 0 to 1048576"
                ]
            ),
            (#"{"kind":"slow_body","point":"server","duration_seconds":1}"#, ["bytes_per_second is required"]),
            (
                #"{"kind":"cpu_burn","point":"process","duration_seconds":1,"share":1.5,"route":"/"}"#,
                [
                    "share must be a number from 0.01 to 1",
                    "route has no meaning where kind is cpu_burn and point process",
                ]
            ),
            (
                #"{"kind":"loop_block","point":"process","duration_seconds":1,"block_ms":200,"every_ms":100}"#,
                [
                    "block_ms must not be above every_ms, which is 100"
                ]
            ),
            (
                #"{"kind":"memory_growth","point":"process","duration_seconds":1,"mebibytes":1025}"#,
                [
                    "mebibytes must be a whole number from 1 to 1024"
                ]
            ),
            (
                #"{"kind":"reset","point":"server","duration_seconds":1,"baggage":"x","label":"a\u0007"}"#,
                [
                    "baggage must be an object", "label must not contain control characters",
                ]
            ),
        ])
    func each(json: String, expected: [String]) throws {
        #expect(Set(try self.mistakes(json)) == Set(expected))
    }

    @Test("A pattern names a call whole, by its template, or by the beginning of either")
    func patterns() {
        let name = "GET /api/v1/products/{id}"
        for text in [name, "/api/v1/products/{id}", "GET /api*", "/api/v1/products*", "*", "GET*"] {
            #expect(RoutePattern(text).matches(name), "\(text)")
        }
        for text in ["GET", "/api/v1/products", "POST /api*", "products*", "/api/v1/orders*"] {
            #expect(!RoutePattern(text).matches(name), "\(text)")
        }
        #expect(RoutePattern("vitrine.product.v1.ProductService/*").matches("vitrine.product.v1.ProductService/Get"))
        #expect(RoutePattern("products").matches("SELECT products"))
    }
}
