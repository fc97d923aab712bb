import SQLite

/// The SQL of one page of products, and of how many there are.
///
/// Put together from fragments of this file only; what a stranger sent is bound.
struct ProductListStatement {
    let sql: SQL
    let bindings: [SQLiteValue]
}

extension ProductListStatement {
    /// The statement of a page; it gives one row more than the page holds where there is more to come.
    ///
    /// - Parameters:
    ///   - categories: the slugs that the filter's category stands for; nil without one.
    ///   - total: how many products there are on all pages.
    static func page(_ query: ProductQuery, categories: [String]?, total: Int) -> ProductListStatement {
        let bounds: [SQLiteValue] = [.integer(query.limit + 1), .integer(query.offset)]
        if query.sort == .newest, query.filter.isEmpty, case .page = query.position {
            return ProductListStatement(sql: self.newest, bindings: bounds)
        }
        let walksOrder = Self.walksOrder(query, categories: categories, total: total)
        var conditions = ProductConditions(query.filter, categories: categories, usesCategoryIndex: !walksOrder)
        if case .after(let cursor) = query.position { conditions.add(cursor) }
        let isOrdered = walksOrder || Self.comesInOrder(query, categories: categories)
        let text = isOrdered ? Self.ordered(query.sort, conditions) : Self.sorted(query.sort, conditions)
        return ProductListStatement(sql: SQL(dynamic: text), bindings: conditions.bindings + bounds)
    }

    /// Whether an index, or the table itself, holds the matching products in the order that is asked for.
    private static func comesInOrder(_ query: ProductQuery, categories: [String]?) -> Bool {
        let isByPrice = query.sort == .priceAscending || query.sort == .priceDescending
        let isByAge = query.sort == .newest || query.sort == .oldest
        guard query.filter.search == nil else { return false }
        guard isByPrice || query.filter.minPrice == nil && query.filter.maxPrice == nil else { return false }
        switch categories?.count {
        case nil: return true
        case 1: return isByPrice || isByAge
        default: return false
        }
    }

    /// Whether to walk the whole catalogue in order and pick out what hangs on several categories, rather than sort all
    /// of that: quicker once there is so much of it that a page is soon full.
    private static func walksOrder(_ query: ProductQuery, categories: [String]?, total: Int) -> Bool {
        guard let categories, categories.count > 1, total > Self.sortedMax else { return false }
        return Self.comesInOrder(query, categories: nil)
    }

    /// More products than this are not sorted for one page if that can be avoided.
    private static let sortedMax = 500

    /// For matches that come in order: rows are read until the page is full.
    private static func ordered(_ sort: ProductSort, _ conditions: ProductConditions) -> String {
        """
        SELECT \(ProductRow.columns) FROM products p WHERE \(conditions.text(isRanked: false))
        ORDER BY \(Self.order(sort)) LIMIT ? OFFSET ?
        """
    }

    /// For matches that have to be sorted: only their numbers are, and rows are read for the page alone.
    private static func sorted(_ sort: ProductSort, _ conditions: ProductConditions) -> String {
        let isRanked = sort == .relevance
        let source = isRanked ? "product_search s JOIN products p ON p.number = s.rowid" : "products p"
        let score = isRanked ? ", s.rank AS score" : ""
        return """
            WITH hits AS MATERIALIZED (
                SELECT p.number AS number\(score) FROM \(source) WHERE \(conditions.text(isRanked: isRanked))
                ORDER BY \(Self.order(sort)) LIMIT ? OFFSET ?
            )
            SELECT \(ProductRow.columns) FROM hits CROSS JOIN products p ON p.number = hits.number
            ORDER BY \(Self.order(sort))
            """
    }

    /// The statement that counts all pages.
    static func count(_ filter: ProductFilter, categories: [String]?) -> ProductListStatement {
        guard !filter.isEmpty else { return ProductListStatement(sql: self.countAll, bindings: []) }
        let conditions = ProductConditions(filter, categories: categories, usesCategoryIndex: true)
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
