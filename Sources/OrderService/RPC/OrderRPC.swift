import OrderDomain
import Protobuf
import RPC
import ServiceKit
import ShopContracts

/// `vitrine.order.v1.OrderService`. Translates; decides nothing.
struct OrderRPC: OrderV1.OrderServiceHandler {
    let orders: any OrderRepository

    private static let pageSizes: ClosedRange<Int64> = 0...100
    private static let pageSizeDefault = 20

    func getOrder(_ request: OrderV1.GetOrderRequest, _ context: RPCServerContext) async throws -> OrderV1.Order {
        var faults = RequestFaults()
        let text = faults.id("order_id", request.orderID)
        try faults.validate()
        guard let id = OrderID(text), let record = try await self.orders.record(id) else {
            throw RPCError(.notFound, "There is no such order.")
        }
        return OrderV1.Order(record.order)
    }

    func listOrders(
        _ request: OrderV1.ListOrdersRequest, _ context: RPCServerContext
    ) async throws -> OrderV1.ListOrdersResponse {
        let query = try Self.query(request)
        let page = try await self.orders.page(query)
        let last = page.hasMore ? page.orders.last : nil
        return OrderV1.ListOrdersResponse(
            orders: page.orders.map(OrderV1.Order.init), nextPageToken: last.map { OrderCursor.text($0.id) } ?? "")
    }

    private static func query(_ request: OrderV1.ListOrdersRequest) throws -> OrderQuery {
        var faults = RequestFaults()
        let userID = request.userID.isEmpty ? nil : faults.id("user_id", request.userID)
        let size = faults.number("page_size", Int64(request.pageSize), in: Self.pageSizes)
        let status = OrderStatus(request.status)
        if status == nil, request.status != .unspecified { faults.reject("status", "is no status of an order") }
        let after = request.pageToken.isEmpty ? nil : OrderCursor.id(request.pageToken)
        if after == nil, !request.pageToken.isEmpty {
            faults.reject("page_token", "must be a next_page_token of an earlier answer")
        }
        try faults.validate()
        return OrderQuery(
            userID: userID, status: status, after: after, offset: 0, limit: size == 0 ? Self.pageSizeDefault : size)
    }
}

extension OrderV1.Order {
    init(_ order: Order) {
        self.init(
            id: order.id.description, userID: order.userID, status: OrderV1.OrderStatus(order.status),
            total: order.total.map(CommonV1.Money.init), paymentMethod: order.paymentMethod.rawValue,
            items: OrderV1.OrderItem.items(of: order), trackingNumber: order.trackingNumber ?? "",
            createdAt: GoogleProtobuf.Timestamp(microseconds: order.createdAt),
            updatedAt: GoogleProtobuf.Timestamp(microseconds: order.updatedAt))
    }
}

extension OrderV1.OrderItem {
    /// Without names and prices until the stock has been reserved.
    fileprivate static func items(of order: Order) -> [OrderV1.OrderItem] {
        switch order.contents {
        case .requested(let requested):
            requested.lines.map { OrderV1.OrderItem(productID: $0.productID, quantity: Int64($0.quantity)) }
        case .priced(let priced):
            priced.lines.map { line in
                OrderV1.OrderItem(
                    productID: line.productID, name: line.name, quantity: Int64(line.quantity),
                    price: CommonV1.Money(line.unitPrice))
            }
        }
    }
}

extension CommonV1.Money {
    fileprivate init(_ money: Money) {
        self.init(minorUnits: Int64(money.minorUnits), currency: money.currency.code)
    }
}

extension OrderV1.OrderStatus {
    fileprivate init(_ status: OrderStatus) {
        self =
            switch status {
            case .pending: .pending
            case .processing: .processing
            case .shipped: .shipped
            case .delivered: .delivered
            case .cancelled: .cancelled
            }
    }
}

extension OrderStatus {
    /// Nil for what names no status.
    fileprivate init?(_ status: OrderV1.OrderStatus) {
        switch status {
        case .pending: self = .pending
        case .processing: self = .processing
        case .shipped: self = .shipped
        case .delivered: self = .delivered
        case .cancelled: self = .cancelled
        default: return nil
        }
    }
}
