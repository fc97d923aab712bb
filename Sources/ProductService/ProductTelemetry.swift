package import Telemetry

/// Every metric the product service emits.
package enum ProductMetrics {
    package enum SearchOutcome: String, MetricLabel {
        case hit
        case empty
        package static var labelName: String { "outcome" }
    }

    package enum StockState: String, MetricLabel {
        case onHand = "on_hand"
        case reserved
        case sold
        package static var labelName: String { "state" }
    }

    package enum Invariant: String, MetricLabel {
        case stock
        package static var labelName: String { "invariant" }
    }

    package enum ReservationOutcome: String, MetricLabel {
        case held
        case outOfStock = "out_of_stock"
        case confirmed
        case released
        case expired
        package static var labelName: String { "outcome" }
    }

    package static let searches = CounterDescriptor<SearchOutcome>(
        "shop.product.searches", unit: .count("search"), help: "Full-text searches, by whether they found anything.")
    package static let reservations = CounterDescriptor<ReservationOutcome>(
        "shop.stock.reservations", unit: .count("reservation"), help: "Steps of stock reservations, by outcome.")
    package static let stockUnits = GaugeDescriptor<StockState>(
        "shop.stock.units", unit: .count("unit"), help: "Units of all products, by where they are.")
    package static let lowStockProducts = GaugeDescriptor<NoLabels>(
        "shop.low_stock.products", unit: .count("product"),
        help: "Products in the catalogue with no more units on hand than the threshold.")
    package static let violations = GaugeDescriptor<Invariant>(
        "shop.invariant.violations", unit: .count("violation"),
        help: "Things that contradict a rule of the shop right now; anything but 0 wants a person.")
}

extension Attribute {
    static var categorySlug: AttributeKey<String> {
        .init("shop.category.slug", .ours, "The category, as addresses name it.")
    }
    static var categoryID: AttributeKey<String> { .init("shop.category.id", .ours, "The category.") }
    static var orderLines: AttributeKey<Int> {
        .init("shop.order.lines", .ours, "Different products of an order for which stock is held.")
    }
    static var stockDelta: AttributeKey<Int> {
        .init("shop.stock.delta", .ours, "Units that came (positive) or went (negative).")
    }
    static var stockQuantity: AttributeKey<Int> {
        .init("shop.stock.quantity", .ours, "Units on hand after a change.")
    }
    static var searchTerms: AttributeKey<Int> {
        .init("shop.search.terms", .ours, "How many words were searched for.")
    }
    static var searchResults: AttributeKey<Int> {
        .init("shop.search.results", .ours, "How many products match, on all pages.")
    }
    static var expiredReservations: AttributeKey<Int> {
        .init("shop.reservations.expired", .ours, "How many reservations ended because their time was over.")
    }
    static var workName: AttributeKey<String> { .init("shop.work.name", .ours, "The background work.") }
}
