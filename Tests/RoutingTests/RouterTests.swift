import HTTPCore
import Routing
import Testing

@Suite("The router")
struct RouterTests {
    static let router: Router = {
        var table = RouteTable()
        let routes: [(HTTPMethod, String)] = [
            (.get, "/"), (.get, "/products"), (.post, "/products"), (.get, "/products/search"),
            (.get, "/products/{id}"), (.put, "/products/{id}"), (.post, "/products/{id}/stock"),
            (.get, "/products/{id}/stock/history"), (.get, "/users/me"), (.get, "/users/{id}"),
            (.get, "/users/{id}/orders/{order}/lines/{line}"), (.get, "/users/me/orders"),
            (.options, "/products"), (.other("PURGE"), "/cache"), (.delete, "/cache"),
            // A literal that only leads further, beside a parameter that ends there.
            (.get, "/files/{name}"), (.get, "/files/old/{name}"), (.get, "/files/{name}/{part}/x"),
        ]
        for (method, template) in routes { table.add(method, template) { _, _ in .noContent } }
        return Router(table)
    }()

    /// The template that matches and the path's parts that its parameters take; the methods allowed instead; or nil.
    private func match(_ method: HTTPMethod, _ path: String) -> String? {
        switch Self.router.match(method, path) {
        case .found(let route, let parameters):
            let bytes = Array(path.utf8)
            let values = (0..<parameters.count).map { String(decoding: bytes[parameters[$0]], as: UTF8.self) }
            #expect(parameters.count == route.parameterNames.count)
            return ([route.template] + values).joined(separator: " ")
        case .methodNotAllowed(let allowed): return "allow \(allowed)"
        case .notFound: return nil
        }
    }

    @Test(
        "A path finds its template, a literal before a parameter",
        arguments: [
            (HTTPMethod.get, "/", "/"), (.get, "/products", "/products"), (.post, "/products", "/products"),
            (.get, "/products/search", "/products/search"), (.get, "/products/7", "/products/{id} 7"),
            (.put, "/products/searc", "/products/{id} searc"), (.put, "/products/searchx", "/products/{id} searchx"),
            (.post, "/products/7/stock", "/products/{id}/stock 7"),
            (.get, "/products/search/stock/history", "/products/{id}/stock/history search"),
            (.get, "/users/me", "/users/me"), (.get, "/users/you", "/users/{id} you"),
            (.get, "/users/a/orders/b/lines/c", "/users/{id}/orders/{order}/lines/{line} a b c"),
            (.get, "/users/me/orders/b/lines/c", "/users/{id}/orders/{order}/lines/{line} me b c"),
            (.get, "/users/me/orders", "/users/me/orders"),
            (.get, "/files/old", "/files/{name} old"), (.get, "/files/old/x", "/files/old/{name} x"),
            (.get, "/files/old/x/x", "/files/{name}/{part}/x old x"),
            (.other("PURGE"), "/cache", "/cache"),
        ])
    func finds(method: HTTPMethod, path: String, expected: String) {
        #expect(self.match(method, path) == expected)
    }

    @Test("HEAD finds what GET does, and nothing else")
    func findsHead() {
        #expect(self.match(.head, "/products/7") == "/products/{id} 7")
        #expect(self.match(.head, "/cache") == "allow PURGE, DELETE")
    }

    @Test(
        "A known path with another method tells the methods that would do",
        arguments: [
            (HTTPMethod.delete, "/products", "GET, POST, OPTIONS, HEAD"), (.post, "/products/search", "GET, HEAD"),
            (.patch, "/products/7", "GET, PUT, HEAD"), (.get, "/cache", "PURGE, DELETE"),
            (.other("get"), "/products/search", "GET, HEAD"), (.get, "/products/7/stock", "POST"),
        ])
    func tellsMethods(method: HTTPMethod, path: String, allowed: String) {
        #expect(self.match(method, path) == "allow \(allowed)")
    }

    @Test(
        "A path that only looks like one matches nothing",
        arguments: [
            "", "*", "products", "/products/", "//products", "/products//stock", "/products/7/", "/products/7/stock/",
            "/Products", "/products/7/stock/history/", "/products/7/8", "//", "/products/7//stock",
            "/users//orders/b/lines/c",
            "/users/a/orders/b/lines", "/users/a/orders/b/lines/", "/%70roducts", "/products%2F7", "/./products",
            "/x/../products", "/files/old/x/y", "/files//old",
        ])
    func findsNothing(path: String) {
        #expect(self.match(.get, path) == nil)
    }

    @Test("What is encoded stays within its segment")
    func keepsEncodedSlashes() {
        #expect(self.match(.get, "/products/a%2Fstock") == "/products/{id} a%2Fstock")
        #expect(self.match(.get, "/products/..%2F..") == "/products/{id} ..%2F..")
        #expect(self.match(.get, "/products/..") == "/products/{id} ..")
    }

    @Test("Very long and very deep paths are matched in no time")
    func survivesLongPaths() {
        #expect(self.match(.get, "/products/" + String(repeating: "a", count: 8_000)) != nil)
        #expect(self.match(.get, String(repeating: "/users/me", count: 1_000)) == nil)
        #expect(self.match(.get, String(repeating: "/", count: 8_000)) == nil)
    }

    @Test("Every route of a table is found by its own template")
    func findsAll() {
        for route in Self.router.routes {
            guard case .found(let found, _) = Self.router.match(route.method, route.template) else {
                Issue.record("\(route.spanName) is not found")
                continue
            }
            #expect(found === route)
            #expect(Self.router.routes[found.index] === found)
        }
        #expect(Self.router.routes[4].spanName == "GET /products/{id}")
    }

    @Test("Routes that could not be told apart, and malformed templates, end the program at its start")
    func refusesAmbiguity() async {
        await #expect(processExitsWith: .failure) {
            var table = RouteTable()
            table.get("/a/{id}") { _, _ in .noContent }
            table.get("/a/{id}") { _, _ in .noContent }
        }
        await #expect(processExitsWith: .failure) {
            var table = RouteTable()
            table.get("/a/{id}") { _, _ in .noContent }
            table.get("/a/{name}") { _, _ in .noContent }
            _ = Router(table)
        }
        await #expect(processExitsWith: .failure) {
            var table = RouteTable()
            table.get("/a/{id}.json") { _, _ in .noContent }
        }
        await #expect(processExitsWith: .failure) {
            var table = RouteTable()
            table.get("/{a}/{b}/{c}/{d}/{e}") { _, _ in .noContent }
        }
        await #expect(processExitsWith: .failure) {
            var table = RouteTable()
            table.get("a") { _, _ in .noContent }
        }
    }
}
