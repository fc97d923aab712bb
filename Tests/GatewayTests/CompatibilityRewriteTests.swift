import HTTPCore
import Testing

@testable import Gateway

@Suite("Paths of similar shops")
struct CompatibilityRewriteTests {
    static let user = "0190c0de-0000-7000-8000-0000000000aa"

    /// `METHOD path?query` after the rewrite; nil when nothing changes.
    private func rewrite(_ method: HTTPMethod, _ target: String) -> String? {
        let request = HTTPRequest(method, target)
        guard let new = CompatibilityRewrite.apply(method, path: request.path, query: request.query) else { return nil }
        return "\(new.method.name) \(new.path)" + (new.query.map { "?\($0)" } ?? "")
    }

    @Test(
        "Older spellings become ours, versioned or not",
        arguments: [
            (HTTPMethod.post, "users/register", "POST /api/v1/auth/register"),
            (.post, "users/login", "POST /api/v1/auth/login"),
            (.post, "cart/add", "POST /api/v1/cart/items"),
            (.put, "cart/update", "PUT /api/v1/cart/items"),
            (.post, "cart/update", "PUT /api/v1/cart/items"),
            (.delete, "cart/remove/7", "DELETE /api/v1/cart/items/7"),
            (.get, "orders/user/\(user)", "GET /api/v1/orders?user_id=\(user)"),
            (.get, "orders/user/\(user)?page=2", "GET /api/v1/orders?user_id=\(user)&page=2"),
            (.get, "cart/\(user)", "GET /api/v1/cart?user_id=\(user)"),
            (.delete, "cart/\(user)", "DELETE /api/v1/cart?user_id=\(user)"),
            (.post, "cart/\(user)/items", "POST /api/v1/cart/items?user_id=\(user)"),
            (.delete, "cart/\(user)/items/7", "DELETE /api/v1/cart/items/7?user_id=\(user)"),
        ])
    func rewrites(method: HTTPMethod, path: String, expected: String) {
        #expect(self.rewrite(method, "/api/\(path)") == expected)
        #expect(self.rewrite(method, "/api/v1/\(path)") == expected)
    }

    @Test(
        "A path without its version gets it and keeps its query",
        arguments: [
            ("/api/products", "/api/v1/products"), ("/api/products?page=2", "/api/v1/products?page=2"),
            ("/api/products/search?q=a%20b", "/api/v1/products/search?q=a%20b"), ("/api/cart", "/api/v1/cart"),
            ("/api/orders/7/cancel", "/api/v1/orders/7/cancel"), ("/api/", "/api/v1/"), ("/api/v2/x", "/api/v1/v2/x"),
            ("/api//products", "/api/v1//products"), ("/api/v1", "/api/v1/v1"),
        ])
    func addsVersions(target: String, expected: String) {
        #expect(self.rewrite(.get, target) == "GET \(expected)")
    }

    @Test(
        "Everything else passes as it is",
        arguments: [
            "/", "/health", "/openapi.json", "/apiary/x", "/api", "/api/v1/", "/api/v1/products/7", "/api/v1/cart",
            "/api/v1/cart/items", "/api/v1/cart/items/7", "/api/v1/cart/not-a-uuid", "/api/v1/orders/7",
            "/api/v1/users/me",
            "/api/v1/users/register/x", "/api/v1/orders/user", "/api/v1/orders/user/7/x", "/api/v1/cart/remove",
            "/api/v1/cart/\(user)/others", "/internal/v1/carts/x",
        ])
    func leavesAlone(target: String) {
        #expect(self.rewrite(.get, target) == nil)
    }

    @Test("The path's user comes before one in the query, which therefore cannot take its place")
    func putsThePathFirst() {
        #expect(
            self.rewrite(.get, "/api/cart/\(Self.user)?user_id=other")
                == "GET /api/v1/cart?user_id=\(Self.user)&user_id=other")
        #expect(self.rewrite(.get, "/api/cart/\(Self.user)?") == "GET /api/v1/cart?user_id=\(Self.user)")
    }
}
