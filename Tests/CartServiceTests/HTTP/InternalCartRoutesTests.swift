import HTTPCore
import JSON
import Routing
import ServiceKit
import ServiceTesting
import ShopContracts
import TelemetryTesting
import Testing

@testable import CartService

/// Calls a service in process the way the upstream client calls it over a socket.
private struct InProcessTransport: TemplatedTransport {
    let service: InProcessService

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        let body = try await request.body.collect(upTo: 1 << 20)
        let response = try await self.service.send(
            request.method, request.target, fields: request.fields,
            body: body.isEmpty ? nil : String(decoding: body, as: UTF8.self))
        return HTTPResponse(
            HTTPStatus(response.status), fields: response.fields, body: .bytes(Array(response.body.utf8)))
    }

    func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
        try await self.send(request, deadline: deadline)
    }
}

@Suite("Carts for other services")
struct InternalCartRoutesTests {
    private func client(_ harness: CartHarness) -> CartClient { CartClient(InProcessTransport(service: harness.http)) }

    @Test("The client reads what the service writes")
    func snapshot() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.lamp, 3)
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.remove(Sample.mug.id)
        let cart = try await self.client(harness).cart(of: CartHarness.ada, deadline: .distantFuture)
        #expect(
            cart
                == CartSnapshot(
                    userID: CartHarness.ada, version: 2,
                    items: [
                        CartSnapshotItem(
                            productID: Sample.lamp.id, quantity: 3, name: Sample.lamp.name, priceMinorUnits: 89_99,
                            currency: "USD", isAvailable: false),
                        CartSnapshotItem(
                            productID: Sample.mug.id, quantity: 1, name: nil, priceMinorUnits: nil, currency: nil,
                            isAvailable: false),
                    ]))
    }

    @Test("An empty cart is had without the catalogue")
    func empty() async throws {
        let harness = try CartHarness()
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).cart(of: CartHarness.ada, deadline: .distantFuture)
        #expect(cart == CartSnapshot(userID: CartHarness.ada, version: 0, items: []))
    }

    @Test("Without prices there is no cart to order")
    func productsDown() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.setDown(true)
        do {
            _ = try await self.client(harness).cart(of: CartHarness.ada, deadline: .distantFuture)
            Issue.record("the cart came without prices")
        } catch {
            guard case CartClientError.unavailable = error else {
                Issue.record(error)
                return
            }
        }
    }

    @Test("Clearing takes out what was ordered, keeps what came since, and may be repeated")
    func clearing() async throws {
        let harness = try CartHarness()
        let client = self.client(harness)
        _ = try await harness.add(Sample.mug, 1)
        let ordered = try await client.cart(of: CartHarness.ada, deadline: .distantFuture).version
        _ = try await harness.add(Sample.lamp, 1)
        for _ in 0..<2 { try await client.clear(userID: CartHarness.ada, version: ordered, deadline: .distantFuture) }
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.lines.compactMap { $0["product_id"]?.string } == [Sample.lamp.id])
    }

    @Test("Strangers without the internal token get nothing")
    func token() async throws {
        let harness = try CartHarness()
        var routes = RouteTable()
        harness.service.register(on: &routes)
        let pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: "another"),
            telemetry: harness.telemetry.telemetry)
        let response = await pipeline.respond(to: HTTPRequest(.get, "/internal/v1/carts/\(CartHarness.ada)"))
        #expect(response.status == .forbidden)
    }

    @Test("A user that is no id, and a version that is no number, are refused")
    func badInput() async throws {
        let harness = try CartHarness()
        #expect(try await harness.send(.get, "/internal/v1/carts/x", as: nil).status == 404)
        let target = "/internal/v1/carts/\(CartHarness.ada)/clear"
        #expect(try await harness.send(.post, target, as: nil, #"{"version":-1}"#).status == 422)
        #expect(try await harness.send(.post, target, as: nil, #"{"version":"1"}"#).status == 400)
    }
}
