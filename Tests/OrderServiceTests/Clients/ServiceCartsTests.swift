import Routing
import HTTPCore
import OrderDomain
import RPC
import Routing
import ServiceKit
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("Carts through the cart service's contract")
struct ServiceCartsTests {
    /// A cart service with one cart, or one failure for whatever is asked.
    private final class CartServer: CartV1.CartServiceHandler {
        let failure: RPCError?
        let read = Mutex<[CartV1.GetCartRequest]>([])
        let cleared = Mutex<[CartV1.ClearCartRequest]>([])

        init(failure: RPCError? = nil) { self.failure = failure }

        func getCart(_ request: CartV1.GetCartRequest, _ context: RPCServerContext) async throws -> CartV1.Cart {
            self.read.withLock { $0.append(request) }
            if let failure { throw failure }
            return CartV1.Cart(
                userID: request.userID, version: 7,
                items: [
                    .init(productID: OrderHarness.mug, quantity: 2), .init(productID: OrderHarness.lamp, quantity: 1),
                ])
        }

        func clearCart(
            _ request: CartV1.ClearCartRequest, _ context: RPCServerContext
        ) async throws -> CartV1.ClearCartResponse {
            self.cleared.withLock { $0.append(request) }
            if let failure { throw failure }
            return CartV1.ClearCartResponse()
        }

        var carts: ServiceCarts {
            var table = RPCServiceTable()
            self.register(on: &table)
            let server = RPCServer(table, telemetry: TestTelemetry().telemetry)
            return ServiceCarts(client: CartV1.CartServiceClient(.over(ResponderTransport(responder: server))))
        }
    }

    @Test("A cart is read by its lines alone, and cleared as of its version")
    func readAndClear() async throws {
        let server = CartServer()
        let cart = try await server.carts.cart(of: OrderHarness.ada, deadline: .after(.seconds(30)))
        #expect(cart.version == 7)
        #expect(cart.lines.map(\.productID) == [OrderHarness.mug, OrderHarness.lamp])
        #expect(cart.lines.map(\.quantity) == [2, 1])
        #expect(server.read.withLock { $0 } == [.init(userID: OrderHarness.ada, linesOnly: true)])
        try await server.carts.clear(OrderHarness.ada, version: 7, deadline: .after(.seconds(30)))
        #expect(server.cleared.withLock { $0 } == [.init(userID: OrderHarness.ada, version: 7)])
    }

    @Test(
        "A failure says which service it was and what callers are told",
        arguments: [
            (RPCCode.unavailable, 503), (.deadlineExceeded, 504), (.internal, 502),
        ])
    func failures(code: RPCCode, status: Int) async throws {
        let carts = CartServer(failure: RPCError(code, "no")).carts
        let read = try await #require(throws: UpstreamStatus.self) {
            try await carts.cart(of: OrderHarness.ada, deadline: .after(.seconds(30)))
        }
        let clear = try await #require(throws: UpstreamStatus.self) {
            try await carts.clear(OrderHarness.ada, version: 1, deadline: .after(.seconds(30)))
        }
        for error in [read, clear] { #expect(error.name == .cart && error.problem.status.code == status) }
    }
}
