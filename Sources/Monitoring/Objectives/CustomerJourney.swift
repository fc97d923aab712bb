import Gateway
package import HTTPCore

/// What a customer comes to the shop for, and which requests to the gateway it consists of.
package enum CustomerJourney: String, Sendable, Hashable, CaseIterable {
    /// Looks at the shelves and at products.
    case browse
    case search
    /// Looks at the cart, fills and empties it.
    case cart
    /// Places an order.
    case checkout
    /// Gets in, for the first time or again, and stays in.
    case logIn = "log-in"

    package struct Request: Sendable, Hashable {
        package let method: HTTPMethod
        package let template: String
        /// False for what is so much quicker than the rest that it would hide how slow the rest is.
        package let isTimed: Bool

        init(_ method: HTTPMethod, _ template: String, isTimed: Bool = true) {
            self.method = method
            self.template = template
            self.isTimed = isTimed
        }
    }

    package var requests: [Request] {
        switch self {
        case .browse:
            [
                Request(.get, "/api/v1/products"), Request(.get, "/api/v1/products/{id}"),
                Request(.get, "/api/v1/categories"),
            ]
        case .search: [Request(.get, "/api/v1/products/search")]
        case .cart:
            [
                Request(.get, "/api/v1/cart"), Request(.delete, "/api/v1/cart"), Request(.post, "/api/v1/cart/items"),
                Request(.put, "/api/v1/cart/items"), Request(.put, "/api/v1/cart/items/{product_id}"),
                Request(.delete, "/api/v1/cart/items/{product_id}"),
            ]
        case .checkout: [Request(.post, "/api/v1/orders")]
        case .logIn:
            [
                Request(.post, "/api/v1/auth/login"), Request(.post, "/api/v1/auth/register"),
                // No password is hashed for it.
                Request(.post, "/api/v1/auth/refresh", isTimed: false),
            ]
        }
    }
}

extension [CustomerJourney.Request] {
    /// The series of these requests and of no others.
    ///
    /// Methods and routes are matched apart. What both admit together must be in the list, or in no row of the
    /// gateway's table; and what is in the list must be in the table.
    var conditions: [LabelCondition] {
        let methods = Set(self.map(\.method.name))
        let templates = Set(self.map(\.template))
        let listed = Set(self.map { "\($0.method.name) \($0.template)" })
        let served = PublicRoute.table.filter { methods.contains($0.method.name) && templates.contains($0.template) }
        let admitted = Set(served.map { "\($0.method.name) \($0.template)" })
        precondition(admitted == listed, "not the gateway's routes: \(admitted.symmetricDifference(listed).sorted())")
        return [Self.condition(.requestMethod, methods), Self.condition(.route, templates)]
    }

    private static func condition(_ key: LabelKey, _ values: Set<String>) -> LabelCondition {
        if values.count == 1, let value = values.first { return .is(key, value) }
        return .matches(key, values.map(self.escaped).sorted().joined(separator: "|"))
    }

    /// As RE2 reads it; of what stands in templates, only braces mean something else.
    private static func escaped(_ template: String) -> String {
        template.map { "{}.".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
