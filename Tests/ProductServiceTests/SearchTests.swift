import HTTPCore
import JSON
import Persistence
import SQLite
import Telemetry
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("Search")
struct SearchTests {
    /// Percent-encodes everything.
    private func encoded(_ text: String) -> String { PercentEncoding.encode(text) }

    private func search(_ shop: Shop, _ text: String, _ more: String = "") async -> Answer {
        await shop.send(.get, "/api/v1/products/search?q=\(self.encoded(text))\(more)")
    }

    @Test("Words are found in name, description and category, as they are or by their beginning, accents apart")
    func finds() async throws {
        try await Shop.run(categories: ["Audio", "Café Bar"]) { shop in
            try await shop.addProduct("Wireless Headphones", description: "Noise cancelling")
            try await shop.addProduct("Crème brûlée dish", category: "caf-bar", description: "Stoneware")
            let expectations: [(String, [String])] = [
                ("wireless", ["Wireless Headphones"]), ("HEADPH", ["Wireless Headphones"]),
                ("headphone wire", ["Wireless Headphones"]), ("noise", ["Wireless Headphones"]),
                ("audio", ["Wireless Headphones"]), ("creme", ["Crème brûlée dish"]), ("brûl", ["Crème brûlée dish"]),
                ("dishes", ["Crème brûlée dish"]), ("wireless dish", []), ("bar", ["Crème brûlée dish"]),
                ("noise-cancelling", ["Wireless Headphones"]),
            ]
            for (text, names) in expectations { #expect(await self.search(shop, text).names == names, "\(text)") }
        }
    }

    @Test(
        "A match in the name outranks one in the category, and that one in the description; whole words outrank beginnings"
    )
    func ranks() async throws {
        try await Shop.run(categories: ["pen", "other"]) { shop in
            try await shop.addProduct("Pencil case", category: "other", description: "zip")
            try await shop.addProduct("Notebook", category: "other", description: "comes with a pen")
            try await shop.addProduct("Pen", category: "other", description: "black")
            try await shop.addProduct("Ink", category: "pen", description: "blue")
            let answer = await self.search(shop, "pen")
            #expect(answer.names.first == "Pen")
            #expect(answer["total"]?.int == 4)
            let place = { (name: String) in answer.names.firstIndex(of: name) ?? 99 }
            #expect(place("Ink") < place("Notebook"))
        }
    }

    @Test("The index follows every change of a product")
    func staysInStep() async throws {
        try await Shop.run(categories: ["audio", "books"]) { shop in
            let id = try await shop.addProduct("Turntable", description: "belt drive")
            _ = await shop.send(.patch, "/api/v1/products/\(id)", as: .admin, #"{"name": "Gramophone"}"#)
            #expect(await self.search(shop, "turntable").names.isEmpty)
            #expect(await self.search(shop, "gramophone").names == ["Gramophone"])
            _ = await shop.send(.patch, "/api/v1/products/\(id)", as: .admin, #"{"description": "with a horn"}"#)
            #expect(await self.search(shop, "belt").names.isEmpty)
            #expect(await self.search(shop, "horn").ids == [id])
            _ = await shop.send(.patch, "/api/v1/products/\(id)", as: .admin, #"{"category": "books"}"#)
            #expect(await self.search(shop, "audio").names.isEmpty)
            #expect(await self.search(shop, "books").ids == [id])
            _ = await shop.send(.delete, "/api/v1/products/\(id)", as: .admin)
            #expect(await self.search(shop, "gramophone").names.isEmpty)
            try await shop.database.write(ProductOperations.updateProduct) { connection in
                try connection.run("INSERT INTO product_search (product_search) VALUES ('integrity-check')")
            }
        }
    }

    @Test(
        "Whatever is typed is only ever looked for",
        arguments: [
            "\"", "\"\"", "mug\"", "\"mug", "mug\u{0}", "\u{0}", "mug AND", "NOT mug", "mug OR", "NEAR(mug tea)",
            "name:mug",
            "-mug", "^mug", "mug*", "*", "(mug", "mug)", "{name}: mug", "mug + tea", "'; DROP TABLE products; --", "🎧",
            "🎧 mug",
            "e\u{301}", "\u{301}", "%", "_", "\\", "mug\\", "\u{202E}mug", "\u{FEFF}", "\u{FFFD}", "\u{10FFFF}", "ﷺ",
            "𝕸𝖚𝖌",
        ])
    func hostile(_ text: String) async throws {
        try await Shop.run { shop in
            try await shop.addProduct("Mug")
            let answer = await self.search(shop, text)
            #expect(answer.status == 200 || answer.status == 400, "\(answer.text)")
            let list = await shop.send(.get, "/api/v1/products?q=\(self.encoded(text))")
            #expect(list.status == 200, "\(list.text)")
            #expect(await self.search(shop, "mug").names == ["Mug"])
        }
    }

    @Test("Many words, long words and long texts stay bounded")
    func bounds() async throws {
        try await Shop.run { shop in
            try await shop.addProduct("Mug")
            #expect(await self.search(shop, String(repeating: "a", count: 200)).status == 200)
            #expect(await self.search(shop, String(repeating: "a ", count: 100)).status == 200)
            let tooLong = await self.search(shop, String(repeating: "é", count: 201))
            #expect(tooLong.status == 400 && tooLong.faults == ["q"])
            #expect(SearchExpression(String(repeating: "a ", count: 100)).words.count == SearchExpression.wordsMax)
        }
    }

    @Test("Nothing to search for is refused; symbols alone find nothing")
    func blank() async throws {
        try await Shop.run { shop in
            try await shop.addProduct("Mug")
            for target in ["/api/v1/products/search", "/api/v1/products/search?q=", "/api/v1/products/search?q=%20%09"]
            {
                let answer = await shop.send(.get, target)
                #expect(answer.status == 400 && answer.faults == ["q"], "\(target)")
            }
            let symbols = await self.search(shop, "!?")
            #expect(symbols.status == 200 && symbols["total"]?.int == 0 && symbols.names.isEmpty)
            #expect(await shop.send(.get, "/api/v1/products?q=").names == ["Mug"])
            #expect(await shop.send(.get, "/api/v1/products?q=%20").names == ["Mug"])
        }
    }

    @Test("A search can be filtered, sorted otherwise and paged by number and by cursor")
    func pagesAndFilters() async throws {
        try await Shop.run { shop in
            for number in 1...5 {
                try await shop.addProduct("Mug \(number)", price: "\(6 - number).00", stock: number % 2)
            }
            let cheap = await self.search(shop, "mug", "&max_price=3&sort=price_asc")
            #expect(cheap.names == ["Mug 5", "Mug 4", "Mug 3"])
            #expect(await self.search(shop, "mug", "&in_stock=true")["total"]?.int == 3)
            var seen: [String] = []
            var cursor: String? = ""
            while let current = cursor {
                let page = await self.search(shop, "mug", "&limit=2&cursor=\(current)")
                seen += page.names
                cursor = page.cursor
            }
            #expect(seen.count == 5 && Set(seen).count == 5)
            #expect(await self.search(shop, "mug", "&limit=2&page=2").names == Array(seen[2...3]))
            let stray = try #require(await self.search(shop, "mug", "&limit=2").cursor)
            #expect(await shop.send(.get, "/api/v1/products?cursor=\(stray)").status == 400)
        }
    }

    @Test("Searches are counted by whether they found something")
    func counted() async throws {
        try await Shop.run { shop in
            try await shop.addProduct("Mug")
            _ = await self.search(shop, "mug")
            _ = await self.search(shop, "teapot")
            _ = await self.search(shop, "!!!")
            _ = await shop.send(.get, "/api/v1/products")
            #expect(try shop.telemetry.value("shop_product_searches_total", ["outcome": "hit"]) == 1)
            #expect(try shop.telemetry.value("shop_product_searches_total", ["outcome": "empty"]) == 2)
            let span = shop.telemetry.finishedSpans.first { $0.name == "SELECT product_search" }
            #expect(span != nil)
        }
    }

    @Test("The words of a text are its letters and digits")
    func words() {
        #expect(SearchExpression("Wi-Fi 6E, \"mesh\"").words == ["Wi", "Fi", "6E", "mesh"])
        #expect(SearchExpression("a\"b").match == "(\"a\" OR \"a\" *) AND (\"b\" OR \"b\" *)")
        #expect(SearchExpression("🎧 ∆ !").words.isEmpty)
    }
}
