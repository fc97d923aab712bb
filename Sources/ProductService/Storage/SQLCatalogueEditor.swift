import Persistence
import SQLite

/// Changes to products and categories in SQLite.
struct SQLCatalogueEditor: CatalogueEditor {
    let database: Database
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    func create(_ draft: ProductDraft, id: String, actorID: String) async throws -> RenderedDocument {
        let now = self.now()
        return try await self.database.write(ProductOperations.insertProduct) { connection in
            try Self.requireCategory(draft.category, on: connection)
            let number = try Self.insert(draft, id: id, now: now, on: connection)
            if let quantity = draft.stockQuantity, quantity > 0 {
                let change = StockChange.received(quantity, reason: "initial stock", actorID: actorID)
                try StockLedger(connection: connection, now: now).apply(change, to: number)
            }
            return try Self.document(id, on: connection)
        }
    }

    func change(
        _ id: String, _ patch: ProductPatch, ifMatch: EntityTagCondition?, actorID: String
    ) async throws -> RenderedDocument {
        let now = self.now()
        return try await self.database.write(ProductOperations.updateProduct) { connection in
            let current = try Self.current(id, ifMatch: ifMatch, on: connection)
            if let category = patch.category { try Self.requireCategory(category, on: connection) }
            try Self.update(current.number, patch, now: now, on: connection)
            if let quantity = patch.stockQuantity, quantity != current.stock {
                let change = StockChange.adjusted(
                    by: quantity - current.stock, reason: "set with the product", actorID: actorID)
                try StockLedger(connection: connection, now: now).apply(change, to: current.number)
            }
            return try Self.document(id, on: connection)
        }
    }

    func remove(_ id: String, ifMatch: EntityTagCondition?) async throws {
        let now = self.now()
        try await self.database.write(ProductOperations.deleteProduct) { connection in
            let current = try Self.current(id, ifMatch: ifMatch, on: connection)
            try connection.run(
                "UPDATE products SET deleted_at = ?2, updated_at = ?2, version = version + 1 WHERE number = ?1",
                .integer(current.number), .integer(now))
        }
    }

    /// Adds the row, without stock.
    static func insert(
        _ draft: ProductDraft, id: String, now: Int, on connection: SQLiteConnection
    ) throws -> Int {
        try connection.run(
            """
            INSERT INTO products (
                id, name, description, price_minor_units, currency, category, image_url, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
            """,
            .text(id), .text(draft.name), .text(draft.description), .integer(draft.priceMinorUnits),
            .text(ProductLimits.currency), .text(draft.category), .optional(draft.imageURL), .integer(now))
        return connection.lastInsertRowID
    }

    private struct Current {
        let number: Int
        let stock: Int
    }

    private static func current(
        _ id: String, ifMatch: EntityTagCondition?, on connection: SQLiteConnection
    ) throws -> Current {
        let sql: SQL = """
            SELECT number, stock_quantity, version, updated_at FROM products WHERE id = ?1 AND deleted_at IS NULL
            """
        let found = try connection.first(sql, [.text(id)]) { row in
            (
                Current(number: row.int(0), stock: row.int(1)),
                EntityTag.product(version: row.int(2), updatedAt: row.int(3))
            )
        }
        guard let (current, tag) = found else { throw CatalogueError.productNotFound }
        guard tag.isAccepted(by: ifMatch) else { throw CatalogueError.productChanged }
        return current
    }

    /// A null binding keeps the column; the picture, which may become null, says so in a binding of its own.
    private static func update(
        _ number: Int, _ patch: ProductPatch, now: Int, on connection: SQLiteConnection
    ) throws {
        try connection.run(
            """
            UPDATE products SET
                name = ifnull(?2, name), description = ifnull(?3, description),
                price_minor_units = ifnull(?4, price_minor_units), category = ifnull(?5, category),
                image_url = iif(?6, ?7, image_url), version = version + 1, updated_at = ?8
            WHERE number = ?1
            """,
            .integer(number), .optional(patch.name), .optional(patch.description), .optional(patch.priceMinorUnits),
            .optional(patch.category), .bool(patch.imageURL != nil), .optional(patch.imageURL ?? nil), .integer(now))
    }

    private static func requireCategory(_ slug: String, on connection: SQLiteConnection) throws {
        let known = try connection.first("SELECT 1 FROM categories WHERE slug = ?1", [.text(slug)]) { _ in true }
        guard known != nil else { throw CatalogueError.unknownCategory(field: "category") }
    }

    private static func document(_ id: String, on connection: SQLiteConnection) throws -> RenderedDocument {
        guard case .document(let document)? = try ProductRow.document(id, on: connection, known: nil) else {
            throw CatalogueError.productNotFound
        }
        return document
    }
}
