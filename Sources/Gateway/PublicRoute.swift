package import HTTPCore
import Resilience
import Routing
import ServiceKit

/// One row of the public API: who answers it, who may call, and within which bounds.
package struct PublicRoute: Sendable {
    package let method: HTTPMethod
    package let template: String
    let service: ServiceName
    let access: Access
    let timeout: Duration
    let bodyBytesMax: Int
    /// Whether a call without any body is refused with 411.
    let needsBody: Bool
    /// Whether the last good answer stands in while the service cannot be asked.
    let keepsAnswers: Bool
    /// Who is refused first under load.
    let priority: LoadPriority

    init(
        _ method: HTTPMethod, _ template: String, _ service: ServiceName, _ access: Access = .anyone,
        timeout: Duration = .seconds(5), bodyBytesMax: Int = 64 << 10, needsBody: Bool? = nil,
        keepsAnswers: Bool = false, priority: LoadPriority = .normal
    ) {
        self.method = method
        self.template = template
        self.service = service
        self.access = access
        self.timeout = timeout
        self.bodyBytesMax = bodyBytesMax
        self.needsBody = needsBody ?? (method == .post || method == .put || method == .patch)
        self.keepsAnswers = keepsAnswers
        self.priority = priority
    }
}

extension PublicRoute {
    /// The public API: the one table that says what is reachable from outside. `docs/openapi.yaml` describes the same,
    /// and a test holds the two together.
    package static let table: [PublicRoute] = authentication + users + products + carts + orders

    private static let authentication: [PublicRoute] = [
        // Two bcrypt computations may queue ahead of this one, so these may take longer than the rest.
        PublicRoute(.post, "/api/v1/auth/register", .user, timeout: .seconds(10)),
        PublicRoute(.post, "/api/v1/auth/login", .user, timeout: .seconds(10)),
        PublicRoute(.post, "/api/v1/auth/refresh", .user),
        PublicRoute(.post, "/api/v1/auth/logout", .user, .authenticated, needsBody: false),
        PublicRoute(.get, "/api/v1/auth/jwks", .user),
        PublicRoute(.get, "/.well-known/jwks.json", .user),
    ]

    private static let users: [PublicRoute] = [
        PublicRoute(.get, "/api/v1/users/me", .user, .authenticated),
        PublicRoute(.put, "/api/v1/users/me", .user, .authenticated),
        PublicRoute(.get, "/api/v1/users", .user, .admin),
        PublicRoute(.get, "/api/v1/users/{id}", .user, .authenticated),
        PublicRoute(.put, "/api/v1/users/{id}", .user, .authenticated),
        PublicRoute(.put, "/api/v1/users/{id}/role", .user, .admin),
    ]

    private static let products: [PublicRoute] = [
        PublicRoute(.get, "/api/v1/products", .product, keepsAnswers: true, priority: .sheddable),
        PublicRoute(.get, "/api/v1/products/search", .product, keepsAnswers: true, priority: .sheddable),
        PublicRoute(.get, "/api/v1/products/{id}", .product, keepsAnswers: true, priority: .sheddable),
        PublicRoute(.post, "/api/v1/products", .product, .admin),
        PublicRoute(.put, "/api/v1/products/{id}", .product, .admin),
        PublicRoute(.patch, "/api/v1/products/{id}", .product, .admin),
        PublicRoute(.delete, "/api/v1/products/{id}", .product, .admin),
        PublicRoute(.post, "/api/v1/products/{id}/stock", .product, .admin),
        PublicRoute(.get, "/api/v1/products/{id}/stock/history", .product, .admin),
        PublicRoute(.get, "/api/v1/categories", .product, keepsAnswers: true, priority: .sheddable),
        PublicRoute(.post, "/api/v1/categories", .product, .admin),
        PublicRoute(.put, "/api/v1/categories/{id}", .product, .admin),
        PublicRoute(.delete, "/api/v1/categories/{id}", .product, .admin),
    ]

    private static let carts: [PublicRoute] = [
        PublicRoute(.get, "/api/v1/cart", .cart, .authenticated),
        PublicRoute(.delete, "/api/v1/cart", .cart, .authenticated),
        PublicRoute(.post, "/api/v1/cart/items", .cart, .authenticated),
        PublicRoute(.put, "/api/v1/cart/items", .cart, .authenticated),
        PublicRoute(.put, "/api/v1/cart/items/{product_id}", .cart, .authenticated),
        PublicRoute(.delete, "/api/v1/cart/items/{product_id}", .cart, .authenticated),
    ]

    private static let orders: [PublicRoute] = [
        PublicRoute(.post, "/api/v1/orders", .order, .authenticated, timeout: .seconds(10), priority: .critical),
        PublicRoute(.get, "/api/v1/orders", .order, .authenticated),
        PublicRoute(.get, "/api/v1/orders/{id}", .order, .authenticated),
        PublicRoute(.post, "/api/v1/orders/{id}/cancel", .order, .authenticated, needsBody: false),
        PublicRoute(.put, "/api/v1/orders/{id}/status", .order, .admin),
        PublicRoute(.get, "/api/v1/orders/{id}/events", .order, .authenticated),
    ]
}
