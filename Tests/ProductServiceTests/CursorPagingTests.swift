import HTTPCore
import Testing

@testable import ProductService

@Suite("Cursors")
struct CursorPagingTests {
    @Test(
        "Paging by cursor visits every product that stays exactly once while others come and go",
        arguments: ["newest", "oldest", "price_asc", "price_desc", "name_asc", "name_desc"])
    func changesMeanwhile(_ sort: String) async throws {
        try await Shop.run { shop in
            var staying: Set<String> = []
            var leaving: [String] = []
            for number in 0..<40 {
                // Few prices, so that pages break within equal ones.
                let name = "\(number % 2 == 0 ? "item" : "Item") \(number * 7 % 40)"
                let id = try await shop.addProduct(name, price: "\(number % 3 + 1).00")
                if number % 4 == 3 { leaving.append(id) } else { staying.insert(id) }
            }
            var visits: [String: Int] = [:]
            var cursor: String? = ""
            var turn = 0
            while let current = cursor {
                let page = await shop.send(.get, "/api/v1/products?sort=\(sort)&limit=3&cursor=\(current)")
                try #require(page.status == 200)
                for id in page.ids { visits[id, default: 0] += 1 }
                cursor = page.cursor
                turn += 1
                try #require(turn < 100)
                try await self.disturb(shop, turn, &leaving, staying)
            }
            #expect(staying.allSatisfy { visits[$0] == 1 })
            #expect(visits.values.allSatisfy { $0 == 1 })
        }
    }

    /// Takes a product away, brings a new one (not for ever), and changes what no order sorts by.
    private func disturb(_ shop: Shop, _ turn: Int, _ leaving: inout [String], _ staying: Set<String>) async throws {
        if let gone = leaving.popLast() {
            #expect(await shop.send(.delete, "/api/v1/products/\(gone)", as: .admin).status == 204)
        }
        if turn < 20 { try await shop.addProduct("new \(turn)", price: "2.00") }
        if let changed = staying.randomElement() {
            let answer = await shop.send(
                .post, "/api/v1/products/\(changed)/stock", as: .admin, #"{"delta": 1, "reason": "delivery"}"#)
            #expect(answer.status == 201)
        }
    }

    @Test("A cursor reads back as what it was made of", arguments: ProductSort.allCases)
    func roundTrip(_ sort: ProductSort) throws {
        let key: ProductCursor.Key =
            switch sort {
            case .newest, .oldest: .age
            case .priceAscending, .priceDescending: .price(1_999)
            case .nameAscending, .nameDescending: .name("Ünïcode.with.dots — and more")
            case .relevance: .position(40)
            }
        let cursor = ProductCursor(sort: sort, number: 241, key: key)
        #expect(ProductCursor(cursor.text) == cursor)
        #expect(cursor.text.utf8.allSatisfy { $0 != 0x3D && $0 != 0x2B && $0 != 0x2F })
    }

    @Test(
        "What is no cursor is none",
        arguments: ["", "=", "AA", "bg", "bi4", "eC4x", "bi4xLjI", "cC4x", "cC4xLng", "ci4xLi0x"])
    func hostile(_ text: String) {
        #expect(ProductCursor(text) == nil)
    }

    @Test("A cursor longer than any that is given out is not read")
    func tooLong() {
        #expect(ProductCursor(String(repeating: "A", count: ProductCursor.textBytesMax + 1)) == nil)
    }
}
