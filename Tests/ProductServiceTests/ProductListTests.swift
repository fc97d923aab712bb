import HTTPCore
import JSON
import Testing

@testable import ProductService

@Suite("Lists of products")
struct ProductListTests {
    @Test("A product in a list has every field, money with two decimals and times in UTC")
    func fields() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug \"Blue\" ☕", price: "14", stock: 3, description: "line\nbreak")
            let answer = await shop.send(.get, "/api/v1/products")
            #expect(answer.status == 200)
            #expect(answer.fields[.contentType] == "application/json")
            #expect(
                answer.text == """
                    {"items":[{"id":"\(id)","name":"Mug \\"Blue\\" ☕","description":"line\\nbreak","price":14.00,\
                    "currency":"USD","stock_quantity":3,"category":"audio","image_url":null,\
                    "created_at":"2026-01-02T03:04:05.000000Z","updated_at":"2026-01-02T03:04:05.000000Z"}],\
                    "page":1,"limit":20,"total":1,"next_cursor":null}
                    """)
        }
    }

    @Test("An empty shop answers an empty list")
    func empty() async throws {
        try await Shop.run { shop in
            let answer = await shop.send(.get, "/api/v1/products")
            #expect(answer.text == #"{"items":[],"page":1,"limit":20,"total":0,"next_cursor":null}"#)
        }
    }

    @Test("Pages follow each other without gap or overlap and know their total")
    func pages() async throws {
        try await Shop.run { shop in
            for number in 1...7 { try await shop.addProduct("P\(number)") }
            let first = await shop.send(.get, "/api/v1/products?limit=3")
            let second = await shop.send(.get, "/api/v1/products?limit=3&page=2")
            let third = await shop.send(.get, "/api/v1/products?limit=3&page=3")
            let behind = await shop.send(.get, "/api/v1/products?limit=3&page=1000000")
            #expect(first.names == ["P7", "P6", "P5"])
            #expect(second.names == ["P4", "P3", "P2"])
            #expect(third.names == ["P1"])
            #expect(behind.names.isEmpty)
            for answer in [first, second, third, behind] { #expect(answer["total"]?.int == 7) }
            #expect(first.cursor != nil && second.cursor != nil)
            #expect(third["next_cursor"] == .null && behind["next_cursor"] == .null)
            #expect(second["page"]?.int == 2)
        }
    }

    @Test("The last page that is full has no next cursor")
    func fullLastPage() async throws {
        try await Shop.run { shop in
            for number in 1...4 { try await shop.addProduct("P\(number)") }
            let answer = await shop.send(.get, "/api/v1/products?limit=2&page=2")
            #expect(answer.names == ["P2", "P1"])
            #expect(answer["next_cursor"] == .null)
        }
    }

    @Test("A page number's cursor leads to where the next page begins")
    func pageThenCursor() async throws {
        try await Shop.run { shop in
            for number in 1...5 { try await shop.addProduct("P\(number)") }
            let first = await shop.send(.get, "/api/v1/products?limit=2&sort=price_asc")
            let cursor = try #require(first.cursor)
            let next = await shop.send(.get, "/api/v1/products?limit=2&cursor=\(cursor)")
            #expect(first.names == ["P1", "P2"])
            #expect(next.names == ["P3", "P4"])
        }
    }

    @Test(
        "Every order sorts as it says, ties by age",
        arguments: [
            ("newest", ["d", "c", "B", "a"]), ("oldest", ["a", "B", "c", "d"]), ("price_asc", ["c", "a", "B", "d"]),
            ("price_desc", ["d", "B", "a", "c"]), ("name_asc", ["a", "B", "c", "d"]),
            ("name_desc", ["d", "c", "B", "a"]), ("price", ["c", "a", "B", "d"]), ("-price", ["d", "B", "a", "c"]),
            ("name", ["a", "B", "c", "d"]), ("-name", ["d", "c", "B", "a"]), ("-created_at", ["d", "c", "B", "a"]),
            ("created_at", ["a", "B", "c", "d"]),
        ])
    func sorts(_ sort: String, _ expected: [String]) async throws {
        try await Shop.run { shop in
            try await shop.addProduct("a", price: "2.00")
            try await shop.addProduct("B", price: "2.00")
            try await shop.addProduct("c", price: "1.00")
            try await shop.addProduct("d", price: "3.00")
            #expect(await shop.send(.get, "/api/v1/products?sort=\(sort)").names == expected)
            var seen: [String] = []
            var cursor: String? = ""
            while let current = cursor {
                let page = await shop.send(.get, "/api/v1/products?sort=\(sort)&limit=1&cursor=\(current)")
                seen += page.names
                cursor = page.cursor
            }
            #expect(seen == expected)
        }
    }

    @Test("Filters restrict the list and its total, alone and together")
    func filters() async throws {
        try await Shop.run(categories: ["audio", "books"]) { shop in
            try await shop.addProduct("cheap", price: "5.00", stock: 0)
            try await shop.addProduct("middle", price: "50.00", stock: 2)
            try await shop.addProduct("dear", price: "500.00", stock: 1)
            try await shop.addProduct("novel", price: "50.00", stock: 0, category: "books")
            let expectations: [(String, [String])] = [
                ("category=books", ["novel"]), ("category=BOOKS", ["novel"]), ("category=none", []),
                ("category=", ["novel", "dear", "middle", "cheap"]),
                ("min_price=50", ["novel", "dear", "middle"]), ("max_price=50.00", ["novel", "middle", "cheap"]),
                ("min_price=5.01&max_price=499.99", ["novel", "middle"]), ("in_stock=true", ["dear", "middle"]),
                ("in_stock=false", ["novel", "cheap"]), ("in_stock=1&max_price=100", ["middle"]),
                ("category=audio&in_stock=true&sort=price", ["middle", "dear"]),
                ("category=audio&min_price=6&sort=name&limit=1", ["dear"]),
            ]
            for (query, names) in expectations {
                let answer = await shop.send(.get, "/api/v1/products?\(query)")
                #expect(answer.names == names, "\(query)")
                if !query.contains("limit") { #expect(answer["total"]?.int == names.count, "\(query)") }
            }
        }
    }

    @Test("A category's list includes the categories below it")
    func categoryTree() async throws {
        try await Shop.run(seeded: true) { shop in
            let department = await shop.send(.get, "/api/v1/products?category=electronics&limit=100")
            #expect(department["total"]?.int == 60)
            #expect(
                Set(department.items.compactMap { $0["category"]?.string }) == ["audio", "computing", "smart-home"])
            let sorted = await shop.send(.get, "/api/v1/products?category=electronics&sort=price_desc&limit=100")
            let prices = sorted.items.compactMap { $0["price"]?.number?.minorUnits }
            #expect(prices.count == 60 && prices == prices.sorted(by: >))
        }
    }

    @Test(
        "What cannot be meant is refused and named",
        arguments: [
            ("page=0", "page"), ("page=1000001", "page"), ("page=x", "page"), ("limit=0", "limit"),
            ("limit=101", "limit"), ("limit=", "limit"), ("min_price=-1", "min_price"),
            ("min_price=1.999", "min_price"),
            ("max_price=1e3", "max_price"), ("min_price=2&max_price=1", "max_price"), ("in_stock=maybe", "in_stock"),
            ("sort=random", "sort"), ("sort=relevance", "sort"), ("cursor=!!!", "cursor"), ("cursor=abcd", "cursor"),
            ("cursor=bi4tMQ", "cursor"),
        ])
    func refusals(_ query: String, _ field: String) async throws {
        try await Shop.run { shop in
            let answer = await shop.send(.get, "/api/v1/products?\(query)")
            #expect(answer.status == 400)
            #expect(answer.faults == [field])
        }
    }

    @Test("A cursor of another order is refused")
    func cursorOfAnotherSort() async throws {
        try await Shop.run { shop in
            for number in 1...3 { try await shop.addProduct("P\(number)") }
            let cursor = try #require(await shop.send(.get, "/api/v1/products?limit=1&sort=price_asc").cursor)
            let answer = await shop.send(.get, "/api/v1/products?sort=name_asc&cursor=\(cursor)")
            #expect(answer.status == 400 && answer.faults == ["cursor"])
        }
    }

    @Test("Unknown parameters and percent-encoded names change nothing they should not")
    func encodedNames() async throws {
        try await Shop.run { shop in
            for number in 1...3 { try await shop.addProduct("P\(number)") }
            #expect(await shop.send(.get, "/api/v1/products?utm_source=x&flag").names.count == 3)
            #expect(await shop.send(.get, "/api/v1/products?%6Cimit=1").names.count == 1)
        }
    }
}
