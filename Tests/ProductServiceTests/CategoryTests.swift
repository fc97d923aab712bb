import HTTPCore
import JSON
import Testing

@testable import ProductService

@Suite("Categories")
struct CategoryTests {
    private func add(_ shop: Shop, _ json: String) async -> Answer {
        await shop.send(.post, "/api/v1/categories", as: .admin, json)
    }

    @Test("The tree shows what hangs below each category, with products counted through to the top")
    func tree() async throws {
        try await Shop.run(seeded: true) { shop in
            let answer = await shop.send(.get, "/api/v1/categories")
            #expect(answer.status == 200 && answer["total"]?.int == 16)
            #expect(answer.items.compactMap { $0["slug"]?.string } == ["leisure", "electronics", "home", "outdoors"])
            let home = try #require(answer.items.first { $0["slug"]?.string == "home" })
            #expect(home["parent"] == .null && home["parent_id"] == .null && home["product_count"]?.int == 60)
            let children = home["children"]?.array ?? []
            #expect(children.compactMap { $0["slug"]?.string } == ["bed-bath", "furniture", "kitchen"])
            #expect(children.allSatisfy { $0["product_count"]?.int == 20 && $0["parent"]?.string == "home" })
            #expect(children.allSatisfy { $0["parent_id"] == home["id"] })
        }
    }

    @Test("The counts follow the products")
    func counts() async throws {
        try await Shop.run { shop in
            let count = { await shop.send(.get, "/api/v1/categories").items.first?["product_count"]?.int }
            #expect(await count() == 0)
            let id = try await shop.addProduct()
            #expect(await count() == 1)
            _ = await shop.send(.delete, "/api/v1/products/\(id)", as: .admin)
            #expect(await count() == 0)
        }
    }

