import OrderDomain
import Persistence
import SQLite

/// Idempotency keys.
extension SQLOrderRepository {
    func use(of key: IdempotencyKey, since: Int) async throws -> UsedKey? {
        try await self.database.read(onLoop: OrderOperations.selectKeys) { connection in
            try Self.use(of: key, since: since, connection)
        }
    }

    func removeKeys(usedBefore instant: Int, limit: Int) async throws -> Int {
        try await self.database.write(OrderOperations.deleteKeys) { connection in
            try connection.run(
                """
                DELETE FROM idempotency_keys WHERE order_id IN
                    (SELECT order_id FROM idempotency_keys WHERE created_at < ? LIMIT ?)
                """, .integer(instant), .integer(limit))
        }
    }

    /// Marks a key as used by an order; or gives its first use.
    static func claim(
        _ key: IdempotencyKey, for order: Order, since: Int, _ connection: SQLiteConnection
    ) throws -> UsedKey? {
        if let used = try self.use(of: key, since: since, connection) { return used }
        try connection.run(
            """
            INSERT OR REPLACE INTO idempotency_keys (user_id, key, fingerprint, order_id, created_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            .text(key.userID), .text(key.text), .text(key.fingerprint), .text(order.id.description),
            .integer(order.createdAt))
        return nil
    }

    private static func use(of key: IdempotencyKey, since: Int, _ connection: SQLiteConnection) throws -> UsedKey? {
        try connection.first(
            """
            SELECT fingerprint, order_id, status, answer FROM idempotency_keys
            WHERE user_id = ? AND key = ? AND created_at >= ?
            """, [.text(key.userID), .text(key.text), .integer(since)]
        ) { row in
            UsedKey(
                fingerprint: row.text(0), orderID: try OrderRows.value(row.text(1), OrderID.init),
                answer: row.isNull(2) ? nil : StoredAnswer(status: row.int(2), body: row.blob(3)))
        }
    }
}
