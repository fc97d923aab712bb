import JSON
import SQLite

/// Renders one page of products while its rows are read.
struct ProductPageRenderer {
    private var writer: JSONWriter
    private var times = TimestampText()
    private let query: ProductQuery
    private var count = 0
    private var hasMore = false
    /// What the last product of the page is sorted by.
    private var lastNumber = 0
    private var lastPrice = 0
    private var lastName = ""

    /// Bytes of a product with a description of two sentences.
    private static let productBytes = 560

    init(_ query: ProductQuery) {
        self.query = query
        self.writer = JSONWriter(capacity: 256 + query.limit * Self.productBytes)
    }

    /// Reads and renders the page.
    static func render(
        _ query: ProductQuery, total: Int, categories: [String]?, on connection: SQLiteConnection
    ) throws -> [UInt8] {
        var page = ProductPageRenderer(query)
        page.writer.beginObject()
        page.writer.key("items")
        page.writer.beginArray()
        // Pages behind the end are known to be empty; skipping to them would cost as much as reading all.
        if query.offset < total {
            let statement = ProductListStatement.page(query, categories: categories, total: total)
            try connection.query(statement.sql, statement.bindings) { row in page.add(row) }
        }
        page.writer.endArray()
        page.finish(total: total)
        return page.writer.bytes
    }

    private mutating func add(_ row: borrowing SQLiteRow) {
        guard self.count < self.query.limit else {
            self.hasMore = true
            return
        }
        self.count += 1
        ProductRow.write(row, to: &self.writer, times: &self.times)
        guard self.count == self.query.limit else { return }
        self.lastNumber = row.int(ProductRow.number)
        self.lastPrice = row.int(ProductRow.price)
        if self.query.sort == .nameAscending || self.query.sort == .nameDescending {
            self.lastName = row.text(ProductRow.name)
        }
    }

    private mutating func finish(total: Int) {
        self.writer.field("page", self.query.page)
        self.writer.field("limit", self.query.limit)
        self.writer.field("total", total)
        self.writer.field("next_cursor", self.hasMore ? self.nextCursor.text : nil)
        self.writer.endObject()
    }

    private var nextCursor: ProductCursor {
        let key: ProductCursor.Key =
            switch self.query.sort {
            case .newest, .oldest: .age
            case .priceAscending, .priceDescending: .price(self.lastPrice)
            case .nameAscending, .nameDescending: .name(self.lastName)
            case .relevance: .position(self.query.offset + self.count)
            }
        return ProductCursor(sort: self.query.sort, number: self.lastNumber, key: key)
    }
}
