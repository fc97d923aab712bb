import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceTesting
import Telemetry
import TelemetryTesting
import Testing

@testable import Gateway

@Suite("Older answers while the product service cannot be asked", .timeLimit(.minutes(1)))
struct LastGoodPagesTests {
    private static let lost = HTTPClientError(.connectionLost(IOError(.closed, in: "read")), upstream: "product")
    private static let path = "/api/v1/products?page=2"

    // MARK: Given

    @Test(
        "The last good answer stands in for each that shows the catalogue",
        arguments: [
            "/api/v1/products", "/api/v1/products?page=2", "/api/v1/products/search?q=lamp",
            "/api/v1/products/0190a8b4-7c3e-7d21-9f00-000000000001", "/api/v1/categories",
        ])
    func stands(target: String) async throws {
        let shop = try await GatewayFixture()
        shop.answer(#"{"n":1}"#, .ok, [.eTag: "\"7\"", .cacheControl: "max-age=5"])
        let fresh = try await shop.get(target)
        #expect(fresh.status == 200)
        #expect(!fresh.fields.contains(.warning) && !fresh.fields.contains(.age))
        shop.fail(Self.lost)
        let older = try await shop.get(target)
        #expect(older.status == 200)
        #expect(older.body == #"{"n":1}"#)
        #expect(older.fields[.warning] == "110 - \"Response is Stale\"")
        #expect(older.fields[.age] == "0")
        #expect(older.fields[.eTag] == "\"7\"")
        #expect(older.fields[.cacheControl] == "max-age=5")
        #expect(older.fields[.contentType] == "application/json")
        #expect(try shop.fallbacks("stale") == 1)
    }

    @Test("It stands in for an answer of 502, 503 and 504, whose body is let go", arguments: [502, 503, 504])
    func statuses(status: Int) async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        let body = PiecedStream(["late"])
        shop.services.answer { _, _ in HTTPResponse(HTTPStatus(status), body: .stream(body, length: nil)) }
        let older = try await shop.get(Self.path)
        #expect(older.status == 200)
        #expect(older.fields.contains(.warning))
        #expect(body.isCancelled)
    }

