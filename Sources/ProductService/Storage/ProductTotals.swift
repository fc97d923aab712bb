import SQLite
import Synchronization

/// How many products each filter finds, remembered until the catalogue changes.
///
/// Counting touches every product that matches, a page only those on it; so a count is worth keeping, and a page is not.
final class ProductTotals: Sendable {
    private struct Entry {
        let version: CatalogueVersion
        let total: Int
    }

    private let entries = Mutex<[ProductFilter: Entry]>([:])
    private let entriesMax: Int

    /// - Parameter entriesMax: one more filter makes all be forgotten.
    init(entriesMax: Int = 256) { self.entriesMax = entriesMax }

    /// The total of `filter` at `version`, counted on `connection` unless known.
    func total(
        _ filter: ProductFilter, at version: CatalogueVersion, categories: [String]?, on connection: SQLiteConnection
    ) throws -> Int {
        let known = self.entries.withLock { $0[filter] }
        if let known, Self.isCurrent(known.version, at: version, for: filter) { return known.total }
        let statement = ProductListStatement.count(filter, categories: categories)
        let total = try connection.first(statement.sql, statement.bindings) { $0.int(0) } ?? 0
        self.entries.withLock { entries in
            if entries.count >= self.entriesMax, entries[filter] == nil { entries.removeAll(keepingCapacity: true) }
            entries[filter] = Entry(version: version, total: total)
        }
        return total
    }

    /// How much there is of a product matters only to those who ask what is in stock.
    private static func isCurrent(
        _ known: CatalogueVersion, at version: CatalogueVersion, for filter: ProductFilter
    ) -> Bool {
        known.listing == version.listing && known.epoch == version.epoch
            && (filter.inStock == nil || known.stock == version.stock)
    }
}
