import Telemetry

/// Every metric of the cart service.
enum CartMetrics {
    static let itemsAdded = CounterDescriptor<NoLabels>(
        "shop.cart.items_added", unit: .count("item"), help: "Units of products put into carts.")
    static let degraded = CounterDescriptor<NoLabels>(
        "shop.cart.degraded", unit: .count("look-up"),
        help: "Look-ups of products that failed, so that a cart showed without names and prices.")
    static let expired = CounterDescriptor<NoLabels>(
        "shop.carts.expired", unit: .count("cart"), help: "Carts forgotten because nobody touched them for long.")
}

/// The instruments, registered once at start so that every series exists at zero.
struct CartInstruments: Sendable {
    let itemsAdded: CounterSeries
    let degraded: CounterSeries
    let expired: CounterSeries

    init(_ metrics: MetricRegistry) {
        self.itemsAdded = metrics.counter(CartMetrics.itemsAdded).series(NoLabels())
        self.degraded = metrics.counter(CartMetrics.degraded).series(NoLabels())
        self.expired = metrics.counter(CartMetrics.expired).series(NoLabels())
    }
}

extension Attribute {
    /// `shop.product.id`
    static func productID(_ id: String) -> Attribute { Attribute("shop.product.id", id) }
    /// `shop.cart.quantity`
    static func quantity(_ quantity: Int) -> Attribute { Attribute("shop.cart.quantity", quantity) }
    /// `shop.cart.lines_kept`: whether lines put in since the order began stay in the cart.
    static func linesKept(_ areKept: Bool) -> Attribute { Attribute("shop.cart.lines_kept", areKept) }
    /// `error.message`: infrastructure errors, which name no user.
    static func cause(_ error: any Error) -> Attribute { Attribute("error.message", "\(error)") }
}
