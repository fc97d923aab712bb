public import Telemetry

/// One request of a journey, measured by itself. The raw value is the name in reports and labels.
public enum LoadStep: String, MetricLabel, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case listProducts = "list_products"
    case listCategories = "list_categories"
    case listCategory = "list_category"
    case getProduct = "get_product"
    case search
    case register
    case logIn = "log_in"
    case addToCart = "add_to_cart"
    case viewCart = "view_cart"
    case removeFromCart = "remove_from_cart"
    case placeOrder = "place_order"
    case listOrders = "list_orders"
    case getOrder = "get_order"
    /// Done by the shop's admin, where the plan names one.
    case restock

    public static var labelName: String { "step" }
    public var name: String { self.rawValue }
    public var description: String { self.name }
}
