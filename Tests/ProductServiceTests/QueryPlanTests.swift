import HTTPCore
import JSON
import Persistence
import SQLite
import Testing

@testable import ProductService

@Suite("How lists are read")
struct QueryPlanTests {
    private func plan(_ shop: Shop, _ query: ProductQuery, categories: [String]? = nil, total: Int = 240) throws
        -> [String]
    {
        let statement = ProductListStatement.page(query, categories: categories, total: total)
        return try shop.database.readOnLoop(ProductOperations.listProducts) { connection in
            try connection.all(SQL(dynamic: "EXPLAIN QUERY PLAN \(statement.sql.text)"), statement.bindings) {
                $0.text(3)
            }
        }
    }

    @Test("Every order of the whole catalogue comes from an index, by page and by cursor, without sorting it")
    func indexed() async throws {
        try await Shop.run(seeded: true) { shop in
            let keys: [(ProductSort, ProductCursor.Key)] = [
                (.newest, .age), (.oldest, .age), (.priceAscending, .price(1)), (.priceDescending, .price(1)),
                (.nameAscending, .name("x")), (.nameDescending, .name("x")),
            ]
            for (sort, key) in keys {
                let cursor = ProductCursor(sort: sort, number: 5, key: key)
                for position in [ProductQuery.Position.page(3), .after(cursor)] {
                    let steps = try self.plan(shop, ProductQuery(sort: sort, position: position))
                    #expect(!steps.contains { $0.contains("TEMP B-TREE") }, "\(sort) \(position): \(steps)")
                }
            }
        }
    }

    @Test("The list that most visitors ask for is one scan backwards over the youngest rows")
    func newest() async throws {
        try await Shop.run { shop in
            let steps = try self.plan(shop, ProductQuery())
            #expect(steps == ["SCAN p"])
        }
    }

    @Test("A category's list is read from the category's index")
    func category() async throws {
        try await Shop.run { shop in
            var query = ProductQuery()
            query.filter.category = "audio"
            let steps = try self.plan(shop, query, categories: ["audio"])
            #expect(steps.contains { $0.contains("products_by_category") }, "\(steps)")
            query.sort = .priceAscending
            let sorted = try self.plan(shop, query, categories: ["audio"])
            #expect(sorted.contains { $0.contains("products_by_category_price") }, "\(sorted)")
        }
    }

    @Test("A department is sorted while it is small, and picked out of the order once it is large")
    func department() async throws {
        try await Shop.run { shop in
            var query = ProductQuery()
            query.filter.category = "electronics"
            for sort in [ProductSort.newest, .priceAscending, .nameDescending] {
                query.sort = sort
                let small = try self.plan(shop, query, categories: ["audio", "computing"], total: 40)
                #expect(small.contains { $0.contains("products_by_category") }, "\(small)")
                let large = try self.plan(shop, query, categories: ["audio", "computing"], total: 40_000)
                #expect(!large.contains { $0.contains("by_category") || $0.contains("TEMP B-TREE") }, "\(large)")
            }
        }
    }

    @Test("What would keep the loop too long is read elsewhere, with the same answer")
    func fallsBack() async throws {
        try await Shop.run { shop in
            try await shop.database.write(ProductOperations.insertProduct) { connection in
                try connection.run(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
                    INSERT INTO products (
                        id, price_minor_units, created_at, updated_at, currency, category, name, description)
                    SELECT printf('01920000-0000-7000-8000-%012x', i), i % 97, 1, 1, 'USD', 'audio', 'n' || i, 'x' FROM n
                    """)
            }
            for target in [
                "?page=1999", "?sort=price_asc&page=1999", "?in_stock=false", "?min_price=0.50&sort=name_desc",
            ] {
                let answer = await shop.send(.get, "/api/v1/products\(target)")
                #expect(answer.status == 200 && answer.items.count == 20, "\(target)")
            }
            #expect(await shop.send(.get, "/api/v1/products")["total"]?.int == 40_000)
        }
    }

    @Test("Totals are remembered until what they count changes")
    func totals() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 1)
            let total = { (query: String) in await shop.send(.get, "/api/v1/products\(query)")["total"]?.int }
            #expect(await total("?in_stock=true") == 1)
            #expect(await total("") == 1)
            _ = await shop.reserve(Shop.orderID(), [(id, 1)])
            #expect(await total("?in_stock=true") == 0)
            #expect(await total("?in_stock=false") == 1)
            try await shop.addProduct("Cup")
            #expect(await total("") == 2)
            for price in 0..<400 { #expect(await total("?max_price=\(price)") == (price >= 20 ? 2 : 0)) }
        }
    }
}
