import Persistence
import Telemetry

/// Every metric the product service emits.
enum ProductMetrics {
    enum SearchOutcome: String, MetricLabel {
        case hit
        case empty
        static var labelName: String { "outcome" }
    }

    enum StockState: String, MetricLabel {
        case onHand = "on_hand"
        case reserved
        case sold
        static var labelName: String { "state" }
    }

    enum Invariant: String, MetricLabel {
        case stock
        static var labelName: String { "invariant" }
    }

    enum ReservationOutcome: String, MetricLabel {
        case held
        case outOfStock = "out_of_stock"
        case confirmed
        case released
        case expired
        static var labelName: String { "outcome" }
    }

    static let searches = CounterDescriptor<SearchOutcome>(
        "shop.product.searches", unit: .count("search"), help: "Full-text searches, by whether they found anything.")
    static let reservations = CounterDescriptor<ReservationOutcome>(
        "shop.stock.reservations", unit: .count("reservation"), help: "Steps of stock reservations, by outcome.")
    static let stockUnits = GaugeDescriptor<StockState>(
        "shop.stock.units", unit: .count("unit"), help: "Units of all products, by where they are.")
    static let lowStockProducts = GaugeDescriptor<NoLabels>(
        "shop.low_stock.products", unit: .count("product"),
        help: "Products in the catalogue with no more units on hand than the threshold.")
    static let violations = GaugeDescriptor<Invariant>(
        "shop.invariant.violations", unit: .count("violation"),
        help: "Things that contradict a rule of the shop right now; anything but 0 wants a person.")
}

/// What the service does to its database, as spans and metrics name it.
enum ProductOperations {
    static let listProducts = DatabaseOperation("SELECT", "products")
    static let searchProducts = DatabaseOperation("SELECT", "product_search")
    static let insertProduct = DatabaseOperation("INSERT", "products")
    static let updateProduct = DatabaseOperation("UPDATE", "products")
    static let deleteProduct = DatabaseOperation("DELETE", "products")
    static let listCategories = DatabaseOperation("SELECT", "categories")
    static let insertCategory = DatabaseOperation("INSERT", "categories")
    static let updateCategory = DatabaseOperation("UPDATE", "categories")
    static let deleteCategory = DatabaseOperation("DELETE", "categories")
    static let listMovements = DatabaseOperation("SELECT", "stock_movements")
    static let insertMovement = DatabaseOperation("INSERT", "stock_movements")
    static let selectReservations = DatabaseOperation("SELECT", "reservations")
    static let insertReservation = DatabaseOperation("INSERT", "reservations")
    static let updateReservation = DatabaseOperation("UPDATE", "reservations")
    static let sumStock = DatabaseOperation("SELECT", "stock")
}

extension Attribute {
    /// `shop.product.id`
    static func productID(_ id: String) -> Attribute { Attribute("shop.product.id", id) }
    /// `shop.category.slug`
    static func categorySlug(_ slug: String) -> Attribute { Attribute("shop.category.slug", slug) }
    /// `shop.order.id`
    static func orderID(_ id: String) -> Attribute { Attribute("shop.order.id", id) }
    /// `shop.order.lines`
    static func orderLines(_ count: Int) -> Attribute { Attribute("shop.order.lines", count) }
    /// `shop.stock.delta`: units that came (positive) or went (negative).
    static func stockDelta(_ delta: Int) -> Attribute { Attribute("shop.stock.delta", delta) }
    /// `shop.stock.quantity`: units on hand after a change.
    static func stockQuantity(_ quantity: Int) -> Attribute { Attribute("shop.stock.quantity", quantity) }
    /// `shop.search.terms`: how many words were searched for; the words themselves are nobody's business.
    static func searchTerms(_ count: Int) -> Attribute { Attribute("shop.search.terms", count) }
    /// `shop.search.results`: how many products match, on all pages.
    static func searchResults(_ count: Int) -> Attribute { Attribute("shop.search.results", count) }
    /// `shop.reservations.expired`
    static func expiredReservations(_ count: Int) -> Attribute { Attribute("shop.reservations.expired", count) }
}
