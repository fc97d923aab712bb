import Persistence
import SQLite

/// Carts in SQLite.
struct SQLCartRepository: CartRepository {
    private static let select = DatabaseOperation("SELECT", "cart_lines")
    private static let update = DatabaseOperation("UPDATE", "cart_lines")
    private static let delete = DatabaseOperation("DELETE", "carts")

    let database: Database

    func cart(of userID: String) async throws -> Cart {
        try self.database.readOnLoop(Self.select) { connection in try Self.find(userID, connection) }
    }

    func change(_ userID: String, now: Int, _ body: @escaping @Sendable (inout Cart) throws -> Void) async throws
        -> Cart
    {
        try await self.database.write(Self.update) { connection in
            let stored = try Self.find(userID, connection)
            var cart = stored
            try body(&cart)
            if cart != stored { try Self.store(cart, replacing: stored, now: now, connection) }
            return cart
        }
    }

    func removeCarts(untouchedSince instant: Int, limit: Int) async throws -> Int {
        try await self.database.write(Self.delete) { connection in
            try connection.run(
                "DELETE FROM carts WHERE user_id IN (SELECT user_id FROM carts WHERE updated_at < ? LIMIT ?)",
                .integer(instant), .integer(limit))
        }
    }

    // MARK: Rows

    /// One statement, so that version and lines are of the same moment outside a transaction too.
    private static func find(_ userID: String, _ connection: SQLiteConnection) throws -> Cart {
        var version = 0
        var lines: [Cart.Line] = []
        try connection.query(
            """
            SELECT c.version, l.product_id, l.quantity, l.added_in, l.changed_in
            FROM carts c LEFT JOIN cart_lines l ON l.user_id = c.user_id WHERE c.user_id = ?
            """, [.text(userID)]
        ) { row in
            version = row.int(0)
            guard !row.isNull(1) else { return }
            lines.append(
                Cart.Line(productID: row.text(1), quantity: row.int(2), addedIn: row.int(3), changedIn: row.int(4)))
        }
        // The primary key orders by product; a cart is short.
        lines.sort { $0.addedIn < $1.addedIn }
        return Cart(userID: userID, version: version, lines: lines)
    }

    /// Writes what differs: for most changes the cart's row and one line.
    private static func store(
        _ cart: Cart, replacing stored: Cart, now: Int, _ connection: SQLiteConnection
    ) throws {
        let user = SQLiteValue.text(cart.userID)
        try connection.run(
            """
            INSERT INTO carts (user_id, version, updated_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (user_id) DO UPDATE SET version = ?2, updated_at = ?3
            """, user, .integer(cart.version), .integer(now))
        for line in cart.lines where line.changedIn > stored.version {
            try connection.run(
                """
                INSERT INTO cart_lines (user_id, product_id, quantity, added_in, changed_in) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = ?3, changed_in = ?5
                """, user, .text(line.productID), .integer(line.quantity), .integer(line.addedIn),
                .integer(line.changedIn))
        }
        for line in stored.lines where cart.line(of: line.productID) == nil {
            try connection.run(
                "DELETE FROM cart_lines WHERE user_id = ? AND product_id = ?", user, .text(line.productID))
        }
    }
}
