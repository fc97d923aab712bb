import Persistence
import SQLite

/// Carts in SQLite, one row each.
struct SQLCartRepository: CartRepository {
    /// How old `touched_at` may be before it is written anew, in microseconds: an hour.
    private static let touchAgeMax = 3_600_000_000

    let database: Database

    func cart(of userID: String) async throws -> Cart {
        try await self.database.read(onLoop: CartOperations.selectCarts) { connection in
            try Self.find(userID, connection)?.cart ?? Cart(userID: userID)
        }
    }

    func change(
        _ userID: String, now: Int, _ body: @escaping @Sendable (inout Cart) throws -> Void
    ) async throws -> Cart {
        try await self.database.write(CartOperations.updateCarts) { connection in
            let stored = try Self.find(userID, connection)
            var cart = stored?.cart ?? Cart(userID: userID)
            let version = cart.version
            try body(&cart)
            guard cart.version != version else { return cart }
            if let stored, now - stored.touchedAt < Self.touchAgeMax {
                try Self.update(cart, connection)
            } else {
                try Self.put(cart, touchedAt: now, connection)
            }
            return cart
        }
    }

    func removeCarts(untouchedSince instant: Int, limit: Int) async throws -> Int {
        try await self.database.write(CartOperations.deleteCarts) { connection in
            try connection.run(
                "DELETE FROM carts WHERE user_id IN (SELECT user_id FROM carts WHERE touched_at < ? LIMIT ?)",
                .integer(instant), .integer(limit))
        }
    }

    // MARK: Rows

    private static func find(_ userID: String, _ connection: SQLiteConnection) throws -> (cart: Cart, touchedAt: Int)? {
        try connection.first("SELECT version, touched_at, lines FROM carts WHERE user_id = ?", [.text(userID)]) { row in
            let lines = try row.withUTF8(2) { text in try StoredLines.read(text) }
            return (Cart(userID: userID, version: row.int(0), lines: lines), row.int(1))
        }
    }

    private static func update(_ cart: Cart, _ connection: SQLiteConnection) throws {
        try connection.run(
            "UPDATE carts SET version = ?, lines = ? WHERE user_id = ?", .integer(cart.version),
            .text(StoredLines.write(cart.lines)), .text(cart.userID))
    }

    private static func put(_ cart: Cart, touchedAt now: Int, _ connection: SQLiteConnection) throws {
        try connection.run(
            """
            INSERT INTO carts (user_id, version, touched_at, lines) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (user_id) DO UPDATE SET version = ?2, touched_at = ?3, lines = ?4
            """, .text(cart.userID), .integer(cart.version), .integer(now), .text(StoredLines.write(cart.lines)))
    }
}
