import SQLite

/// The SQL of one page of products, and of how many there are.
///
/// Put together from fragments of this file only; what a stranger sent is bound. Numbers are looked for first, in an
/// index where there is one, and rows are read for the page alone.
struct ProductListStatement {
    let sql: SQL
    let bindings: [SQLiteValue]
}

extension ProductListStatement {
    /// The statement of a page; it gives one row more than the page holds where there is more to come.
    ///
    /// - Parameter categories: the slugs that the filter's category stands for; nil without one.
    static func page(_ query: ProductQuery, categories: [String]?) -> ProductListStatement {
        let limit = SQLiteValue.integer(query.limit + 1)
        if query.sort == .newest, query.filter.isEmpty, case .page = query.position {
            return ProductListStatement(sql: self.newest, bindings: [limit, .integer(query.offset)])
        }
        var conditions = Conditions(query.filter, categories: categories)
        if case .after(let cursor) = query.position { conditions.add(cursor) }
        let isRanked = query.sort == .relevance
        let source = isRanked ? "product_search s JOIN products p ON p.number = s.rowid" : "products p"
        let score = isRanked ? ", s.rank AS score" : ""
        let sql = """
            WITH hits AS MATERIALIZED (
                SELECT p.number AS number\(score) FROM \(source) WHERE \(conditions.text(isRanked: isRanked))
                ORDER BY \(Self.order(query.sort)) LIMIT ? OFFSET ?
            )
            SELECT \(ProductRow.columns) FROM hits CROSS JOIN products p ON p.number = hits.number
            ORDER BY \(Self.order(query.sort))
            """
        return ProductListStatement(
            sql: SQL(dynamic: sql), bindings: conditions.bindings + [limit, .integer(query.offset)])
    }

    /// The statement that counts all pages.
    static func count(_ filter: ProductFilter, categories: [String]?) -> ProductListStatement {
        guard !filter.isEmpty else { return ProductListStatement(sql: self.countAll, bindings: []) }
        let conditions = Conditions(filter, categories: categories)
        let sql = "SELECT count(*) FROM products p WHERE \(conditions.text(isRanked: false))"
        return ProductListStatement(sql: SQL(dynamic: sql), bindings: conditions.bindings)
    }

    private static func order(_ sort: ProductSort) -> String {
        switch sort {
        case .newest: "p.number DESC"
        case .oldest: "p.number"
        case .priceAscending: "p.price_minor_units, p.number"
        case .priceDescending: "p.price_minor_units DESC, p.number DESC"
        case .nameAscending: "p.name, p.number"
        case .nameDescending: "p.name DESC, p.number DESC"
        case .relevance: "score, p.number DESC"
        }
    }

    /// What most visitors ask for, as a literal: its prepared statement is found by address.
    private static let newest: SQL = """
        SELECT p.id, p.name, p.description, p.price_minor_units, p.currency, p.stock_quantity, p.category, p.image_url,
            p.created_at, p.updated_at, p.version, p.number
        FROM products p WHERE p.deleted_at IS NULL ORDER BY p.number DESC LIMIT ?1 OFFSET ?2
        """

    private static let countAll: SQL = "SELECT count(*) FROM products WHERE deleted_at IS NULL"
}

/// What a product must fulfil to be listed.
private struct Conditions {
    private var texts = ["p.deleted_at IS NULL"]
    private var searches = false
    private(set) var bindings: [SQLiteValue] = []

    init(_ filter: ProductFilter, categories: [String]?) {
        // First, because the place of its binding must not depend on how the search is put.
        if let search = filter.search {
            self.searches = true
            self.bindings.append(.text(search.match))
        }
        if let categories { self.add(categories: categories) }
        if let price = filter.minPrice { self.add("p.price_minor_units >= ?", .integer(price)) }
        if let price = filter.maxPrice { self.add("p.price_minor_units <= ?", .integer(price)) }
        if let inStock = filter.inStock { self.texts.append(inStock ? "p.stock_quantity > 0" : "p.stock_quantity = 0") }
    }

    /// - Parameter isRanked: whether the statement reads the search index itself, to order by rank.
    func text(isRanked: Bool) -> String {
        let search =
            isRanked
            ? "product_search MATCH ?"
            : "p.number IN (SELECT rowid FROM product_search WHERE product_search MATCH ?)"
        return ((self.searches ? [search] : []) + self.texts).joined(separator: " AND ")
    }

    private mutating func add(_ text: String, _ values: SQLiteValue...) {
        self.texts.append(text)
        self.bindings += values
    }

    private mutating func add(categories: [String]) {
        guard categories.count != 1 else { return self.add("p.category = ?", .text(categories[0])) }
        let places = Array(repeating: "?", count: categories.count).joined(separator: ", ")
        self.texts.append("p.category IN (\(places))")
        self.bindings += categories.map(SQLiteValue.text)
    }

    mutating func add(_ cursor: ProductCursor) {
        let number = SQLiteValue.integer(cursor.number)
        switch (cursor.sort, cursor.key) {
        case (.newest, _): self.add("p.number < ?", number)
        case (.oldest, _): self.add("p.number > ?", number)
        case (.priceAscending, .price(let price)):
            self.add("(p.price_minor_units, p.number) > (?, ?)", .integer(price), number)
        case (.priceDescending, .price(let price)):
            self.add("(p.price_minor_units, p.number) < (?, ?)", .integer(price), number)
        case (.nameAscending, .name(let name)): self.add("(p.name, p.number) > (?, ?)", .text(name), number)
        case (.nameDescending, .name(let name)): self.add("(p.name, p.number) < (?, ?)", .text(name), number)
        default: break
        }
    }
}
