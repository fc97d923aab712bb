import SQLite
import Security

/// Moves units: the only code that changes a product's counts, and it writes down every change.
struct StockLedger {
    let connection: SQLiteConnection
    /// Microseconds since 1970.
    let now: Int

    /// Applies `change` and records it.
    ///
    /// - Parameter product: its number.
    /// - Returns: the movement's id and the units on hand after it.
    /// - Throws: `StockError.belowZero` when fewer units are on hand than would be taken; nothing is changed then.
    @discardableResult
    func apply(_ change: StockChange, to product: Int) throws -> (id: String, stockAfter: Int) {
        let stocked = change.kind.changesStocked ? change.stock : 0
        let applied = try self.connection.run(
            Self.update, .integer(product), .integer(change.stock), .integer(change.reserved), .integer(change.sold),
            .integer(stocked), .integer(self.now))
        let left = try self.stock(of: product)
        guard applied == 1 else { throw StockError.belowZero(left: left) }
        let id = UUIDv7().description
        try self.connection.run(
            Self.insert, .text(id), .integer(product), .text(change.kind.rawValue), .integer(change.stock),
            .integer(change.reserved), .integer(change.sold), .integer(left), .text(change.reason),
            .optional(change.orderID), .optional(change.actorID), .integer(self.now))
        return (id, left)
    }

    private func stock(of product: Int) throws -> Int {
        try self.connection.first(Self.select, [.integer(product)]) { $0.int(0) } ?? 0
    }

    /// Too few units on hand change no row; a reserved or sold count below zero, which only a fault could bring about,
    /// breaks a CHECK of the table.
    private static let update: SQL = """
        UPDATE products SET
            stock_quantity = stock_quantity + ?2, reserved_quantity = reserved_quantity + ?3,
            sold_quantity = sold_quantity + ?4, stocked_quantity = stocked_quantity + ?5,
            version = version + 1, updated_at = ?6
        WHERE number = ?1 AND stock_quantity + ?2 >= 0
        """
    private static let select: SQL = "SELECT stock_quantity FROM products WHERE number = ?1"
    private static let insert: SQL = """
        INSERT INTO stock_movements (
            id, product, kind, stock_delta, reserved_delta, sold_delta, stock_after, reason, order_id, actor_id,
            created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """
}
