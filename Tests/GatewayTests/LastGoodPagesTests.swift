import HTTPCore
import HTTPEngine
import NetworkIO
import Resilience
import Routing
import ServiceKit
import ServiceTesting
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Gateway

@Suite("Older answers while the product service cannot be asked")
struct LastGoodPagesTests {
    private static let page = "/api/v1/products?limit=5"

    /// What answers in place of the services behind the gateway.
    private final class Services: HTTPTransport {
        typealias Answer = @Sendable (HTTPRequest) throws -> HTTPResponse
        private struct State {
            var answer: Answer = { _ in HTTPResponse(.ok) }
            var waits: [Duration] = []
        }
        private let state = Mutex(State())

        /// What the requests from now on get.
        func answer(_ answer: @escaping Answer) { self.state.withLock { $0.answer = answer } }

        /// How long each request would be waited for.
        var waits: [Duration] { self.state.withLock { $0.waits } }

        func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
            let answer = self.state.withLock { state in
                state.waits.append(deadline.remaining)
                return state.answer
            }
            return try answer(request)
        }
    }

    private struct Shop {
        let services: Services
        let gateway: InProcessService
        let base: TestPlatform

        func get(_ target: String, token: String? = nil) async throws -> TestResponse {
            try await self.gateway.send(.get, target, token: token)
        }
    }

    private func run(_ settings: [String: String] = [:], _ body: (Shop) async throws -> Void) async throws {
        let services = Services()
        let upstreams = Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.filter { $0 != .gateway }.map { ($0, services) })
        let base = try TestPlatform(.gateway, environment: settings, upstreams: upstreams)
        defer { base.platform.blocking.close() }
        let gateway = InProcessService(
            try await GatewayService(platform: base.platform), telemetry: base.telemetry,
            identities: [
                "ada": Identity(userID: "01975b0d-11aa-7c3e-9f20-5d2a4be01c44", roles: [.customer], token: "ada")
            ])
        try await body(Shop(services: services, gateway: gateway, base: base))
    }

    private static func goods(_ text: String) -> HTTPResponse {
        HTTPResponse(
            .ok, fields: [.contentType: "application/json", .eTag: "\"1\""], body: .bytes(Array(text.utf8)))
    }

    @Test(
        "While the service fails, its last good answer is given, and says that it is old", arguments: [502, 503, 504])
    func stale(status: Int) async throws {
        try await self.run { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            let fresh = try await shop.get(Self.page)
            #expect(fresh.body == "[1]" && !fresh.fields.contains(.warning) && !fresh.fields.contains(.age))
            shop.services.answer { _ in
                HTTPResponse(HTTPStatus(status), fields: [.xVitrineFailure: "upstream", .retryAfter: "7"])
            }
            let older = try await shop.get(Self.page)
            #expect(older.status == 200 && older.body == "[1]")
            #expect(older.fields[.warning] == "110 - \"Response is Stale\"")
            #expect(older.fields[.age].flatMap { Int($0) } != nil)
            #expect(older.fields[.contentType] == "application/json" && older.fields[.eTag] == "\"1\"")
            #expect(!older.fields.contains(.retryAfter) && !older.fields.contains(.xVitrineFailure))
            let spans = shop.base.telemetry.finishedSpans.filter { $0.kind == .server }
            #expect(spans.map { $0["shop.fallback.age_s"] != nil } == [false, true])
            #expect(shop.base.telemetry.logLines.count { $0.contains("older answer given") } == 1)
        }
    }

    @Test("Where there is no answer at all, the last good one stands in too, and is not waited for long")
    func unreachable() async throws {
        try await self.run(["VITRINE_FALLBACK_AFTER": "50ms"]) { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            _ = try await shop.get(Self.page)
            shop.services.answer { _ in throw HTTPClientError(.timedOut, upstream: "product") }
            #expect(try await shop.get(Self.page).body == "[1]")
            #expect(shop.services.waits.count == 2)
            #expect(shop.services.waits[0] > .seconds(1) && shop.services.waits[1] <= .milliseconds(50))
        }
    }

    @Test("What was never seen is not made up, and the error is passed on")
    func unknown() async throws {
        try await self.run { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            _ = try await shop.get(Self.page)
            shop.services.answer { _ in HTTPResponse(.serviceUnavailable, fields: [.xVitrineFailure: "upstream"]) }
            let other = try await shop.get("/api/v1/products?limit=6")
            #expect(other.status == 503 && !other.fields.contains(.xVitrineFailure))
            shop.services.answer { _ in throw HTTPClientError(.timedOut, upstream: "product") }
            #expect(try await shop.get("/api/v1/products?limit=6").status == 504)
        }
    }

    @Test("A refusal is an answer: it is given as it is, and kept by nobody", arguments: [404, 400, 500])
    func refusals(status: Int) async throws {
        try await self.run { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            _ = try await shop.get(Self.page)
            shop.services.answer { _ in HTTPResponse(HTTPStatus(status)) }
            #expect(try await shop.get(Self.page).status == status)
            shop.services.answer { _ in HTTPResponse(.serviceUnavailable) }
            #expect(try await shop.get(Self.page).body == "[1]")
        }
    }

    @Test("Neither other methods nor what belongs to one person is kept")
    func notKept() async throws {
        try await self.run { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            _ = try await shop.get("/api/v1/cart", token: "ada")
            _ = try await shop.get(Self.page)
            shop.services.answer { _ in HTTPResponse(.serviceUnavailable) }
            #expect(try await shop.get("/api/v1/cart", token: "ada").status == 503)
            #expect(try await shop.gateway.send(.head, Self.page).status == 503)
            #expect(try await shop.get(Self.page).status == 200)
        }
    }

    @Test("Answers and targets beyond their bounds are passed through and not kept")
    func bounds() async throws {
        try await self.run { shop async throws in
            let long = "/api/v1/products/search?q=" + String(repeating: "x", count: 300)
            for (target, text) in [(Self.page, String(repeating: "x", count: (64 << 10) + 1)), (long, "[1]")] {
                shop.services.answer { _ in Self.goods(text) }
                #expect(try await shop.get(target).body == text)
                shop.services.answer { _ in HTTPResponse(.serviceUnavailable) }
                #expect(try await shop.get(target).status == 503)
            }
        }
    }

    @Test("An answer past the longest age is no answer")
    func tooOld() async throws {
        try await self.run(["VITRINE_FALLBACK_AGE": "0s"]) { shop async throws in
            shop.services.answer { _ in Self.goods("[1]") }
            _ = try await shop.get(Self.page)
            shop.services.answer { _ in HTTPResponse(.serviceUnavailable) }
            #expect(try await shop.get(Self.page).status == 503)
        }
    }

    @Test("Checkout comes before all else, and browsing is the first to be refused")
    func priorities() async throws {
        try await self.run { shop async throws in
            let edge = GatewayEdge(
                settings: GatewaySettings(config: ConfigReader([:])), telemetry: shop.base.telemetry.telemetry)
            var routes = RouteTable()
            try await GatewayService(platform: shop.base.platform).register(on: &routes)
            var named: [String: LoadPriority] = [:]
            for route in routes.routes { named[route.spanName] = edge.priority(of: route) }
            #expect(named.filter { $0.value == .critical }.map(\.key) == ["POST /api/v1/orders"])
            #expect(
                Set(named.filter { $0.value == .sheddable }.map(\.key)) == [
                    "GET /api/v1/products", "GET /api/v1/products/search", "GET /api/v1/products/{id}",
                    "GET /api/v1/categories",
                ])
            #expect(named["POST /api/v1/auth/login"] == .normal)
        }
    }
}
