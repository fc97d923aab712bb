import JSON
import OrderDomain
import SQLite

/// Reads orders from rows.
enum OrderRows {
    /// What `order(_:_:)` reads, in its order.
    static let columns = """
        o.id, o.user_id, o.status, o.payment_method, o.currency, o.shipping_address, o.tracking_number, o.cancel_reason, \
        o.created_at, o.updated_at
        """
    /// How many columns that are.
    static let columnCount = 10

    /// The row of an order, before its lines are read.
    struct Head {
        let id: OrderID
        let userID: String
        let status: OrderStatus
        let method: PaymentMethod
        let currency: Currency?
        let address: ShippingAddress?
        let trackingNumber: String?
        let cancelReason: CancelReason?
        let createdAt: Int
        let updatedAt: Int

        init(_ row: borrowing SQLiteRow) throws {
            self.id = try OrderRows.value(row.text(0), OrderID.init)
            self.userID = row.text(1)
            self.status = try OrderRows.value(row.text(2), OrderStatus.init)
            self.method = try OrderRows.value(row.text(3), PaymentMethod.init)
            self.currency = try row.optionalText(4).map { try OrderRows.value($0, Currency.init) }
            self.address = row.optionalText(5).flatMap(ShippingAddress.init(stored:))
            self.trackingNumber = row.optionalText(6)
            self.cancelReason = try row.optionalText(7).map { try OrderRows.value($0, CancelReason.init) }
            self.createdAt = row.int(8)
            self.updatedAt = row.int(9)
        }

        func order(_ contents: Order.Contents) throws -> Order {
            try Order(
                restoring: self.id, userID: self.userID, paymentMethod: self.method, shippingAddress: self.address,
                status: self.status, contents: contents, trackingNumber: self.trackingNumber,
                cancelReason: self.cancelReason, createdAt: self.createdAt, updatedAt: self.updatedAt)
        }
    }

    /// The order that a head begins.
    static func order(_ head: Head, _ connection: SQLiteConnection) throws -> Order {
        guard let currency = head.currency else {
            return try head.order(.requested(self.requested(head.id, connection)))
        }
        let lines = try connection.all(self.linesOfOrder, [.text(head.id.description)]) { row in
            try OrderLine(
                productID: row.text(0), name: row.text(2), quantity: row.int(1),
                unitPrice: Money(minorUnits: row.int(3), currency: currency))
        }
        return try head.order(.priced(PricedLines(lines)))
    }

    private static func requested(_ id: OrderID, _ connection: SQLiteConnection) throws -> RequestedLines {
        try RequestedLines(
            merging: connection.all(self.linesOfOrder, [.text(id.description)]) { row in
                RequestedLine(productID: row.text(0), quantity: row.int(1))
            })
    }

    private static let linesOfOrder: SQL =
        "SELECT product_id, quantity, name, unit_price FROM order_lines WHERE order_id = ? ORDER BY position"

    /// The payment in the columns from `column` on; nil where an outer join found none.
    static func payment(_ row: borrowing SQLiteRow, _ column: Int) throws -> Payment? {
        guard !row.isNull(column) else { return nil }
        let currency = try self.value(row.text(column + 3), Currency.init)
        return Payment(
            status: try self.value(row.text(column), Payment.Status.init),
            method: try self.value(row.text(column + 1), PaymentMethod.init),
            amount: try Money(minorUnits: row.int(column + 2), currency: currency),
            reference: row.optionalText(column + 4), createdAt: row.int(column + 5), updatedAt: row.int(column + 6))
    }

    /// The saga in the columns from `column` on; nil where an outer join found none.
    static func saga(_ row: borrowing SQLiteRow, _ column: Int) throws -> Saga? {
        guard !row.isNull(column) else { return nil }
        return Saga(
            step: try self.value(row.text(column), Saga.Step.init), owesRefund: row.bool(column + 1),
            owesRelease: row.bool(column + 2), cartVersion: row.optionalInt(column + 3), attempts: row.int(column + 4),
            dueAt: row.int(column + 5), traceparent: row.text(column + 6))
    }

    /// - Throws: `OrderError.inconsistent` for a value that this program does not know.
    static func value<T>(_ text: String, _ read: (String) -> T?) throws -> T {
        guard let value = read(text) else { throw OrderError.inconsistent("'\(text)' is no \(T.self)") }
        return value
    }
}
