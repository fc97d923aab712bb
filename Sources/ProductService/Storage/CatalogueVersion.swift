import SQLite

/// How often the catalogue has changed so far.
struct CatalogueVersion: Sendable, Hashable {
    /// Tells a database made anew from the one before.
    let epoch: String
    /// Changes of what is listed: products and categories.
    let listing: Int
    /// Changes of how much there is.
    let stock: Int

    /// Weak: the same products may be written in another order of fields some day.
    var tag: EntityTag { EntityTag(text: "W/\"\(self.epoch)-\(self.listing)-\(self.stock)\"") }

    static func current(on connection: SQLiteConnection) throws -> CatalogueVersion {
        let version = try connection.first(Self.select) { row in
            CatalogueVersion(epoch: row.text(0), listing: row.int(1), stock: row.int(2))
        }
        return version ?? CatalogueVersion(epoch: "", listing: 0, stock: 0)
    }

    private static let select: SQL = """
        SELECT epoch, listing_version, stock_version FROM catalogue_state WHERE number = 1
        """
}
