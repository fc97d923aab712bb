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

    /// The status that `body` fails with; nil when it does not.
    private func status(_ body: () async throws(RPCError) -> Void) async -> RPCError? {
        do throws(RPCError) { try await body() } catch { return error }
        return nil
    }

    @Test("A cart has names and prices of what exists")
    func priced() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.lamp, 3)
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.remove(Sample.mug.id)
        let cart = try await self.client(harness).getCart(CartV1.GetCartRequest(userID: CartHarness.ada))
        #expect(
            cart
                == CartV1.Cart(
                    userID: CartHarness.ada, version: 2,
                    items: [
                        CartV1.CartItem(
                            productID: Sample.lamp.id, quantity: 3, name: Sample.lamp.name,
                            price: CommonV1.Money(minorUnits: 89_99, currency: "USD")),
                        CartV1.CartItem(productID: Sample.mug.id, quantity: 1),
                    ]))
    }

    @Test("Lines alone are had without the catalogue")
    func linesOnly() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 2)
        let calls = harness.catalogue.calls.count
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).getCart(
            CartV1.GetCartRequest(userID: CartHarness.ada, linesOnly: true))
        #expect(cart.items == [CartV1.CartItem(productID: Sample.mug.id, quantity: 2)] && !cart.isDegraded)
        #expect(harness.catalogue.calls.count == calls)
    }

    @Test("Without the catalogue a cart comes without prices, and says so")
    func degraded() async throws {
        let harness = try CartHarness()
        _ = try await harness.add(Sample.mug, 1)
        harness.catalogue.setDown(true)
        let cart = try await self.client(harness).getCart(CartV1.GetCartRequest(userID: CartHarness.ada))
        #expect(cart.isDegraded && cart.items.first?.price == nil && cart.items.first?.name == nil)
    }

    @Test("A user without a cart has an empty one")
    func empty() async throws {
        let harness = try CartHarness()
        let cart = try await self.client(harness).getCart(CartV1.GetCartRequest(userID: CartHarness.ada))
        #expect(cart == CartV1.Cart(userID: CartHarness.ada))
    }

    @Test("Clearing takes out what was ordered, keeps what came since, and may be repeated")
    func clearing() async throws {
        let harness = try CartHarness()
        let client = self.client(harness)
        _ = try await harness.add(Sample.mug, 1)
        let ordered = try await client.getCart(CartV1.GetCartRequest(userID: CartHarness.ada)).version
        _ = try await harness.add(Sample.lamp, 1)
        for _ in 0..<2 {
            _ = try await client.clearCart(CartV1.ClearCartRequest(userID: CartHarness.ada, version: ordered))
        }
        let answer = try await harness.send(.get, "/api/v1/cart")
        #expect(answer.lines.compactMap { $0["product_id"]?.string } == [Sample.lamp.id])
    }

    @Test("Strangers without the internal token get nothing")
    func token() async throws {
        let harness = try CartHarness()
        let stranger = CartV1.CartServiceClient(
            RPCClient(
                calling: .cart, over: InProcessService.rpcTransport(to: harness.service, telemetry: harness.telemetry),
                internalToken: "another", telemetry: harness.telemetry.telemetry))
        let refusal = await self.status { () throws(RPCError) in
            _ = try await stranger.getCart(CartV1.GetCartRequest(userID: CartHarness.ada))
        }
        #expect(refusal?.code == .unauthenticated)
    }

    @Test("A user that is no id, and a version below 0, are named")
    func badInput() async throws {
        let harness = try CartHarness()
        let client = self.client(harness)
        let user = await self.status { () throws(RPCError) in
            _ = try await client.getCart(CartV1.GetCartRequest(userID: "x"))
        }
        #expect(user?.code == .invalidArgument)
        let both = await self.status { () throws(RPCError) in
            _ = try await client.clearCart(CartV1.ClearCartRequest(userID: "", version: -1))
        }
        #expect(both?.code == .invalidArgument)
        #expect(both?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field) == ["user_id", "version"])
    }
}
