import OrderDomain
import Protobuf
import RPC
import ServiceKit
import ServiceTesting
import ShopContracts
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("Orders for other services")
struct OrderRPCTests {
    private func client(_ harness: OrderHarness) -> OrderV1.OrderServiceClient {
        OrderV1.OrderServiceClient(harness.http.caller)
    }

    private func code(_ body: () async throws(RPCError) -> Void) async -> RPCCode? {
        do throws(RPCError) { try await body() } catch { return error.code }
        return nil
    }

    @Test("An order is what the public API says it is")
    func one() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed(2)
        let order = try await self.client(harness).getOrder(OrderV1.GetOrderRequest(orderID: id.description))
        #expect(order.id == id.description && order.userID == OrderHarness.ada && order.status == .processing)
        #expect(order.total == CommonV1.Money(minorUnits: 28_00, currency: "USD"))
        #expect(order.items.map(\.quantity) == [2] && order.items.map(\.name) == ["Stoneware Mug"])
        #expect(order.paymentMethod == "credit_card" && order.createdAt?.seconds == 1_767_323_045)
    }

    @Test("What is not there and what is no id are told apart")
    func missing() async throws {
        let harness = try OrderHarness()
        let client = self.client(harness)
        #expect(
            await self.code { () throws(RPCError) in
                _ = try await client.getOrder(OrderV1.GetOrderRequest(orderID: OrderHarness.mug))
            } == .notFound)
        #expect(
            await self.code { () throws(RPCError) in
                _ = try await client.getOrder(OrderV1.GetOrderRequest(orderID: "x"))
            } == .invalidArgument)
    }

    @Test("A list goes on where its token says, newest first, and filters by user and status")
    func list() async throws {
        let harness = try OrderHarness()
        var placed: [String] = []
        for _ in 0..<3 {
            placed.append(try await harness.placed().description)
            harness.clock.advance(by: .milliseconds(5))
        }
        let other = try await harness.placed(as: "bob").description
        let client = self.client(harness)
        let first = try await client.listOrders(
            OrderV1.ListOrdersRequest(userID: OrderHarness.ada, pageSize: 2))
        #expect(first.orders.map(\.id) == [placed[2], placed[1]] && !first.nextPageToken.isEmpty)
        let second = try await client.listOrders(
            OrderV1.ListOrdersRequest(userID: OrderHarness.ada, pageSize: 2, pageToken: first.nextPageToken))
        #expect(second.orders.map(\.id) == [placed[0]] && second.nextPageToken.isEmpty)
        let all = try await client.listOrders(OrderV1.ListOrdersRequest())
        #expect(Set(all.orders.map(\.id)) == Set(placed + [other]))
        let pending = try await client.listOrders(OrderV1.ListOrdersRequest(status: .pending))
        #expect(pending.orders.isEmpty)
    }

    @Test("Every field that makes no sense is named")
    func badInput() async throws {
        let harness = try OrderHarness()
        let client = self.client(harness)
        do throws(RPCError) {
            _ = try await client.listOrders(
                OrderV1.ListOrdersRequest(userID: "x", status: .unrecognized(99), pageSize: 101, pageToken: "y"))
            Issue.record("nonsense was accepted")
        } catch {
            let fields = error.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
            #expect(error.code == .invalidArgument && fields == ["user_id", "page_size", "status", "page_token"])
        }
    }
}
