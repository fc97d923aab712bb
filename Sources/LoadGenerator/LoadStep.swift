/// One request of a journey, measured by itself.
public enum LoadStep: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case listProducts
    case listCategories
    case listCategory
    case getProduct
    case search
    case register
    case logIn
    case addToCart
    case viewCart
    case removeFromCart
    case placeOrder
    case listOrders
    case getOrder
    /// Done by the shop's admin, where the plan names one.
    case restock

    /// The name in reports and labels.
    public var name: String {
        switch self {
        case .listProducts: "list_products"
        case .listCategories: "list_categories"
        case .listCategory: "list_category"
        case .getProduct: "get_product"
        case .search: "search"
        case .register: "register"
        case .logIn: "log_in"
        case .addToCart: "add_to_cart"
        case .viewCart: "view_cart"
        case .removeFromCart: "remove_from_cart"
        case .placeOrder: "place_order"
        case .listOrders: "list_orders"
        case .getOrder: "get_order"
        case .restock: "restock"
        }
    }

    public var description: String { self.name }
}
