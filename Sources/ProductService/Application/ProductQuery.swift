/// Which products are wanted. Nil wants no restriction.
struct ProductFilter: Sendable, Hashable {
    /// A category's slug; those below it are included.
    var category: String?
    var search: SearchExpression?
    /// Lowest price in minor units, inclusive.
    var minPrice: Int?
    /// Highest price in minor units, inclusive.
    var maxPrice: Int?
    /// True: only what can be bought now; false: only what is sold out.
    var inStock: Bool?

    var isEmpty: Bool {
        self.category == nil && self.search == nil && self.minPrice == nil && self.maxPrice == nil
            && self.inStock == nil
    }
}

/// One page of products, as it is asked for.
struct ProductQuery: Sendable, Hashable {
    /// Where the page begins.
    enum Position: Sendable, Hashable {
        /// After so many whole pages of `limit`.
        case page(Int)
        /// Behind the product that the cursor names.
        case after(ProductCursor)
    }

    static let pages = 1...1_000_000
    static let limits = 1...100
    static let limitDefault = 20

    var filter = ProductFilter()
    var sort = ProductSort.newest
    var position = Position.page(1)
    var limit = ProductQuery.limitDefault

    /// The number the answer calls its page: 1 beside a cursor.
    var page: Int {
        switch self.position {
        case .page(let number): number
        case .after: 1
        }
    }

    /// How many rows come before the first one.
    var offset: Int {
        switch self.position {
        case .page(let number): (number - 1) * self.limit
        case .after(let cursor): cursor.offset
        }
    }
}
