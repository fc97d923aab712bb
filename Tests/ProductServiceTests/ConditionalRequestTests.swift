import HTTPCore
import JSON
import Persistence
import SQLite
import Testing

@testable import ProductService

@Suite("Versions of what is shown")
struct ConditionalRequestTests {
    @Test("A list that has not changed is not sent again; any change of it is a new version")
    func lists() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug")
            let target = "/api/v1/products?limit=5"
            var tag = await shop.send(.get, target).tag
            #expect(tag.hasPrefix("W/\""))
            let again = await shop.send(.get, target, fields: .ifNoneMatch(tag))
            #expect(again.status == 304 && again.text.isEmpty && again.tag == tag)
            #expect(again.fields[.cacheControl] == "no-cache")
            let changes: [(HTTPMethod, String, String?)] = [
                (.post, "/api/v1/products/\(id)/stock", #"{"delta": 1, "reason": "delivery"}"#),
                (.patch, "/api/v1/products/\(id)", #"{"price": 3}"#),
                (.post, "/api/v1/products", #"{"name": "Cup", "price": 1, "category": "audio"}"#),
                (.delete, "/api/v1/products/\(id)", nil),
            ]
            for (method, path, body) in changes {
                #expect(await shop.send(method, path, as: .admin, body).status < 300)
                let answer = await shop.send(.get, target, fields: .ifNoneMatch(tag))
                #expect(answer.status == 200 && answer.tag != tag, "\(method.name) \(path)")
                tag = answer.tag
            }
        }
    }

    @Test("A product's version is strong and changes with the product alone")
    func product() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug")
            let path = "/api/v1/products/\(id)"
            let tag = await shop.send(.get, path).tag
            #expect(tag.hasPrefix("\""))
            try await shop.addProduct("Cup")
            #expect(await shop.send(.get, path, fields: .ifNoneMatch(tag)).status == 304)
            #expect(await shop.send(.get, path, fields: .ifNoneMatch("W/\(tag)")).status == 304)
            #expect(await shop.send(.get, path, fields: .ifNoneMatch("\"other\", \(tag)")).status == 304)
            #expect(await shop.send(.get, path, fields: .ifNoneMatch("*")).status == 304)
            #expect(await shop.send(.get, path, fields: .ifNoneMatch("\"other\"")).status == 200)
            #expect(await shop.send(.get, path, fields: .ifNoneMatch("garbage")).status == 200)
            _ = await shop.reserve(Shop.orderID(), [(id, 1)])
            let after = await shop.send(.get, path, fields: .ifNoneMatch(tag))
            #expect(after.status == 200 && after.tag != tag)
        }
    }

    @Test(
        "A change based on an old version is refused and changes nothing", arguments: [HTTPMethod.put, .patch, .delete])
    func stale(_ method: HTTPMethod) async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug")
            let path = "/api/v1/products/\(id)"
            let old = await shop.send(.get, path).tag
            _ = await shop.send(.patch, path, as: .admin, #"{"price": 2}"#)
            let body = method == .delete ? nil : #"{"name": "Cup", "price": 3, "category": "audio"}"#
            for tag in [old, "\"1\"", "W/\(await shop.send(.get, path).tag)", "nonsense"] {
                let answer = await shop.send(method, path, as: .admin, body, fields: .ifMatch(tag))
                #expect(answer.status == 412, "\(tag)")
            }
            #expect(await shop.send(.get, path)["name"]?.string == "Mug")
        }
    }

    @Test("A change based on the current version passes and answers the next one")
    func current() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug")
            let path = "/api/v1/products/\(id)"
            let tag = await shop.send(.get, path).tag
            let first = await shop.send(.patch, path, as: .admin, #"{"price": 2}"#, fields: .ifMatch("\"x\", \(tag)"))
            #expect(first.status == 200)
            let second = await shop.send(.patch, path, as: .admin, #"{"price": 3}"#, fields: .ifMatch(first.tag))
            #expect(second.status == 200 && second.tag != first.tag)
            #expect(await shop.send(.get, path).tag == second.tag)
            #expect(await shop.send(.delete, path, as: .admin, fields: .ifMatch("*")).status == 204)
        }
    }

    @Test("Two databases never give the same version of a list")
    func epochs() async throws {
        var tags: Set<String> = []
        for _ in 0..<3 {
            try await Shop.run { shop in tags.insert(await shop.send(.get, "/api/v1/products").tag) }
        }
        #expect(tags.count == 3)
    }

    @Test("The category tree has a version that stock does not change")
    func categories() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug")
            let tag = await shop.send(.get, "/api/v1/categories").tag
            _ = await shop.reserve(Shop.orderID(), [(id, 1)])
            #expect(await shop.send(.get, "/api/v1/categories", fields: .ifNoneMatch(tag)).status == 304)
            try await shop.add(["Books"])
            #expect(await shop.send(.get, "/api/v1/categories", fields: .ifNoneMatch(tag)).status == 200)
        }
    }

    @Test("Another process's change on the same file is seen at once")
    func otherProcess() async throws {
        try await Shop.run { shop in
            try await shop.addProduct("Mug")
            let tag = await shop.send(.get, "/api/v1/products").tag
            let other = try Shop.openSecond(shop)
            try await other.write(ProductOperations.deleteProduct) { connection in
                try connection.run("UPDATE products SET deleted_at = 1")
            }
            await other.close()
            let answer = await shop.send(.get, "/api/v1/products", fields: .ifNoneMatch(tag))
            #expect(answer.status == 200)
            #expect(answer["total"]?.int == 0)
        }
    }
}
