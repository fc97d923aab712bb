import OrderDomain
import Persistence
import SQLite

/// Orders in SQLite.
struct SQLOrderRepository: OrderRepository {
    let database: Database

    func insert(_ record: OrderRecord, key: IdempotencyKey?, keysSince: Int) async throws -> UsedKey? {
        try await self.database.write(OrderOperations.insertOrder) { connection in
            if let key {
                let claim = try Self.claim(key, for: record.order, since: keysSince, connection)
                if let claim { return claim }
            }
            try Self.insert(record.order, connection)
            try Self.write(record, replacing: nil, connection)
            return nil
        }
    }

    func change<R: Sendable>(
        _ id: OrderID, _ body: @escaping @Sendable (inout OrderRecord) throws -> R
    ) async throws -> R {
        try await self.database.write(OrderOperations.updateOrder) { connection in
            guard let stored = try Self.find(id, connection) else { throw OrderNotFound(id: id) }
            var record = stored
            let result = try body(&record)
            try Self.update(record.order, replacing: stored.order, connection)
            try Self.write(record, replacing: stored, connection)
            return result
        }
    }

    func record(_ id: OrderID) async throws -> OrderRecord? {
        try await self.database.read(onLoop: OrderOperations.selectOrders) { connection in
            try connection.transaction(.deferred) { try Self.find(id, connection) }
        }
    }

    // MARK: Reading

    static func find(_ id: OrderID, _ connection: SQLiteConnection) throws -> OrderRecord? {
        let found = try connection.first(Self.selectRecord, [.text(id.description)]) { row in
            (
                head: try OrderRows.Head(row), payment: try OrderRows.payment(row, OrderRows.columnCount),
                saga: try OrderRows.saga(row, OrderRows.columnCount + 7)
            )
        }
        guard let found else { return nil }
        return OrderRecord(
            order: try OrderRows.order(found.head, connection), payment: found.payment, saga: found.saga)
    }

    private static let selectRecord = SQL(
        dynamic: """
            SELECT \(OrderRows.columns),
                p.status, p.method, p.amount, p.currency, p.reference, p.created_at, p.updated_at,
                s.step, s.owes_refund, s.owes_release, s.cart_version, s.attempts, s.due_at, s.traceparent
            FROM orders o LEFT JOIN payments p ON p.order_id = o.id LEFT JOIN sagas s ON s.order_id = o.id WHERE o.id = ?
            """)

    // MARK: Writing

    private static func insert(_ order: Order, _ connection: SQLiteConnection) throws {
        try connection.run(
            """
            INSERT INTO orders (id, user_id, status, payment_method, currency, total, shipping_address, tracking_number,
                cancel_reason, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(order.id.description), .text(order.userID), .text(order.status.rawValue),
            .text(order.paymentMethod.rawValue), .optional(order.total?.currency.code),
            .optional(order.total?.minorUnits), .optional(order.shippingAddress?.stored),
            .optional(order.trackingNumber), .optional(order.cancelReason?.rawValue), .integer(order.createdAt),
            .integer(order.updatedAt))
        try Self.insertLines(order, connection)
    }

    private static func update(_ order: Order, replacing stored: Order, _ connection: SQLiteConnection) throws {
        guard order != stored else { return }
        try connection.run(
            """
            UPDATE orders SET status = ?, currency = ?, total = ?, tracking_number = ?, cancel_reason = ?, updated_at = ?
            WHERE id = ?
            """,
            .text(order.status.rawValue), .optional(order.total?.currency.code), .optional(order.total?.minorUnits),
            .optional(order.trackingNumber), .optional(order.cancelReason?.rawValue), .integer(order.updatedAt),
            .text(order.id.description))
        guard order.contents != stored.contents else { return }
        try connection.run("DELETE FROM order_lines WHERE order_id = ?", .text(order.id.description))
        try Self.insertLines(order, connection)
    }

    private static func insertLines(_ order: Order, _ connection: SQLiteConnection) throws {
        let id = SQLiteValue.text(order.id.description)
        switch order.contents {
        case .requested(let requested):
            for (position, line) in requested.lines.enumerated() {
                try connection.run(
                    "INSERT INTO order_lines (order_id, position, product_id, quantity) VALUES (?, ?, ?, ?)", id,
                    .integer(position), .text(line.productID), .integer(line.quantity))
            }
        case .priced(let priced):
            for (position, line) in priced.lines.enumerated() {
                try connection.run(
                    """
                    INSERT INTO order_lines (order_id, position, product_id, quantity, name, unit_price)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, id, .integer(position), .text(line.productID), .integer(line.quantity), .text(line.name),
                    .integer(line.unitPrice.minorUnits))
            }
        }
    }
}