    @Test(
        "Any other answer is the answer; only one that says there is nothing ends what was kept",
        arguments: [304, 400, 404, 410, 429, 500])
    func otherStatuses(status: Int) async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        shop.answer("{}", HTTPStatus(status))
        let answer = try await shop.get(Self.path)
        #expect(answer.status == status)
        #expect(!answer.fields.contains(.warning))
        shop.fail(Self.lost)
        #expect(try await shop.get(Self.path).status == ([404, 410].contains(status) ? 503 : 200))
    }

    @Test("It carries the time and the ids of its own request, each once")
    func ownFields() async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}", .ok, [.age: "40", .warning: "199 - \"old\""])
        let fresh = try await shop.get(Self.path)
        shop.fail(Self.lost)
        let older = try await shop.get(Self.path)
        for name in [HTTPFieldName.traceparent, .xRequestID] {
            #expect(older.fields.values(of: name).count == 1)
            #expect(older.fields[name] != fresh.fields[name])
        }
        for name in [HTTPFieldName.serverTiming, .age, .warning, .xFrameOptions, .contentType] {
            #expect(older.fields.values(of: name).count == 1, "\(name)")
        }
        #expect(older.fields[.age] == "0")
    }

    @Test("Span and log say how old it is, and the log why")
    func telemetry() async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        shop.fail(Self.lost)
        _ = try await shop.get(Self.path)
        let spans = shop.platform.telemetry.finishedSpans.filter { $0.kind == .server }
        #expect(spans.count == 2)
        let older = spans.filter { $0["shop.fallback.age_s"] != nil }
        try #require(older.count == 1)
        guard case .double(let age)? = older[0]["shop.fallback.age_s"] else {
            Issue.record("no age: \(older[0].attributes)")
            return
        }
        #expect(age > 0 && age < 60)
        #expect(older[0].status == .unset)
        #expect(older[0]["http.response.status_code"] == .int(200))
        let lines = try shop.fallbackLines
        #expect(lines.count == 1)
        let text = "\(lines)"
        #expect(text.contains("shop.fallback.age_s") && text.contains("connection lost"))
        #expect(shop.platform.telemetry.logLines.contains { $0.contains("older answer given") && $0.contains("WARN") })
        #expect(!shop.platform.telemetry.logLines.contains { $0.contains("request failed") })
    }

    @Test("Where one is at hand, a fresh answer is waited for no longer than VITRINE_FALLBACK_AFTER")
    func patience() async throws {
        let shop = try await GatewayFixture(["VITRINE_FALLBACK_AFTER": "20ms"])
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        shop.services.answer { _, deadline in
            try await Task.sleep(until: deadline.instant, clock: .continuous)
            throw HTTPClientError(.timedOut, upstream: "product")
        }
        let start = ContinuousClock.now
        #expect(try await shop.get(Self.path).fields.contains(.warning))
        #expect(start.duration(to: .now) < .seconds(4))
        let deadlines = shop.services.deadlines
        try #require(deadlines.count == 2)
        #expect(deadlines[1].instant <= start.advanced(by: .seconds(1)))
        // Where none is, the route's own time counts.
        shop.fail(Self.lost)
        let other = ContinuousClock.now
        #expect(try await shop.get("/api/v1/products?page=3").status == 503)
        #expect(shop.services.deadlines[2].instant > other.advanced(by: .seconds(4)))
    }

    @Test("A short answer that breaks off is none: the older one stands in")
    func brokenOff() async throws {
        let shop = try await GatewayFixture()
        shop.answer(#"{"n":1}"#)
        _ = try await shop.get(Self.path)
        shop.services.answer { _, _ in
            HTTPResponse(.ok, body: .stream(PiecedStream([#"{"n":"#], end: Self.lost), length: 7))
        }
        let older = try await shop.get(Self.path)
        #expect(older.status == 200)
        #expect(older.body == #"{"n":1}"#)
        #expect(older.fields.contains(.warning))
        #expect(try await shop.get("/api/v1/products?page=3").status == 503)
    }

    // MARK: Not given

    @Test("Without an older answer the failure is told")
    func missing() async throws {
        let shop = try await GatewayFixture()
        shop.fail(Self.lost)
        let answer = try await shop.get(Self.path)
        #expect(answer.status == 503)
        #expect(!answer.fields.contains(.warning))
        #expect(try shop.fallbacks("missing") == 1)
        #expect(try shop.fallbackLines.isEmpty)
    }

    @Test("One that is older than VITRINE_FALLBACK_AGE is none")
    func expired() async throws {
        let shop = try await GatewayFixture(["VITRINE_FALLBACK_AGE": "0s"])
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        shop.fail(Self.lost)
        #expect(try await shop.get(Self.path).status == 503)
    }

    @Test("An answer is kept for its own target only, query included")
    func targets() async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}")
        _ = try await shop.get(Self.path)
        shop.fail(Self.lost)
        for target in ["/api/v1/products", "/api/v1/products?page=20", "/api/v1/categories"] {
            #expect(try await shop.get(target).status == 503, "\(target)")
        }
    }

    @Test("Other methods and other routes get what there is")
    func others() async throws {
        let shop = try await GatewayFixture()
        shop.answer("{}")
        let calls: [(HTTPMethod, String, String?)] = [
            (.head, "/api/v1/products", nil), (.post, "/api/v1/products", "{}"),
            (.get, "/api/v1/auth/jwks", nil), (.get, "/api/v1/users", nil), (.get, "/api/v1/cart", nil),
            (.get, "/api/v1/orders", nil),
            (.get, "/api/v1/products/0190a8b4-7c3e-7d21-9f00-000000000001/stock/history", nil),
        ]
        _ = try await shop.get("/api/v1/products")
        for (method, target, body) in calls {
            #expect(try await shop.gateway.send(method, target, token: "admin", body: body).status == 200)
        }
        shop.fail(Self.lost)
        for (method, target, body) in calls {
            let answer = try await shop.gateway.send(method, target, token: "admin", body: body)
            #expect(answer.status == 503, "\(method) \(target)")
            #expect(!answer.fields.contains(.warning))
        }
        #expect(try shop.fallbackLines.isEmpty)
    }

    // MARK: Bounds

    @Test("Up to 64 KiB of a body are kept, and of a target 256 bytes; what is larger passes and is not")
    func bounds() async throws {
        let shop = try await GatewayFixture()
        let longest = "/api/v1/products?q=" + String(repeating: "x", count: 256 - 19)
        for (target, size, isKept) in [
            ("/api/v1/products?a", 64 << 10, true), ("/api/v1/products?b", 64 << 10 | 1, false), (longest, 2, true),
            (longest + "x", 2, false),
        ] {
            shop.answer(String(repeating: "1", count: size))
            #expect(try await shop.get(target).body.utf8.count == size)
            shop.fail(Self.lost)
            #expect(try await shop.get(target).status == (isKept ? 200 : 503), "\(target.utf8.count) \(size)")
        }
    }

    @Test("An answer of unknown length streams through and is not kept; of a known one the pieces are put together")
    func streams() async throws {
        let shop = try await GatewayFixture()
        for (target, length) in [("/api/v1/products?a", nil), ("/api/v1/products?b", 4)] as [(String, Int?)] {
            shop.services.answer { _, _ in
                HTTPResponse(.ok, body: .stream(PiecedStream(["12", "34"]), length: length))
            }
            #expect(try await shop.get(target).body == "1234")
            shop.fail(Self.lost)
            let answer = try await shop.get(target)
            #expect(answer.status == (length == nil ? 503 : 200))
            if length != nil { #expect(answer.body == "1234") }
        }
    }

    // MARK: Whose failure

    @Test("Whose failure it was is nothing for strangers to know")
    func upstreamFailure() async throws {
        let shop = try await GatewayFixture()
        let marked: HTTPFields = [.xVitrineFailure: "upstream"]
        shop.answer("{}", .serviceUnavailable, marked)
        for target in [Self.path, "/api/v1/orders"] {
            let answer = try await shop.get(target, token: "admin")
            #expect(answer.status == 503)
            #expect(!answer.fields.contains(.xVitrineFailure))
        }
        shop.fail(Self.lost)
        for target in [Self.path, "/api/v1/orders"] {
            let answer = try await shop.get(target, token: "admin")
            #expect(answer.status == 503)
            #expect(!answer.fields.contains(.xVitrineFailure))
        }
        shop.answer("{}", .ok, marked)
        #expect(try await !shop.get(Self.path).fields.contains(.xVitrineFailure))
        shop.fail(Self.lost)
        let older = try await shop.get(Self.path)
        #expect(older.fields.contains(.warning))
        #expect(!older.fields.contains(.xVitrineFailure))
    }
}
