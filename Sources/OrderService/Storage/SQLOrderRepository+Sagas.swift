import OrderDomain
import Persistence
import SQLite

/// Unfinished orders, and the check that the finished ones add up.
extension SQLOrderRepository {
    func leaseDueSagas(now: Int, until: Int, limit: Int) async throws -> [OrderID] {
        // Nothing is due most of the time, and then nothing needs to be written.
        let isAnyDue = try await self.database.read(onLoop: OrderOperations.selectSagas) { connection in
            try connection.first("SELECT 1 FROM sagas WHERE due_at <= ? LIMIT 1", [.integer(now)]) { _ in true }
                ?? false
        }
        guard isAnyDue else { return [] }
        return try await self.database.write(OrderOperations.updateSagas) { connection in
            let due = try connection.all(
                "SELECT order_id FROM sagas WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                [.integer(now), .integer(limit)]
            ) { row in try OrderRows.value(row.text(0), OrderID.init) }
            for id in due {
                try connection.run(
                    "UPDATE sagas SET due_at = ? WHERE order_id = ?", .integer(until), .text(id.description))
            }
            return due
        }
    }

    func sagaBacklog() async throws -> [Saga.Step: SagaBacklog] {
        try await self.database.read(OrderOperations.selectSagas) { connection in
            var backlog: [Saga.Step: SagaBacklog] = [:]
            try connection.query(
                """
                SELECT s.step, count(*), min(o.updated_at)
                FROM sagas s JOIN orders o ON o.id = s.order_id GROUP BY s.step
                """
            ) { row in
                let step = try OrderRows.value(row.text(0), Saga.Step.init)
                backlog[step] = SagaBacklog(count: row.int(1), oldestChange: row.int(2))
            }
            return backlog
        }
    }

    func audit(after cursor: AuditCursor, limit: Int) async throws -> AuditPage {
        try await self.database.read(OrderOperations.selectPayments) { connection in
            var violations: [OrderID] = []
            var last: AuditCursor?
            try connection.query(
                Self.auditPage,
                [.integer(cursor.updatedAt), .text(cursor.id), .integer(limit)]
            ) { row in
                last = AuditCursor(updatedAt: row.int(1), id: row.text(0))
                if row.bool(2) { violations.append(try OrderRows.value(row.text(0), OrderID.init)) }
            }
            return AuditPage(violations: violations, last: last)
        }
    }

    func audit(_ ids: [OrderID]) async throws -> [OrderID] {
        try await self.database.read(OrderOperations.selectPayments) { connection in
            try ids.filter { id in
                try connection.first(Self.auditOne, [.text(id.description)]) { row in row.bool(2) } ?? false
            }
        }
    }

    /// The rules about money: the total is the sum of the lines; what is sold was paid in full, once; what is
    /// cancelled was given back, or is owed.
    private static let auditColumns = """
        SELECT o.id, o.updated_at,
            coalesce(o.total <> (SELECT sum(l.quantity * l.unit_price) FROM order_lines l WHERE l.order_id = o.id), FALSE)
            OR coalesce(o.total <> p.amount, FALSE)
            OR (o.status IN ('processing', 'shipped', 'delivered') AND coalesce(p.status, '') <> 'captured')
            OR (o.status = 'pending' AND coalesce(p.status, 'unknown') <> 'unknown')
            OR (o.status = 'cancelled' AND coalesce(p.status, '') IN ('captured', 'unknown') AND NOT coalesce(s.owes_refund, FALSE))
        FROM orders o LEFT JOIN payments p ON p.order_id = o.id LEFT JOIN sagas s ON s.order_id = o.id
        """
    private static let auditPage = SQL(
        dynamic: "\(auditColumns) WHERE (o.updated_at, o.id) > (?, ?) ORDER BY o.updated_at, o.id LIMIT ?")
    private static let auditOne = SQL(dynamic: "\(auditColumns) WHERE o.id = ?")
}
