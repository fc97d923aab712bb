import JSON
import Persistence
import SQLite

/// Stock by hand, its history and its sums, in SQLite.
struct SQLStockKeeper: StockKeeper {
    let database: Database
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    func move(_ productID: String, by change: StockChange) async throws -> (movement: [UInt8], quantity: Int) {
        let now = self.now()
        return try await self.database.write(ProductOperations.insertMovement) { connection in
            let product = try Self.product(productID, on: connection)
            guard product.stock + change.stock <= ProductLimits.stock.upperBound || change.stock < 0 else {
                throw StockError.aboveLimit
            }
            let applied = try StockLedger(connection: connection, now: now).apply(change, to: product.number)
            var writer = JSONWriter()
            let row = try connection.first(Self.newest, [.integer(product.number)]) { row in
                var times = TimestampText()
                Self.write(row, productID: productID, to: &writer, times: &times)
                return true
            }
            precondition(row != nil, "the movement \(applied.id) was not recorded")
            return (writer.bytes, applied.stockAfter)
        }
    }

    func history(_ productID: String, page: Int, limit: Int, cursor: Int?) async throws -> [UInt8] {
        try await self.database.read(ProductOperations.listMovements) { connection in
            let product = try Self.product(productID, on: connection)
            let total = try connection.first(Self.count, [.integer(product.number)]) { $0.int(0) } ?? 0
            let offset = cursor == nil ? (page - 1) * limit : 0
            var list = MovementList(limit: limit)
            if offset < total {
                let bindings: [SQLiteValue] = [
                    .integer(product.number), .integer(cursor ?? .max), .integer(limit + 1), .integer(offset),
                ]
                try connection.query(Self.select, bindings) { row in list.add(row, productID: productID) }
            }
            return list.finish(page: page, total: total)
        }
    }

    func totals(lowStockThreshold threshold: Int) async throws -> StockTotals {
        try await self.database.read(ProductOperations.sumStock) { connection in
            var totals = StockTotals()
            try connection.query(Self.sums, [.integer(threshold)]) { row in
                totals.onHand = row.int(0)
                totals.reserved = row.int(1)
                totals.sold = row.int(2)
                totals.lowStockProducts = row.int(3)
                totals.violations = row.int(4)
            }
            try connection.query(Self.orphans) { row in totals.violations += row.int(0) }
            return totals
        }
    }

    private static func product(_ id: String, on connection: SQLiteConnection) throws -> (number: Int, stock: Int) {
        let found = try connection.first(
            "SELECT number, stock_quantity FROM products WHERE id = ?1 AND deleted_at IS NULL", [.text(id)]
        ) { ($0.int(0), $0.int(1)) }
        guard let found else { throw StockError.productNotFound }
        return (found.0, found.1)
    }

    private static let newest: SQL = """
        SELECT number, id, kind, stock_delta, reason, stock_after, actor_id, order_id, created_at
        FROM stock_movements WHERE product = ?1 ORDER BY number DESC LIMIT 1
        """
    private static let select: SQL = """
        SELECT number, id, kind, stock_delta, reason, stock_after, actor_id, order_id, created_at
        FROM stock_movements WHERE product = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3 OFFSET ?4
        """
    private static let count: SQL = "SELECT count(*) FROM stock_movements WHERE product = ?1"
    private static let sums: SQL = """
        SELECT sum(stock_quantity), sum(reserved_quantity), sum(sold_quantity),
            sum(deleted_at IS NULL AND stock_quantity <= ?1),
            sum(stock_quantity + reserved_quantity + sold_quantity <> stocked_quantity)
        FROM products
        """
    /// Products whose reserved units are not exactly those that reservations hold.
    private static let orphans: SQL = """
        SELECT count(*) FROM products p LEFT JOIN (
            SELECT i.product AS product, sum(i.quantity) AS quantity
            FROM reservations r JOIN reservation_items i ON i.order_id = r.order_id
            WHERE r.status = 'held' GROUP BY i.product
        ) held ON held.product = p.number
        WHERE p.reserved_quantity <> ifnull(held.quantity, 0)
        """

    fileprivate static func write(
        _ row: borrowing SQLiteRow, productID: String, to writer: inout JSONWriter, times: inout TimestampText
    ) {
        writer.beginObject()
        writer.key("id")
        row.withUTF8(1) { writer.value(utf8: $0) }
        writer.field("product_id", productID)
        writer.key("kind")
        row.withUTF8(2) { writer.value(utf8: $0) }
        writer.field("delta", row.int(3))
        writer.key("reason")
        row.withUTF8(4) { writer.value(utf8: $0) }
        writer.field("stock_quantity", row.int(5))
        writer.field("user_id", row.optionalText(6))
        writer.field("order_id", row.optionalText(7))
        writer.key("created_at")
        times.write(row.int(8), to: &writer)
        writer.endObject()
    }
}

/// A page of movements on its way to JSON.
private struct MovementList {
    private var writer: JSONWriter
    private var times = TimestampText()
    private let limit: Int
    private var count = 0
    private var last: Int?
    private var hasMore = false

    init(limit: Int) {
        self.limit = limit
        self.writer = JSONWriter(capacity: 128 + limit * 320)
        self.writer.beginObject()
        self.writer.key("items")
        self.writer.beginArray()
    }

    mutating func add(_ row: borrowing SQLiteRow, productID: String) {
        guard self.count < self.limit else {
            self.hasMore = true
            return
        }
        self.count += 1
        self.last = row.int(0)
        SQLStockKeeper.write(row, productID: productID, to: &self.writer, times: &self.times)
    }

    mutating func finish(page: Int, total: Int) -> [UInt8] {
        self.writer.endArray()
        self.writer.field("page", page)
        self.writer.field("limit", self.limit)
        self.writer.field("total", total)
        self.writer.field("next_cursor", self.hasMore ? self.last.map { MovementCursor(number: $0).text } : nil)
        self.writer.endObject()
        return self.writer.bytes
    }
}
