import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit
import TelemetryTesting
import Testing

/// Faults of one process as the whole shop meets them.
@Suite("Faults in the running shop", .timeLimit(.minutes(2)), .serialized)
struct FaultTests {
    private static let mug = "01900000-0000-7000-8000-00000000004b"

    private func admin(
        _ platform: RunningPlatform, _ name: ServiceName, _ method: HTTPMethod, _ body: String = ""
    ) async throws -> (status: Int, json: JSONValue) {
        let address = try #require(platform.services[name]?.adminAddress)
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let upstream = HTTPUpstream(
            name: "admin", endpoints: [HTTPEndpoint(host: address.host, port: address.port)], loops: loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16)))
        let response = try await upstream.send(
            HTTPRequest(
                method, "/faults", fields: ["x-internal-token": RunningPlatform.internalToken],
                body: body.isEmpty ? .empty : .bytes(Array(body.utf8))), deadline: .after(.seconds(5)))
        return (response.status.code, try JSONValue(parsing: try await response.body.collect(upTo: 1 << 20)))
    }

    @Test("A payment whose answer is lost is charged once, and the order goes through by itself")
    func paymentAnswerLost() async throws {
        let platform = try await RunningPlatform(
            extra: ["VITRINE_PAYMENT_TIMEOUT": "50ms", "VITRINE_ORDER_SWEEP_INTERVAL": "100ms"])
        let set = try await self.admin(
            platform, .order, .post,
            #"{"kind":"payment_timeout_after_success","point":"payment","duration_seconds":60}"#)
        #expect(set.status == 201)
        let user = try await platform.register("answer-lost@example.com")
        let placed = try await platform.call(
            .post, "/api/v1/orders", token: user, body: #"{"items":[{"product_id":"\#(Self.mug)","quantity":1}]}"#)
        #expect(placed.status == 202)
        let id = placed.json["id"]?.string ?? ""
        func status() async throws -> String? {
            try await platform.call(.get, "/api/v1/orders/\(id)", token: user).json["status"]?.string
        }
        while try await status() == "pending" { try Task.checkCancellation() }
        #expect(try await status() == "processing")
        #expect(try await self.admin(platform, .order, .get).json["faults"]?.array?.first?["injections"]?.int == 1)
        let metrics = try PrometheusText(parsing: try await platform.scrape(.order))
        let violations = metrics.series("shop_invariant_violations").reduce(0) { $0 + $1.value }
        #expect(violations == 0)
        await platform.stop()
    }

    @Test("An outage for one person's baggage leaves everybody else's shop as it is")
    func onePerson() async throws {
        let platform = try await RunningPlatform()
        let set = try await self.admin(
            platform, .product, .post,
            #"{"kind":"error","point":"server","duration_seconds":60,"baggage":{"key":"shop.chaos","value":"alice"}}"#)
        #expect(set.status == 201)
        let path = "/api/v1/products?limit=1"
        #expect(try await platform.call(.get, path, fields: [.baggage: "shop.chaos=alice"]).status == 503)
        #expect(try await platform.call(.get, path, fields: [.baggage: "shop.chaos=bob"]).status == 200)
        #expect(try await platform.call(.get, path).status == 200)
        #expect(try await self.admin(platform, .product, .delete).json["cleared"]?.int == 1)
        #expect(try await platform.call(.get, path, fields: [.baggage: "shop.chaos=alice"]).status == 200)
        await platform.stop()
    }
}
