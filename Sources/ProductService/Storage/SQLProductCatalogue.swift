import JSON
import Persistence
import SQLite

/// The catalogue in SQLite.
///
/// Pages and products are read on the event loop, because that costs less than the hop to a reader thread. What turns out
/// to be long (far pages, counts of large catalogues) runs into the loop's step limit and is then read on a reader;
/// searches go there at once.
struct SQLProductCatalogue: ProductCatalogue {
    private let database: Database
    private let totals = ProductTotals()
    private let categories = CategoryCache()

    init(_ database: Database) { self.database = database }

    func page(_ query: ProductQuery, known: EntityTagCondition?) async throws -> RenderedPage {
        if query.filter.search != nil {
            return try await self.database.read(ProductOperations.searchProducts) { connection in
                try self.read(query, known, connection)
            }
        }
        do {
            return try await self.database.read(onLoop: ProductOperations.listProducts) { connection in
                try connection.transaction(.deferred) { try self.read(query, known, connection) }
            }
        } catch let error as SQLiteError where error.code == .interrupt {
            return try await self.database.read(ProductOperations.listProducts) { connection in
                try self.read(query, known, connection)
            }
        }
    }

    func product(_ id: String, known: EntityTagCondition?) async throws -> ConditionalDocument? {
        try await self.database.read(onLoop: ProductOperations.listProducts) { connection in
            try ProductRow.document(id, on: connection, known: known)
        }
    }

    func categories(known: EntityTagCondition?) async throws -> ConditionalDocument {
        try await self.database.read(onLoop: ProductOperations.listCategories) { connection in
            try connection.transaction(.deferred) {
                let version = try CatalogueVersion.current(on: connection)
                let tag = CategoryCache.tag(at: version)
                if let known, tag.isKnown(by: known) { return .notModified(tag) }
                return .document(try self.categories.document(at: version, on: connection))
            }
        }
    }

    func batch(_ ids: [String]) async throws -> [UInt8] {
        try await self.database.read(onLoop: ProductOperations.listProducts) { connection in
            try connection.transaction(.deferred) {
                var writer = JSONWriter(capacity: 64 + ids.count * 192)
                writer.beginObject()
                writer.key("items")
                writer.beginArray()
                for id in ids {
                    try connection.query(Self.snapshot, [.text(id)]) { row in Self.writeSnapshot(row, to: &writer) }
                }
                writer.endArray()
                writer.endObject()
                return writer.bytes
            }
        }
    }

    /// - Precondition: every statement here sees the same snapshot of the database.
    private func read(
        _ query: ProductQuery, _ known: EntityTagCondition?, _ connection: SQLiteConnection
    ) throws -> RenderedPage {
        let version = try CatalogueVersion.current(on: connection)
        let tag = version.tag
        if let known, tag.isKnown(by: known) { return RenderedPage(answer: .notModified(tag), total: nil) }
        var slugs: [String]?
        var total = 0
        if let category = query.filter.category {
            slugs = try self.categories.slugs(under: category, at: version, on: connection)
        }
        // Nothing hangs on a category that does not exist, and nothing is found without a word to look for.
        if query.filter.category == nil || slugs != nil, query.filter.search?.words.isEmpty != true {
            total = try self.totals.total(query.filter, at: version, categories: slugs, on: connection)
        }
        let bytes = try ProductPageRenderer.render(query, total: total, categories: slugs, on: connection)
        return RenderedPage(answer: .document(RenderedDocument(bytes: bytes, tag: tag)), total: total)
    }

    /// The fields of `ProductSnapshot`.
    private static func writeSnapshot(_ row: borrowing SQLiteRow, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        row.withUTF8(0) { writer.value(utf8: $0) }
        writer.key("name")
        row.withUTF8(1) { writer.value(utf8: $0) }
        writer.field("price_minor_units", row.int(2))
        writer.key("currency")
        row.withUTF8(3) { writer.value(utf8: $0) }
        writer.field("available_quantity", row.int(4))
        writer.endObject()
    }

    private static let snapshot: SQL = """
        SELECT id, name, price_minor_units, currency, stock_quantity FROM products WHERE id = ?1 AND deleted_at IS NULL
        """
}
