import OrderDomain
import Persistence
import SQLite

/// Lists and histories.
extension SQLOrderRepository {
    func page(_ query: OrderQuery) async throws -> OrderPage {
        try await self.database.read(OrderOperations.selectOrders) { connection in
            let filter = Filter(query)
            let total = try connection.first(filter.count, filter.bindings) { $0.int(0) } ?? 0
            // One more than asked for tells whether there is more.
            var heads = try connection.all(
                filter.select, filter.bindings + filter.position + [.integer(query.limit + 1), .integer(query.offset)]
            ) { row in try OrderRows.Head(row) }
            let hasMore = heads.count > query.limit
            if hasMore { heads.removeLast() }
            return OrderPage(
                orders: try heads.map { try OrderRows.order($0, connection) }, total: total, hasMore: hasMore)
        }
    }

    func events(of id: OrderID, offset: Int, limit: Int) async throws -> (events: [OrderEvent], total: Int) {
        try await self.database.read(onLoop: OrderOperations.selectEvents) { connection in
            try connection.transaction(.deferred) {
                let order = SQLiteValue.text(id.description)
                let total =
                    try connection.first("SELECT count(*) FROM order_events WHERE order_id = ?", [order]) { $0.int(0) }
                    ?? 0
                let events = try connection.all(
                    """
                    SELECT kind, status, detail, created_at FROM order_events WHERE order_id = ?
                    ORDER BY position LIMIT ? OFFSET ?
                    """, [order, .integer(limit), .integer(offset)]
                ) { row in
                    OrderEvent(
                        try OrderRows.value(row.text(0), OrderEvent.Kind.init),
                        status: try OrderRows.value(row.text(1), OrderStatus.init), detail: row.optionalText(2),
                        at: row.int(3))
                }
                return (events, total)
            }
        }
    }

    /// The statements of one combination of filters; there are eight.
    private struct Filter {
        let count: SQL
        let select: SQL
        let bindings: [SQLiteValue]
        let position: [SQLiteValue]

        init(_ query: OrderQuery) {
            var conditions: [String] = []
            var bindings: [SQLiteValue] = []
            if let userID = query.userID {
                conditions.append("o.user_id = ?")
                bindings.append(.text(userID))
            }
            if let status = query.status {
                conditions.append("o.status = ?")
                bindings.append(.text(status.rawValue))
            }
            self.bindings = bindings
            self.count = SQL(dynamic: "SELECT count(*) FROM orders o\(Self.clause(conditions))")
            if let after = query.after {
                conditions.append("o.id < ?")
                self.position = [.text(after.description)]
            } else {
                self.position = []
            }
            // Ids of version 7 are in the order in which they were made.
            self.select = SQL(
                dynamic:
                    "SELECT \(OrderRows.columns) FROM orders o\(Self.clause(conditions)) ORDER BY o.id DESC LIMIT ? OFFSET ?"
            )
        }

        private static func clause(_ conditions: [String]) -> String {
            conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
        }
    }
}
