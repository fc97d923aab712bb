import Persistence
import ServiceKit
public import Telemetry

/// What the service does to its database, as spans and metrics name it.
enum CartOperations {
    static let selectCarts = DatabaseOperation("SELECT", "carts")
    static let updateCarts = DatabaseOperation("UPDATE", "carts")
    static let deleteCarts = DatabaseOperation("DELETE", "carts")

    static let all = [selectCarts, updateCarts, deleteCarts]
}

extension CartService {
    public static var catalogue: TelemetryCatalogue {
        .platform + .database(CartOperations.all)
            + TelemetryCatalogue(
                attributes: [Attribute.quantity, Attribute.linesKept],
                logEvents: [
                    LogEventDescriptor(
                        "cart item added", .info, "Units of a product were put into a cart.",
                        [Attribute.productID, Attribute.quantity]),
                    LogEventDescriptor(
                        "cart cleared after an order", .info, "What was ordered is out of the cart.",
                        [Attribute.linesKept]),
                    LogEventDescriptor(
                        "products cannot be looked up", .warning, "A cart showed without names and prices.",
                        [Attribute.errorMessage]),
                    LogEventDescriptor(
                        "old carts cannot be removed", .warning, "They stay until the next try.",
                        [Attribute.errorMessage]),
                ])
    }
}
