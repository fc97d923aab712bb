import ServiceTesting
import HTTPCore
import OrderDomain
import Protobuf
import RPC
import ShopContracts
import Testing

@testable import OrderService

@Suite("Orders for other services")
struct OrderRPCTests {
    private func client(_ harness: OrderHarness) -> OrderV1.OrderServiceClient {
        OrderV1.OrderServiceClient(harness.http.caller)
    }

    private struct CallSucceeded: Error {}

    /// What a call fails with.
    private func failure<T>(_ call: () async throws(RPCError) -> T) async throws -> RPCError {
        do throws(RPCError) { _ = try await call() } catch { return error }
        throw CallSucceeded()
    }

    private func fields(_ error: RPCError) -> [String] {
        (error.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []).map(\.field)
    }

    @Test("An order comes with its lines, names, prices and total, whoever's it is")
    func order() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed(2)
        let order = try await self.client(harness).getOrder(.init(orderID: id.description.uppercased()))
        let now = GoogleProtobuf.Timestamp(microseconds: harness.clock.now)
        #expect(
            order
                == OrderV1.Order(
                    id: id.description, userID: OrderHarness.ada, status: .processing,
                    total: CommonV1.Money(minorUnits: 28_00, currency: "USD"), paymentMethod: order.paymentMethod,
                    items: [
                        .init(
                            productID: OrderHarness.mug, name: "Stoneware Mug", quantity: 2,
                            price: CommonV1.Money(minorUnits: 14_00, currency: "USD"))
                    ], createdAt: now, updatedAt: now))
        #expect(PaymentMethod(rawValue: order.paymentMethod) != nil)
    }

    @Test("An order that is not there is not found; an id that is none names its field")
    func noOrder() async throws {
        // Held: its files go when it goes.
        let harness = try OrderHarness()
        defer { withExtendedLifetime(harness) {} }
        let client = self.client(harness)
        let unknown = try await self.failure { () async throws(RPCError) in
            try await client.getOrder(.init(orderID: OrderHarness.unknown))
        }
        #expect(unknown.code == .notFound)
        for id in ["", "x"] {
            let error = try await self.failure { () async throws(RPCError) in
                try await client.getOrder(.init(orderID: id))
            }
            #expect(error.code == .invalidArgument && self.fields(error) == ["order_id"])
        }
    }

    @Test("A list goes on from page to page by its token, newest first, each order once")
    func pages() async throws {
        let harness = try OrderHarness()
        var placed: [String] = []
        for _ in 0..<5 {
            placed.append(try await harness.placed().description)
            harness.clock.advance(by: .seconds(1))
        }
        let client = self.client(harness)
        var pages: [[String]] = []
        var token = ""
        repeat {
            let page = try await client.listOrders(
                .init(userID: OrderHarness.ada, pageSize: 2, pageToken: token))
            pages.append(page.orders.map(\.id))
            token = page.nextPageToken
        } while !token.isEmpty && pages.count < 9
        #expect(pages.map(\.count) == [2, 2, 1])
        #expect(pages.flatMap(\.self) == placed.reversed())
    }

    @Test("A list may be of one user, of one status, or of everybody's")
    func filters() async throws {
        let harness = try OrderHarness()
        let cancelled = try await harness.placed()
        _ = try await harness.send(.post, "/api/v1/orders/\(cancelled)/cancel")
        _ = try await harness.placed()
        _ = try await harness.placed(as: "bob")
        let client = self.client(harness)
        let ofAda = try await client.listOrders(.init(userID: OrderHarness.ada))
        #expect(ofAda.orders.count == 2 && ofAda.orders.allSatisfy { $0.userID == OrderHarness.ada })
        let gone = try await client.listOrders(.init(status: .cancelled))
        #expect(gone.orders.map(\.id) == [cancelled.description] && gone.nextPageToken.isEmpty)
        #expect(try await client.listOrders(.init(userID: OrderHarness.bob, status: .cancelled)).orders.isEmpty)
        #expect(try await client.listOrders(.init()).orders.count == 3)
    }

    @Test("What makes no sense is refused, all of it at once")
    func badInput() async throws {
        // Held: its files go when it goes.
        let harness = try OrderHarness()
        defer { withExtendedLifetime(harness) {} }
        let client = self.client(harness)
        let error = try await self.failure { () async throws(RPCError) in
            try await client.listOrders(
                .init(userID: "x", status: .unrecognized(99), pageSize: 101, pageToken: "nonsense"))
        }
        #expect(error.code == .invalidArgument)
        #expect(Set(self.fields(error)) == ["user_id", "page_size", "status", "page_token"])
    }
}
