import JSON
import SQLite

/// A row of `products` on its way to JSON: the columns every statement selects, in this order, and how they are written.
enum ProductRow {
    static let id = 0
    static let name = 1
    static let description = 2
    static let price = 3
    static let currency = 4
    static let stock = 5
    static let category = 6
    static let imageURL = 7
    static let createdAt = 8
    static let updatedAt = 9
    static let version = 10
    static let number = 11

    /// The select list.
    static let columns = """
        p.id, p.name, p.description, p.price_minor_units, p.currency, p.stock_quantity, p.category, p.image_url, \
        p.created_at, p.updated_at, p.version, p.number
        """

    /// Writes the product straight from the database's bytes.
    static func write(_ row: borrowing SQLiteRow, to writer: inout JSONWriter, times: inout TimestampText) {
        writer.beginObject()
        Self.text(row, Self.id, "id", &writer)
        Self.text(row, Self.name, "name", &writer)
        Self.text(row, Self.description, "description", &writer)
        writer.field("price", minorUnits: row.int(Self.price))
        Self.text(row, Self.currency, "currency", &writer)
        writer.field("stock_quantity", row.int(Self.stock))
        Self.text(row, Self.category, "category", &writer)
        if row.isNull(Self.imageURL) {
            writer.key("image_url")
            writer.null()
        } else {
            Self.text(row, Self.imageURL, "image_url", &writer)
        }
        writer.key("created_at")
        times.write(row.int(Self.createdAt), to: &writer)
        writer.key("updated_at")
        times.write(row.int(Self.updatedAt), to: &writer)
        writer.endObject()
    }

    @inline(__always)
    private static func text(
        _ row: borrowing SQLiteRow, _ column: Int, _ key: StaticString, _ writer: inout JSONWriter
    ) {
        writer.key(key)
        row.withUTF8(column) { writer.value(utf8: $0) }
    }

    /// Reads one product by its id; nil when it is not in the catalogue.
    static func document(_ id: String, on connection: SQLiteConnection, known: EntityTagCondition?) throws
        -> ConditionalDocument?
    {
        try connection.first(Self.byID, [.text(id)]) { row in
            let tag = EntityTag.product(version: row.int(Self.version), updatedAt: row.int(Self.updatedAt))
            if let known, tag.isKnown(by: known) { return .notModified(tag) }
            var writer = JSONWriter(capacity: 1_024)
            var times = TimestampText()
            Self.write(row, to: &writer, times: &times)
            return .document(RenderedDocument(bytes: writer.bytes, tag: tag))
        }
    }

    private static let byID: SQL = """
        SELECT p.id, p.name, p.description, p.price_minor_units, p.currency, p.stock_quantity, p.category, p.image_url,
            p.created_at, p.updated_at, p.version, p.number
        FROM products p WHERE p.id = ?1 AND p.deleted_at IS NULL
        """
}
