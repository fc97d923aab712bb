import Persistence
import Resilience
import ServiceKit
public import Telemetry

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

    /// Those that make spans: sums for gauges, and looking for what is overdue, are worth no trace.
    static let traced = [
        listProducts, searchProducts, insertProduct, updateProduct, deleteProduct, listCategories, insertCategory,
        updateCategory, deleteCategory, listMovements, insertMovement, insertReservation,
        updateReservation,
    ]
}

extension ProductService {
    public static var catalogue: TelemetryCatalogue {
        .platform + .database(ProductOperations.traced)
            + TelemetryCatalogue(
                attributes: [
                    Attribute.categorySlug, Attribute.categoryID, Attribute.orderLines, Attribute.stockDelta,
                    Attribute.stockQuantity, Attribute.searchTerms, Attribute.searchResults,
                    Attribute.expiredReservations, Attribute.workName,
                ],
                labels: [
                    .state,
                    LabelDescriptor("invariant", "The rule of the shop."),
                ],
                spans: Self.spans, logEvents: Self.logEvents)
    }

    private static var spans: [SpanDescriptor] {
        [
            TelemetryCatalogue.request(
                "GET /api/v1/products/search", adds: [Attribute.searchTerms, Attribute.searchResults]),
            SpanDescriptor("expire reservations", "Reservations whose time is over are undone."),
        ]
    }

    private static var logEvents: [LogEventDescriptor] {
        [
            LogEventDescriptor(
                "product created", .info, "An admin put a product into the catalogue.",
                [Attribute.productID, Attribute.categorySlug]),
            LogEventDescriptor("product changed", .info, "An admin changed a product.", [Attribute.productID]),
            LogEventDescriptor(
                "product removed", .info, "An admin took a product out of the catalogue.", [Attribute.productID]),
            LogEventDescriptor("category created", .info, "An admin added a category.", [Attribute.categoryID]),
            LogEventDescriptor("category changed", .info, "An admin changed a category.", [Attribute.categoryID]),
            LogEventDescriptor("category removed", .info, "An admin removed a category.", [Attribute.categoryID]),
            LogEventDescriptor(
                "stock moved", .info, "An admin booked units in or out.",
                [Attribute.productID, Attribute.stockDelta, Attribute.stockQuantity]),
            LogEventDescriptor(
                "stock reserved", .info, "Units are held for an order.", [Attribute.orderID, Attribute.orderLines]),
            LogEventDescriptor(
                "out of stock", .info, "An order wanted more units than there are.",
                [Attribute.orderID, Attribute.orderLines]),
            LogEventDescriptor(
                "reservation confirmed", .info, "Units that were held are sold.", [Attribute.orderID]),
            LogEventDescriptor(
                "reservation released", .info, "Units that were held or sold are on hand again.",
                [Attribute.orderID]),
            LogEventDescriptor(
                "reservations expired", .info, "Units were held for too long and are on hand again.",
                [Attribute.expiredReservations]),
            LogEventDescriptor(
                "stock does not add up", .error, "Units and their movements contradict one another.",
                [Attribute.invariantViolations]),
            LogEventDescriptor(
                "background work failed", .warning, "It comes again after its interval.",
                [Attribute.workName, Attribute.errorMessage]),
        ]
    }
}