    @Test("A slug is made of the name unless given")
    func slugs() async throws {
        try await Shop.run(categories: []) { shop in
            let made = await self.add(shop, #"{"name": "Tea & Coffee"}"#)
            #expect(made.status == 201 && made["slug"]?.string == "tea-coffee")
            #expect(made["children"] == .array([]) && made["product_count"]?.int == 0)
            let given = await self.add(shop, #"{"name": "Tea", "slug": "loose-leaf", "parent_id": "\#(made.id)"}"#)
            #expect(given["slug"]?.string == "loose-leaf" && given["parent"]?.string == "tea-coffee")
            let taken = await self.add(shop, #"{"name": "Tea, Coffee"}"#)
            #expect(taken.status == 409 && taken.code == "slug-taken")
        }
    }

    @Test(
        "Categories that cannot be are refused by name",
        arguments: [
            (#"{}"#, "name"), (#"{"name": ""}"#, "name"), (#"{"name": "x", "slug": "Not A Slug"}"#, "slug"),
            (#"{"name": "x", "slug": "-x"}"#, "slug"), (#"{"name": "x", "slug": ""}"#, "slug"),
            (#"{"name": "茶"}"#, "slug"), (#"{"name": "x", "parent_id": "nowhere"}"#, "parent_id"),
            (#"{"name": "x", "parent_id": "01900000-0000-7000-8000-00000000ffff"}"#, "parent_id"),
        ])
    func invalid(_ body: String, _ field: String) async throws {
        try await Shop.run(categories: []) { shop in
            let answer = await self.add(shop, body)
            #expect(answer.status == 422 && answer.faults == [field], "\(answer.text)")
        }
    }

    @Test("A renamed slug takes its products along, in lists, search and versions")
    func rename() async throws {
        try await Shop.run(categories: []) { shop in
            let category = await self.add(shop, #"{"name": "Audio"}"#)
            let id = try await shop.addProduct("Mug")
            let tag = await shop.send(.get, "/api/v1/products/\(id)").tag
            let answer = await shop.send(
                .put, "/api/v1/categories/\(category.id)", as: .admin, #"{"name": "Sound", "slug": "sound"}"#)
            #expect(answer.status == 200 && answer["name"]?.string == "Sound" && answer["product_count"]?.int == 1)
            let product = await shop.send(.get, "/api/v1/products/\(id)")
            #expect(product["category"]?.string == "sound" && product.tag != tag)
            #expect(await shop.send(.get, "/api/v1/products?category=audio")["total"]?.int == 0)
            #expect(await shop.send(.get, "/api/v1/products?category=sound")["total"]?.int == 1)
            #expect(await shop.send(.get, "/api/v1/products/search?q=sound").ids == [id])
        }
    }

    @Test("A category moves, but never below itself")
    func move() async throws {
        try await Shop.run(categories: []) { shop in
            let a = await self.add(shop, #"{"name": "a"}"#)
            let b = await self.add(shop, #"{"name": "b", "parent_id": "\#(a.id)"}"#)
            let c = await self.add(shop, #"{"name": "c", "parent_id": "\#(b.id)"}"#)
            for parent in [a.id, b.id, c.id] {
                let answer = await shop.send(
                    .put, "/api/v1/categories/\(a.id)", as: .admin, #"{"name": "a", "parent_id": "\#(parent)"}"#)
                #expect(answer.status == 422 && answer.faults == ["parent_id"])
            }
            let moved = await shop.send(.put, "/api/v1/categories/\(c.id)", as: .admin, #"{"name": "c"}"#)
            #expect(moved.status == 200 && moved["parent_id"] == .null)
            let under = await shop.send(
                .put, "/api/v1/categories/\(a.id)", as: .admin, #"{"name": "a", "parent_id": "\#(c.id)"}"#)
            #expect(under.status == 200 && under["children"]?.array?.count == 1)
            #expect(await shop.send(.get, "/api/v1/categories").items.count == 1)
        }
    }

    @Test("The tree has no more than eight levels, however it is put together")
    func depth() async throws {
        try await Shop.run(categories: []) { shop in
            var parent = await self.add(shop, #"{"name": "level 1"}"#).id
            for level in 2...8 {
                let answer = await self.add(shop, #"{"name": "level \#(level)", "parent_id": "\#(parent)"}"#)
                #expect(answer.status == 201)
                parent = answer.id
            }
            #expect(await self.add(shop, #"{"name": "level 9", "parent_id": "\#(parent)"}"#).status == 422)
            let root = await self.add(shop, #"{"name": "root"}"#)
            let top = await shop.send(.get, "/api/v1/categories").items.first { $0["slug"]?.string == "level-1" }
            let answer = await shop.send(
                .put, "/api/v1/categories/\(top?["id"]?.string ?? "")", as: .admin,
                #"{"name": "level 1", "parent_id": "\#(root.id)"}"#)
            #expect(answer.status == 422 && answer.faults == ["parent_id"])
        }
    }

    @Test("A category goes only when nothing hangs on it; removed products do not count")
    func remove() async throws {
        try await Shop.run(categories: []) { shop in
            let parent = await self.add(shop, #"{"name": "audio"}"#)
            let child = await self.add(shop, #"{"name": "child", "parent_id": "\#(parent.id)"}"#)
            let path = "/api/v1/categories/\(parent.id)"
            let holding = await shop.send(.delete, path, as: .admin)
            #expect(holding.status == 409 && holding.code == "category-not-empty")
            #expect(await shop.send(.delete, "/api/v1/categories/\(child.id)", as: .admin).status == 204)
            let id = try await shop.addProduct()
            #expect(await shop.send(.delete, path, as: .admin).code == "category-not-empty")
            _ = await shop.send(.delete, "/api/v1/products/\(id)", as: .admin)
            #expect(await shop.send(.delete, path, as: .admin).status == 204)
            #expect(await shop.send(.delete, path, as: .admin).status == 404)
            #expect(await shop.send(.get, "/api/v1/categories").text == #"{"items":[],"total":0}"#)
        }
    }
}
