import OrderDomain
import SQLite

/// What hangs on an order: payment, saga, history and idempotency key.
extension SQLOrderRepository {
    static func write(_ record: OrderRecord, replacing stored: OrderRecord?, _ connection: SQLiteConnection) throws {
        let id = SQLiteValue.text(record.order.id.description)
        if let payment = record.payment, payment != stored?.payment { try self.write(payment, of: id, connection) }
        if record.saga != stored?.saga { try self.write(record.saga, of: id, connection) }
        for event in record.newEvents { try self.append(event, to: id, connection) }
        switch record.answer {
        case .keep: break
        case .forget: try connection.run("DELETE FROM idempotency_keys WHERE order_id = ?", id)
        case .store(let answer):
            try connection.run(
                "UPDATE idempotency_keys SET status = ?, answer = ? WHERE order_id = ?", .integer(answer.status),
                .blob(answer.body), id)
        }
    }

    private static func write(_ payment: Payment, of id: SQLiteValue, _ connection: SQLiteConnection) throws {
        try connection.run(
            """
            INSERT INTO payments (order_id, status, method, amount, currency, reference, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (order_id) DO UPDATE SET status = ?2, reference = ?6, updated_at = ?8
            """,
            id, .text(payment.status.rawValue), .text(payment.method.rawValue), .integer(payment.amount.minorUnits),
            .text(payment.amount.currency.code), .optional(payment.reference), .integer(payment.createdAt),
            .integer(payment.updatedAt))
    }

    private static func write(_ saga: Saga?, of id: SQLiteValue, _ connection: SQLiteConnection) throws {
        guard let saga else {
            try connection.run("DELETE FROM sagas WHERE order_id = ?", id)
            return
        }
        try connection.run(
            """
            INSERT INTO sagas (order_id, step, owes_refund, owes_release, cart_version, attempts, due_at, traceparent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (order_id) DO UPDATE SET
                step = ?2, owes_refund = ?3, owes_release = ?4, cart_version = ?5, attempts = ?6, due_at = ?7
            """,
            id, .text(saga.step.rawValue), .bool(saga.owesRefund), .bool(saga.owesRelease), .optional(saga.cartVersion),
            .integer(saga.attempts), .integer(saga.dueAt), .text(saga.traceparent))
    }

    private static func append(_ event: OrderEvent, to id: SQLiteValue, _ connection: SQLiteConnection) throws {
        try connection.run(
            """
            INSERT INTO order_events (order_id, position, kind, status, detail, created_at)
            SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3, ?4, ?5 FROM order_events WHERE order_id = ?1
            """,
            id, .text(event.kind.rawValue), .text(event.status.rawValue), .optional(event.detail), .integer(event.at))
    }
}
