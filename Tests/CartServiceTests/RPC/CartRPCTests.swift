import JSON
import HTTPCore
import JSON
import Protobuf
import RPC
import ServiceKit
import ServiceTesting
import ShopContracts
import TelemetryTesting
import Testing

@testable import CartService

@Suite("Carts for other services")
struct CartRPCTests {
    private func client(_ harness: CartHarness) -> CartV1.CartServiceClient {
        CartV1.CartServiceClient(harness.http.caller)
    }

    private func products(_ cart: CartV1.Cart) -> [String] { cart.items.map(\.productID) }

    private struct CallSucceeded: Error {}

    /// What a call fails with.
    private func failure<T>(_ call: () async throws(RPCError) -> T) async throws -> RPCError {
        do throws(RPCError) { _ = try await call() } catch { return error }
        throw CallSucceeded()
    }

    @Test("A cart comes with names and prices, and says which lines the stock covers")
    func priced() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.lamp, 3)
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.remove(Sample.mug.id)
        let cart = try await self.client(harness).getCart(.init(userID: CartHarness.ada.uppercased()))
        #expect(
            cart
                == CartV1.Cart(
                    userID: CartHarness.ada, version: 2,
                    items: [
                        CartV1.CartItem(
                            productID: Sample.lamp.id, quantity: 3, name: Sample.lamp.name,
                            price: CommonV1.Money(minorUnits: 89_99, currency: "USD"), isAvailable: false),
                        CartV1.CartItem(productID: Sample.mug.id, quantity: 1),
                    ]))
        harness.catalogue.put(Sample.mug)
        let again = try await self.client(harness).getCart(.init(userID: CartHarness.ada))
        #expect(again.items.map(\.isAvailable) == [false, true] && !again.isDegraded)
    }

    @Test("For its lines alone the catalogue is not asked")
    func linesOnly() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 2)
        let calls = harness.catalogue.calls.count
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).getCart(.init(userID: CartHarness.ada, linesOnly: true))
        #expect(
            cart
                == CartV1.Cart(
                    userID: CartHarness.ada, version: 1,
                    items: [CartV1.CartItem(productID: Sample.mug.id, quantity: 2)]))
        #expect(harness.catalogue.calls.count == calls)
    }

    @Test("An empty cart is had without the catalogue")
    func empty() async throws {
        let harness = try CartHarness()
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).getCart(.init(userID: CartHarness.ada))
        #expect(cart == CartV1.Cart(userID: CartHarness.ada, version: 0, items: []))
        #expect(harness.catalogue.calls.isEmpty)
    }

    @Test("Without the catalogue a cart has its lines, no prices, and says that it lacks them")
    func degraded() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).getCart(.init(userID: CartHarness.ada))
        #expect(cart.isDegraded)
        #expect(cart.items == [CartV1.CartItem(productID: Sample.mug.id, quantity: 1)])
    }

    @Test("Clearing takes out what was ordered, keeps what came since, and may be repeated")
    func clearing() async throws {
        let harness = try CartHarness()
        let client = self.client(harness)
        _ = try await harness.add(Sample.mug, 1)
        let ordered = try await client.getCart(.init(userID: CartHarness.ada, linesOnly: true)).version
        _ = try await harness.add(Sample.lamp, 1)
        for _ in 0..<2 { _ = try await client.clearCart(.init(userID: CartHarness.ada, version: ordered)) }
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.lines.compactMap { $0["product_id"]?.string } == [Sample.lamp.id])
    }

    @Test("Strangers without the internal token get nothing")
    func token() async throws {
        let harness = try CartHarness()
        let stranger = RPCClient(
            transport: InProcessService.rpcTransport(to: harness.service, telemetry: harness.telemetry),
            serverAddress: "127.0.0.1", serverPort: 8003, metadata: [.xInternalToken: "another"],
            telemetry: harness.telemetry.telemetry)
        let error = try await self.failure { () async throws(RPCError) in
            try await CartV1.CartServiceClient(stranger).getCart(.init(userID: CartHarness.ada))
        }
        #expect(error.code == .unauthenticated)
    }

    @Test("A user that is no id, and a version that no cart has, are refused by name")
    func badInput() async throws {
        let client = self.client(try CartHarness())
        for id in ["", "x"] {
            for linesOnly in [false, true] {
                let error = try await self.failure { () async throws(RPCError) in
                    try await client.getCart(.init(userID: id, linesOnly: linesOnly))
                }
                #expect(error.code == .invalidArgument && self.fields(error) == ["user_id"])
            }
        }
        let error = try await self.failure { () async throws(RPCError) in
            try await client.clearCart(.init(userID: "x", version: -1))
        }
        #expect(error.code == .invalidArgument && self.fields(error) == ["user_id", "version"])
    }

    private func fields(_ error: RPCError) -> [String] {
        (error.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []).map(\.field)
    }
}
