import OrderDomain
import Testing

@Suite("Orders")
struct OrderTests {
    static let id = OrderID("01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77")

    private func placed(quantity: Int = 2) throws -> Order {
        try Order(
            placing: #require(Self.id), userID: "u",
            lines: RequestedLines(merging: [.init(productID: "a", quantity: quantity)]),
            paymentMethod: .paypal, shippingAddress: .text("12 Glass Lane"), at: 1)
    }

    private func prices(quantity: Int = 2, price: Int = 14_00) throws -> PricedLines {
        try PricedLines([
            OrderLine(
                productID: "a", name: "Mug", quantity: quantity, unitPrice: Money(minorUnits: price, currency: .usd))
        ])
    }

    private func order(_ status: OrderStatus) throws -> Order {
        var order = try self.placed()
        if status == .cancelled { _ = try order.cancel(.byCustomer, at: 2) }
        if [.processing, .shipped, .delivered].contains(status) {
            try order.price(self.prices(), at: 2)
            _ = try order.markPaid(at: 2)
        }
        if [.shipped, .delivered].contains(status) { _ = try order.ship(trackingNumber: "T", at: 3) }
        if status == .delivered { _ = try order.deliver(at: 4) }
        return order
    }

    @Test("An order goes from pending to delivered, and tells its history")
    func wholeWay() throws {
        var order = try self.placed()
        #expect(order.status == .pending && order.total == nil)
        try order.price(self.prices(), at: 2)
        #expect(order.total?.minorUnits == 28_00 && order.updatedAt == 2)
        #expect(try order.markPaid(at: 3) == OrderEvent(.paid, status: .processing, at: 3))
        #expect(try order.ship(trackingNumber: "VT1", at: 4) == OrderEvent(.shipped, status: .shipped, at: 4))
        #expect(order.trackingNumber == "VT1")
        #expect(try order.deliver(at: 5) == OrderEvent(.delivered, status: .delivered, at: 5))
        #expect(order.updatedAt == 5 && order.createdAt == 1 && order.cancelReason == nil)
    }

    @Test("Each step is possible from the right status only", arguments: OrderStatus.allCases)
    func steps(status: OrderStatus) throws {
        var (paid, shipped, delivered, cancelled) = (
            try self.order(status), try self.order(status), try self.order(status), try self.order(status)
        )
        if status == .pending { try paid.price(self.prices(), at: 2) }
        #expect(((try? paid.markPaid(at: 9)) != nil) == (status == .pending))
        #expect(((try? shipped.ship(trackingNumber: nil, at: 9)) != nil) == (status == .processing))
        #expect(((try? delivered.deliver(at: 9)) != nil) == (status == .shipped))
        #expect(((try? cancelled.cancel(.byAdmin, at: 9)) != nil) == [.pending, .processing].contains(status))
    }

    @Test("A refused step changes nothing")
    func refusedStep() throws {
        var order = try self.order(.shipped)
        let before = order
        #expect(throws: OrderError.illegalStep(.init(from: .shipped, to: .cancelled))) {
            try order.cancel(.byCustomer, at: 9)
        }
        #expect(order == before)
    }

    @Test("A cancelled order says why")
    func cancelling() throws {
        var order = try self.placed()
        #expect(
            try order.cancel(.outOfStock, at: 2)
                == OrderEvent(.cancelled, status: .cancelled, detail: "out_of_stock", at: 2))
        #expect(order.cancelReason == .outOfStock)
    }

    @Test("An order without prices cannot be paid")
    func unpriced() throws {
        var order = try self.placed()
        #expect(throws: OrderError.notPriced) { try order.markPaid(at: 2) }
    }

    @Test("Prices must be for what was asked, and once known stay")
    func pricing() throws {
        var order = try self.placed()
        #expect(throws: OrderError.linesDiffer) { try order.price(self.prices(quantity: 3), at: 2) }
        try order.price(self.prices(), at: 2)
        try order.price(self.prices(), at: 3)
        #expect(throws: OrderError.linesDiffer) { try order.price(self.prices(price: 1), at: 4) }
        _ = try order.markPaid(at: 5)
        #expect(throws: OrderError.notPending(.processing)) { try order.price(self.prices(), at: 6) }
    }

    @Test("What no sequence of steps leads to is not restored")
    func restoring() throws {
        let id = try #require(Self.id)
        func restore(_ status: OrderStatus, _ contents: Order.Contents, _ reason: CancelReason?) throws -> Order {
            try Order(
                restoring: id, userID: "u", paymentMethod: .paypal, shippingAddress: nil, status: status,
                contents: contents,
                trackingNumber: nil, cancelReason: reason, createdAt: 1, updatedAt: 1)
        }
        let requested = Order.Contents.requested(try RequestedLines(merging: [.init(productID: "a", quantity: 1)]))
        let priced = Order.Contents.priced(try self.prices())
        #expect(try restore(.pending, requested, nil).status == .pending)
        #expect(try restore(.cancelled, requested, .outOfStock).cancelReason == .outOfStock)
        #expect(try restore(.delivered, priced, nil).total?.minorUnits == 28_00)
        #expect(throws: OrderError.self) { try restore(.processing, requested, nil) }
        #expect(throws: OrderError.self) { try restore(.shipped, priced, .byAdmin) }
        #expect(throws: OrderError.self) { try restore(.cancelled, priced, nil) }
    }
}
