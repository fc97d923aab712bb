import HTTPCore
import Routing

/// Reads `ProductQuery` from a request's query parameters.
enum ProductListRequest {
    /// The parameters there are, found in one pass, so that those left out cost nothing.
    private struct Names: OptionSet {
        let rawValue: UInt16
        static let page = Names(rawValue: 1 << 0)
        static let limit = Names(rawValue: 1 << 1)
        static let cursor = Names(rawValue: 1 << 2)
        static let category = Names(rawValue: 1 << 3)
        static let q = Names(rawValue: 1 << 4)
        static let minPrice = Names(rawValue: 1 << 5)
        static let maxPrice = Names(rawValue: 1 << 6)
        static let inStock = Names(rawValue: 1 << 7)
        static let sort = Names(rawValue: 1 << 8)
        static let all = Names(rawValue: 1 << 9 - 1)

        static func of(_ query: String) -> Names {
            var names: Names = []
            for pair in HTTPQuery(query) {
                switch pair.rawName {
                case "page": names.insert(.page)
                case "limit": names.insert(.limit)
                case "cursor": names.insert(.cursor)
                case "category": names.insert(.category)
                case "q": names.insert(.q)
                case "min_price": names.insert(.minPrice)
                case "max_price": names.insert(.maxPrice)
                case "in_stock": names.insert(.inStock)
                case "sort": names.insert(.sort)
                default: if pair.rawName.utf8.contains(UInt8(ascii: "%")) { return .all }
                }
            }
            return names
        }
    }

    /// `GET /api/v1/products`. Parameters that are there but empty, as forms send them, restrict nothing.
    /// - Throws: `Problem` 400 for a value outside its range.
    static func list(_ parameters: QueryParameters) throws -> ProductQuery {
        var query = ProductQuery()
        guard let raw = parameters.raw, !raw.isEmpty else { return query }
        let names = Names.of(raw)
        if names.contains(.limit) { query.limit = try self.limit(parameters) }
        if names.contains(.category) { query.filter.category = try self.category(parameters) }
        if names.contains(.q) { query.filter.search = try self.search(parameters) }
        if names.contains(.minPrice) { query.filter.minPrice = try self.price(parameters, "min_price") }
        if names.contains(.maxPrice) { query.filter.maxPrice = try self.price(parameters, "max_price") }
        if names.contains(.inStock), parameters["in_stock"] != "" {
            query.filter.inStock = try parameters.bool("in_stock")
        }
        if let low = query.filter.minPrice, let high = query.filter.maxPrice, low > high {
            throw self.refusal("max_price", "must not be below min_price")
        }
        let sort = names.contains(.sort) ? try self.sort(parameters) : nil
        query.sort = sort ?? (query.filter.search == nil ? .newest : .relevance)
        guard query.sort != .relevance || query.filter.search != nil else {
            throw self.refusal("sort", "can be relevance only beside q")
        }
        if names.contains(.cursor), let cursor = parameters["cursor"] {
            try self.place(cursor, sort, &query)
        } else if names.contains(.page) {
            query.position = .page(try parameters.integer("page", default: 1, in: ProductQuery.pages))
        }
        return query
    }

    /// `GET /api/v1/products/search`: the same, but there has to be something to search for.
    /// - Throws: `Problem` 400 also when `q` is missing or blank.
    static func search(_ parameters: QueryParameters) throws -> ProductQuery {
        let query = try self.list(parameters)
        guard query.filter.search != nil else { throw self.refusal("q", "must say what to search for") }
        return query
    }

    private static func limit(_ parameters: QueryParameters) throws -> Int {
        try parameters.integer("limit", default: ProductQuery.limitDefault, in: ProductQuery.limits)
    }

    private static func category(_ parameters: QueryParameters) throws -> String? {
        let slug = try parameters.text("category", bytesMax: CategoryDraft.slugLengthMax)
        return slug == "" ? nil : slug?.lowercased()
    }

    /// Nil for a blank text; one of symbols only is a search that finds nothing.
    private static func search(_ parameters: QueryParameters) throws -> SearchExpression? {
        guard let text = parameters["q"] else { return nil }
        guard text.unicodeScalars.count <= SearchExpression.lengthMax else {
            throw self.refusal("q", "must have at most \(SearchExpression.lengthMax) characters")
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        return SearchExpression(text)
    }

    private static func price(_ parameters: QueryParameters, _ name: String) throws -> Int? {
        parameters[name] == "" ? nil : try parameters.minorUnits(name)
    }

    private static func sort(_ parameters: QueryParameters) throws -> ProductSort? {
        guard let text = parameters["sort"], !text.isEmpty else { return nil }
        guard let sort = ProductSort(spelling: text) else {
            throw self.refusal("sort", "must be one of \(ProductSort.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return sort
    }

    /// An empty cursor begins at the start; any other one brings its own order, which `sort` may repeat but not change.
    private static func place(_ text: String, _ sort: ProductSort?, _ query: inout ProductQuery) throws {
        guard !text.isEmpty else { return }
        guard let cursor = ProductCursor(text) else { throw self.refusal("cursor", "is none that was given out here") }
        guard sort == nil || sort == cursor.sort, cursor.sort != .relevance || query.filter.search != nil else {
            throw self.refusal("cursor", "belongs to another order of the list")
        }
        query.sort = cursor.sort
        query.position = .after(cursor)
    }

    private static func refusal(_ name: String, _ message: String) -> Problem {
        .badRequest("The query parameter \(name) \(message).", errors: [FieldError(name, message)])
    }
}
