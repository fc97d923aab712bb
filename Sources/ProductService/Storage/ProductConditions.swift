import SQLite

/// What a product must fulfil to be listed.
struct ProductConditions {
    private var texts = ["p.deleted_at IS NULL"]
    private var searches = false
    private(set) var bindings: [SQLiteValue] = []

    /// - Parameter usesCategoryIndex: false keeps the planner from looking products up by several categories.
    init(_ filter: ProductFilter, categories: [String]?, usesCategoryIndex: Bool) {
        // First, because the place of its binding must not depend on how the search is put.
        if let search = filter.search {
            self.searches = true
            self.bindings.append(.text(search.match))
        }
        if let categories { self.add(categories: categories, usesCategoryIndex) }
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

    private mutating func add(categories: [String], _ usesIndex: Bool) {
        guard categories.count != 1 else { return self.add("p.category = ?", .text(categories[0])) }
        let places = Array(repeating: "?", count: categories.count).joined(separator: ", ")
        // A unary plus hides the column from the planner (SQLite, "The Query Optimizer Overview").
        self.texts.append("\(usesIndex ? "" : "+")p.category IN (\(places))")
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
