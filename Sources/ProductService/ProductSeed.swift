public import Persistence
public import ServiceKit
import SQLite

/// Fills an empty shop with its first catalogue: 240 products in 12 categories.
///
/// Rows are recognised by their ids: what is there already, changed or taken out of the catalogue since, stays as it is. A
/// second run changes nothing.
public struct ProductSeed: Sendable {
    private let database: Database

    /// What a run has added.
    public struct Summary: Sendable, Hashable {
        public let categories: Int
        public let products: Int
    }

    /// - Parameter database: the product service's own, migrated.
    public init(_ database: Database) { self.database = database }

    /// Opens the product service's database in `platform`'s data folder, migrates it, seeds it and closes it.
    /// - Throws: an error whose description says what is wrong with the file or folder.
    @discardableResult
    public static func load(_ platform: ServicePlatform) async throws -> Summary {
        let database = try ProductService.openDatabase(platform)
        do {
            let summary = try await ProductSeed(database).load()
            await database.close()
            return summary
        } catch {
            await database.close()
            throw error
        }
    }

    /// Adds what is missing, in one transaction.
    @discardableResult
    public func load() async throws -> Summary {
        try await self.database.write(ProductOperations.insertProduct) { connection in
            var categories = 0
            for category in SeedCatalogue.categories { categories += try Self.insert(category, on: connection) }
            var products = 0
            for (place, product) in Self.shelfOrder.enumerated() {
                products += try Self.insert(product, at: place, on: connection)
            }
            return Summary(categories: categories, products: products)
        }
    }

    /// One product of each category in turn, so that the newest ones of the first page come from all over the shop.
    static let shelfOrder: [SeedProduct] = {
        var shelves: [String: [SeedProduct]] = [:]
        for product in SeedCatalogue.products { shelves[product.categorySlug, default: []].append(product) }
        let slugs = SeedCatalogue.categories.map(\.slug).filter { shelves[$0] != nil }
        let longest = shelves.values.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in
            slugs.compactMap { slug in shelves[slug].flatMap { place < $0.count ? $0[place] : nil } }
        }
    }()

    /// 10 June 2024, which the seeded ids say too, in microseconds since 1970.
    private static let firstDay = 1_717_986_918_400_000
    /// Between two products, in microseconds: a minute.
    private static let step = 60_000_000

    private static func insert(_ category: SeedCategory, on connection: SQLiteConnection) throws -> Int {
        // The parent is found by its slug; one that was taken away or renamed leaves the category at the top.
        try connection.run(
            """
            INSERT INTO categories (id, slug, name, parent_id, created_at, updated_at)
            VALUES (?1, ?2, ?3, (SELECT id FROM categories WHERE slug = ?4), ?5, ?5) ON CONFLICT DO NOTHING
            """,
            .text(category.id), .text(category.slug), .text(category.name), .optional(category.parentSlug),
            .integer(Self.firstDay))
    }

    private static func insert(_ product: SeedProduct, at place: Int, on connection: SQLiteConnection) throws -> Int {
        let known = try connection.first("SELECT 1 FROM products WHERE id = ?1", [.text(product.id)]) { _ in true }
        let category = try connection.first(
            "SELECT slug FROM categories WHERE id = ?1", [.text(product.category.id)]
        ) { $0.text(0) }
        guard known == nil, let category else { return 0 }
        let now = Self.firstDay + place * Self.step
        let draft = ProductDraft(
            name: product.name, description: product.description, priceMinorUnits: product.priceMinorUnits,
            stockQuantity: product.stockQuantity, category: category, imageURL: product.imageURL)
        let number = try SQLCatalogueEditor.insert(draft, id: product.id, now: now, on: connection)
        if product.stockQuantity > 0 {
            try StockLedger(connection: connection, now: now).apply(
                .received(product.stockQuantity, reason: "initial stock", actorID: nil), to: number)
        }
        return 1
    }
}
