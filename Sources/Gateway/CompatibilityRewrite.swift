import HTTPCore
import Routing

/// Turns the paths of similar shops' clients into ours. Plain rewrites in one place: nothing behind the gateway knows
/// of them.
enum CompatibilityRewrite {
    /// - Returns: the request's method, path and query as this platform knows them; nil when nothing changes.
    static func apply(
        _ method: HTTPMethod, path: String, query: String?
    ) -> (method: HTTPMethod, path: String, query: String?)? {
        guard path.hasPrefix("/api/") else { return nil }
        let isVersioned = path.hasPrefix("/api/v1/")
        if isVersioned && !self.mayNeedRewrite(path) { return nil }
        let rest = path.dropFirst(isVersioned ? 8 : 5)
        let segments = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let rewritten = self.rewrite(method, segments, query) { return rewritten }
        return isVersioned ? nil : (method, "/api/v1/\(rest)", query)
    }

    /// Only these resources have older spellings; the others pass without being taken apart.
    private static func mayNeedRewrite(_ path: String) -> Bool {
        let rest = path.utf8.dropFirst(8)
        return rest.starts(with: "cart/".utf8) || rest.starts(with: "users/".utf8) || rest.starts(with: "orders/".utf8)
    }

    private static func rewrite(
        _ method: HTTPMethod, _ segments: [String], _ query: String?
    ) -> (method: HTTPMethod, path: String, query: String?)? {
        switch (segments.count, segments[0]) {
        case (2, "users") where segments[1] == "register" || segments[1] == "login":
            return (method, "/api/v1/auth/\(segments[1])", query)
        case (3, "orders") where segments[1] == "user":
            return (method, "/api/v1/orders", self.adding(userID: segments[2], to: query))
        case (2, "cart") where segments[1] == "add":
            return (method, "/api/v1/cart/items", query)
        case (2, "cart") where segments[1] == "update":
            return (.put, "/api/v1/cart/items", query)
        case (3, "cart") where segments[1] == "remove":
            return (.delete, "/api/v1/cart/items/\(segments[2])", query)
        case (2, "cart") where canonicalUUID(segments[1]) != nil:
            return (method, "/api/v1/cart", self.adding(userID: segments[1], to: query))
        case (3, "cart") where canonicalUUID(segments[1]) != nil && segments[2] == "items":
            return (method, "/api/v1/cart/items", self.adding(userID: segments[1], to: query))
        case (4, "cart") where canonicalUUID(segments[1]) != nil && segments[2] == "items":
            return (method, "/api/v1/cart/items/\(segments[3])", self.adding(userID: segments[1], to: query))
        default:
            return nil
        }
    }

    /// The path's user comes first, so that a `user_id` in the query cannot take its place.
    private static func adding(userID: String, to query: String?) -> String {
        let parameter = "user_id=\(userID)"
        guard let query, !query.isEmpty else { return parameter }
        return "\(parameter)&\(query)"
    }
}
